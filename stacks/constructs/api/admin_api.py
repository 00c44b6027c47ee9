"""The Admin API's gateway: a REST API with one method for each operation, and none of them open.

No web application firewall: only callers whom IAM or the administrators' pool has let in get past
the gateway, which throttles all of them together. Who puts the API on a public domain adds one.
"""

from __future__ import annotations

import json

from aws_cdk import Acknowledgment as Ack
from aws_cdk import RemovalPolicy, Stack, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from cognito_standby.changes.api.models import BODIES
from cognito_standby.changes.api.operations import OPERATIONS, Operation
from stacks.config.api import AdminApi as ApiConfig
from stacks.constructs.api.gateway_logging import GatewayLogging, log_role
from stacks.constructs.api.gateway_responses import add_gateway_responses
from stacks.constructs.api.models import gateway_schema
from stacks.constructs.functions.task_function import Packages
from stacks.names import Names

STAGE = "v1"
LOGGED = {
    "requestId": apigateway.AccessLogField.context_request_id(),
    "requestTime": apigateway.AccessLogField.context_request_time(),
    "httpMethod": apigateway.AccessLogField.context_http_method(),
    "resourcePath": apigateway.AccessLogField.context_resource_path(),
    "status": apigateway.AccessLogField.context_status(),
    "responseLatency": apigateway.AccessLogField.context_response_latency(),
    "responseLength": apigateway.AccessLogField.context_response_length(),
    "responseType": apigateway.AccessLogField.context_error_response_type(),
}
"""The template of the path, never the path, which names a user; no address of the caller's, and no
identity, which can hold one. Who asked stands, as an id, in the change."""


LOG_ROLE_SET = "as set"
"""Output GatewayLogRole where the config says that the account has a role: nobody looked."""


class AdminApi(Construct):
    """The gateway in front of the function `admin_api`."""

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        config: ApiConfig,
        admin_pools: tuple[str, ...],
        function: lambda_.IFunction,
        packages: Packages,
    ) -> None:
        super().__init__(scope, "AdminApi")
        self._config, self._admin_pools = config, admin_pools
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=names.admin_api,
            description="Changes to users that pool and record hold together, or not at all",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=False,
            deploy_options=self._stage(names, packages),
        )
        self.api.node.try_remove_child("Endpoint")  # an output; ours is AdminApiUrl
        add_gateway_responses(self.api)
        self._models = {name: self._model(name) for name in BODIES}
        self._validator = self.api.add_request_validator(
            "Validator", validate_request_body=True, validate_request_parameters=True
        )
        self._proof = self._authorizer()
        integration = apigateway.LambdaIntegration(function, allow_test_invoke=False)
        for operation in OPERATIONS:
            self._add(operation, integration)
        creates = config.log_role == "create"
        self.log_role = self._let_the_gateway_log(names, packages) if creates else LOG_ROLE_SET
        """What the account's gateways log by."""
        self._explain()

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        stack = Stack.of(self)
        host = f"{self.api.rest_api_id}.execute-api.{stack.region}.{stack.url_suffix}"
        return f"https://{host}/{STAGE}"

    def _stage(self, names: Names, packages: Packages) -> apigateway.StageOptions:
        group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/apigateway/{names.admin_api}",
            retention=packages.log_days,
            encryption_key=packages.key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        return apigateway.StageOptions(
            stage_name=STAGE,
            throttling_rate_limit=self._config.requests_per_second,
            throttling_burst_limit=self._config.burst,
            tracing_enabled=True,
            metrics_enabled=True,
            # Execution logs show paths and bodies, and both name people.
            logging_level=apigateway.MethodLoggingLevel.OFF,
            data_trace_enabled=False,
            access_log_destination=apigateway.LogGroupLogDestination(group),
            access_log_format=apigateway.AccessLogFormat.custom(json.dumps(LOGGED)),
        )

    def _model(self, name: str) -> apigateway.CfnModel:
        schema = gateway_schema(name)
        if self.api.latest_deployment is not None:
            # A deployment is what the API was when it was made: another model needs another one.
            self.api.latest_deployment.add_to_logical_id(schema)
        return apigateway.CfnModel(
            self,
            f"Model{name}",
            rest_api_id=self.api.rest_api_id,
            name=name,
            content_type="application/json",
            schema=schema,
        )

    def _authorizer(self) -> apigateway.IAuthorizer | None:
        """None: IAM, which needs none."""
        if self._config.authorization == "iam":
            return None
        pools = [
            cognito.UserPool.from_user_pool_arn(self, f"Administrators{number}", arn)
            for number, arn in enumerate(self._admin_pools)
        ]
        return apigateway.CognitoUserPoolsAuthorizer(self, "Authorizer", cognito_user_pools=pools)

    def _add(self, operation: Operation, integration: apigateway.LambdaIntegration) -> None:
        resource = self.api.root.resource_for_path(operation.path)
        iam_alone = self._proof is None
        kinds = apigateway.AuthorizationType
        scope = f"{self._config.resource_server}/{operation.scope}"
        method = resource.add_method(
            operation.method,
            integration,
            request_validator=self._validator,
            request_models=self._models_of(operation) or None,
            authorization_type=kinds.IAM if iam_alone else kinds.COGNITO,
            authorizer=self._proof,
            authorization_scopes=None if iam_alone else [scope],
        )
        if iam_alone:
            reason = "IAM authorizes, unless the installation's config names user pools."
            Validations.of(method).acknowledge(Ack(id="AwsSolutions-COG4", reason=reason))

    def _models_of(self, operation: Operation) -> dict[str, apigateway.IModel]:
        if not operation.body:
            return {}
        name = self._models[operation.body].ref
        return {
            kind: apigateway.Model.from_model_name(self, f"{operation.id}-{number}", name)
            for number, kind in enumerate(operation.content_types)
        }

    def _let_the_gateway_log(self, names: Names, packages: Packages) -> str:
        """One role for all APIs of the account in the Region: the one that is there, else ours."""
        role = log_role(self)
        logging = GatewayLogging(Stack.of(self), names=names, packages=packages, role=role)
        self.api.deployment_stage.node.add_dependency(logging.resource)
        return logging.used

    def _explain(self) -> None:
        reasons = {
            "AwsSolutions-APIG3": "Only callers whom IAM or a user pool let in get past the "
            "gateway; a firewall belongs to a public domain.",
            "AwsSolutions-APIG6": "Execution logs show paths and bodies, which name people; the "
            "access log has what happened.",
        }
        for rule, reason in reasons.items():
            Validations.of(self.api.deployment_stage).acknowledge(Ack(id=rule, reason=reason))
