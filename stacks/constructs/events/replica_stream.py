"""The ARN of the records table's stream in this Region, by a custom resource."""

from __future__ import annotations

from aws_cdk import Token
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.functions.custom_resource import AskedFunction
from stacks.constructs.functions.task_function import Packages
from stacks.names import Names

NOT_SEEN = "none"
"""Nobody looked, or there was no table yet."""


class ReplicaStream(AskedFunction):
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
        describe = iam.PolicyStatement(actions=["dynamodb:DescribeTable"], resources=[table_arn])
        super().__init__(
            scope,
            "replica_stream_arn",
            names=names,
            packages=packages,
            statements=[describe],
            minutes=5,
            resource_type="Custom::ReplicaStreamArn",
            properties={"TableName": names.records_table, "Seen": seen or NOT_SEEN},
        )
        self.arn: str = Token.as_string(self.resource.get_att("StreamArn"))
        label = Token.as_string(self.resource.get_att("StreamLabel"))
        self.pipe_name = f"{names.pipe('replica-stream')}-{label}"
