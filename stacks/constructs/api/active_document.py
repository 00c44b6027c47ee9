"""The document that says which pool is active, as apps read it: open to everybody, from a private
bucket, by a gateway of its own.

The gateway reads the file itself, without a function: a flood of readers takes none of the
account's Lambda concurrency, and there is one service less to be disturbed on the day. S3 answers
If-None-Match, so a reader who has the document gets 304. Not a method of the Admin API: that one
has no open method, and its readers would share its throttle. A flood is throttled, and throttled
requests are not billed ("Amazon API Gateway pricing").
"""

from __future__ import annotations

from aws_cdk import Acknowledgment as Ack
from aws_cdk import Stack, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.config.failover import Failover
from stacks.constructs.storage.run_bucket import RunBucket
from stacks.names import Names
from stacks.permissions.core import allow

STAGE = "v1"
PATH = "active"
CACHED_SECONDS = 30
"""In apps and in what lies between. An app turns that much later, at most."""
MAX_AGE = f"public, max-age={CACHED_SECONDS}, stale-if-error=86400"
_HEADER = "method.response.header."
_ASKED, _SENT = "method.request.header.If-None-Match", "integration.request.header.If-None-Match"
_NOT_MODIFIED = "304"


class ActiveDocumentApi(Construct):
    """GET /v1/active."""

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        config: Failover,
        bucket: RunBucket,
        key: str,
        kms_key: str | None,
    ) -> None:
        super().__init__(scope, "ActiveDocument")
        self._bucket, self._key = bucket, key
        role = self._reader(kms_key)
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=names.active_api,
            description="Which Region and pool are active, for apps",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                throttling_rate_limit=config.document_requests_per_second,
                throttling_burst_limit=config.document_burst,
                metrics_enabled=True,
            ),
        )
        self.api.node.try_remove_child("Endpoint")  # an output; ours is ActiveDocumentUrl
        method = self.api.root.add_resource(PATH).add_method(
            "GET",
            self._integration(role),
            authorization_type=apigateway.AuthorizationType.NONE,
            request_parameters={_ASKED: False},
            method_responses=[
                apigateway.MethodResponse(
                    status_code=status, response_parameters=dict.fromkeys(headers, True)
                )
                for status, headers in _ANSWERS.items()
            ],
        )
        self._explain(method)

    @property
    def url(self) -> str:
        """Where apps read."""
        stack = Stack.of(self)
        host = f"{self.api.rest_api_id}.execute-api.{stack.region}.{stack.url_suffix}"
        return f"https://{host}/{STAGE}/{PATH}"

    def _reader(self, kms_key: str | None) -> iam.Role:
        """May read the one file. Without the right to list the bucket S3 answers 403 where there is
        none yet, which readers are told as 404."""
        # No condition on the account: whether API Gateway tells it when it assumes an integration's
        # role is not documented, and to name a role in an integration takes iam:PassRole anyway.
        role = iam.Role(self, "Reader", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
        role.add_to_policy(allow("s3", "GetObject", f"{self._bucket.arn}/{self._key}"))
        if kms_key is not None:
            role.add_to_policy(allow("kms", "Decrypt", kms_key))
        return role

    def _integration(self, role: iam.Role) -> apigateway.AwsIntegration:
        return apigateway.AwsIntegration(
            service="s3",
            path=f"{self._bucket.bucket.bucket_name}/{self._key}",
            integration_http_method="GET",
            options=apigateway.IntegrationOptions(
                credentials_role=role,
                passthrough_behavior=apigateway.PassthroughBehavior.WHEN_NO_MATCH,
                request_parameters={_SENT: _ASKED},
                integration_responses=[
                    apigateway.IntegrationResponse(
                        status_code=status,
                        selection_pattern=_PATTERNS[status],
                        response_parameters=dict(headers),
                        response_templates=_TEMPLATES.get(status),
                    )
                    for status, headers in _ANSWERS.items()
                ],
            ),
        )

    def _explain(self, method: apigateway.Method) -> None:
        everybody = "Everybody may read it: it says no more than an app's code does."
        reasons = {
            "AwsSolutions-APIG4": everybody,
            "AwsSolutions-COG4": everybody,
        }
        for rule, reason in reasons.items():
            Validations.of(method).acknowledge(Ack(id=rule, reason=reason))
        Validations.of(self.api).acknowledge(
            Ack(id="AwsSolutions-APIG2", reason="The one method takes a header alone, and no body.")
        )
        told = "A flood would be billed as logs; how many read is a metric, who reads is not kept."
        of_stage = {
            "AwsSolutions-APIG1": told,
            "AwsSolutions-APIG3": "The throttle bounds what a flood costs; there is nothing to "
            "break into: the method names one file.",
            "AwsSolutions-APIG6": told,
        }
        for rule, reason in of_stage.items():
            Validations.of(self.api.deployment_stage).acknowledge(Ack(id=rule, reason=reason))


_OPEN = {f"{_HEADER}Access-Control-Allow-Origin": "'*'"}
"""Browsers of every origin; a GET without headers of its own needs no preflight."""
_FRESH = {
    f"{_HEADER}Cache-Control": f"'{MAX_AGE}'",
    f"{_HEADER}ETag": "integration.response.header.ETag",
    **_OPEN,
}
_AGAIN = {f"{_HEADER}Cache-Control": "'no-store'", **_OPEN}
_ANSWERS = {"200": _FRESH, _NOT_MODIFIED: _FRESH, "404": _AGAIN, "503": _AGAIN}
"""Status -> headers."""
_PATTERNS = {"200": "200", _NOT_MODIFIED: _NOT_MODIFIED, "404": r"4\d{2}", "503": None}
"""Status -> which statuses of S3's it stands for; None: all others."""
_TEMPLATES = {
    "404": {"application/json": '{"message":"nothing is published yet"}'},
    "503": {"application/json": '{"message":"try again"}'},
}
"""What S3 says in XML is nobody's business."""
