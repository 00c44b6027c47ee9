"""The ARN of the records table's stream in this Region, by a custom resource."""

from __future__ import annotations

from aws_cdk import CustomResource, Duration, Token
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.functions import Function, Packages, build_function
from stacks.names import Names

NOT_SEEN = "none"
"""Nobody looked, or there was no table yet."""


class ReplicaStream(Construct):
    """`arn` is known at deployment, once the replica is active.

    `seen` is the stream that stood before this deployment: CloudFormation asks a custom resource
    again only when a property has changed, and a table that was restored has another stream.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        packages: Packages,
        table_arn: str,
        seen: str,
    ) -> None:
        super().__init__(scope, "replica_stream_arn")
        describe = iam.PolicyStatement(actions=["dynamodb:DescribeTable"], resources=[table_arn])
        function = Function(
            name=names.function("replica_stream_arn"),
            handler="tasks.replica_stream_arn.handler",
            statements=[describe],
            environment={},
            timeout=Duration.minutes(5),
            memory_mb=256,
        )
        built, role = build_function(self, function, packages)
        resource = CustomResource(
            self,
            "Resource",
            service_token=built.function_arn,
            resource_type="Custom::ReplicaStreamArn",
            properties={"TableName": names.records_table, "Seen": seen or NOT_SEEN},
            service_timeout=Duration.minutes(6),
        )
        resource.node.add_dependency(role)
        self.arn: str = Token.as_string(resource.get_att("StreamArn"))
        label = Token.as_string(resource.get_att("StreamLabel"))
        self.pipe_name = f"{names.pipe('replica-stream')}-{label}"
