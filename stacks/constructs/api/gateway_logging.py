"""The role by which API Gateway writes logs: one setting of the account in each Region, which a
stack must neither replace, where others log by it, nor take away."""

from __future__ import annotations

from aws_cdk import Acknowledgment as Ack
from aws_cdk import RemovalPolicy, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.functions.custom_resource import AskedFunction
from stacks.constructs.functions.task_function import Packages
from stacks.names import Names

_LOG_ACTIONS = (
    *("CreateLogGroup", "CreateLogStream", "DescribeLogGroups", "DescribeLogStreams"),
    *("PutLogEvents", "GetLogEvents", "FilterLogEvents"),
)
"""What API Gateway demands of its account's role ("Set up CloudWatch API logging")."""


def log_role(scope: Construct) -> iam.Role:
    """A role that outlives its stack, because the account may point at it."""
    actions = [f"logs:{name}" for name in _LOG_ACTIONS]
    write = iam.PolicyStatement(actions=actions, resources=["*"])
    # Inside the role: a policy beside it would go with the stack, and the role that stays would
    # end the logging of all the account's gateways.
    role = iam.Role(
        scope,
        "LogRole",
        assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
        inline_policies={"logs": iam.PolicyDocument(statements=[write])},
    )
    Validations.of(role).acknowledge(
        Ack(id="AwsSolutions-IAM5[Resource::*]", reason="It serves all APIs of the account.")
    )
    role.apply_removal_policy(RemovalPolicy.RETAIN)
    return role


class GatewayLogging(AskedFunction):
    """Sets `role` where the account has none, or one that is gone; `used` is the one that counts.

    Nothing is done when it goes: the setting stays, and so does the role.
    """

    def __init__(
        self, scope: Construct, *, names: Names, packages: Packages, role: iam.Role
    ) -> None:
        super().__init__(
            scope,
            "gateway_log_role",
            names=names,
            packages=packages,
            statements=_statements(Stack.of(scope), role),
            minutes=2,
            resource_type="Custom::ApiGatewayLogRole",
            properties={"RoleArn": role.role_arn},
        )
        self.resource.node.add_dependency(role)
        self.used = self.resource.get_att_string("RoleArn")


def _statements(stack: Stack, role: iam.Role) -> list[iam.PolicyStatement]:
    account = stack.format_arn(service="apigateway", account="", resource="/account")
    any_role = stack.format_arn(service="iam", region="", resource="role", resource_name="*")
    return [
        iam.PolicyStatement(actions=["apigateway:GET", "apigateway:PATCH"], resources=[account]),
        # To set a role is to pass it: ours alone, and to API Gateway alone.
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "apigateway.amazonaws.com"}},
        ),
        # Whose role is there is not known before: any name, to read alone.
        iam.PolicyStatement(actions=["iam:GetRole"], resources=[any_role]),
    ]
