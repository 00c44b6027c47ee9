"""What CloudFormation asks a function of ours about, at each deployment that changes a property."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.functions.task_function import Function, Packages, build_function
from stacks.names import Names


class AskedFunction(Construct):
    """The function `tasks.<task>` with its role, and the `resource` that CloudFormation asks it
    for."""

    def __init__(
        self,
        scope: Construct,
        task: str,
        *,
        names: Names,
        packages: Packages,
        statements: Sequence[iam.PolicyStatement],
        minutes: int,
        resource_type: str,
        properties: Mapping[str, str],
    ) -> None:
        super().__init__(scope, task)
        function = Function(
            name=names.function(task),
            handler=f"tasks.{task}.handler",
            statements=statements,
            environment={},
            timeout=Duration.minutes(minutes),
            memory_mb=256,
        )
        built, role = build_function(self, function, packages)
        self.resource = CustomResource(
            self,
            "Resource",
            service_token=built.function_arn,
            resource_type=resource_type,
            properties=properties,
            # A function that ran into its limit has not answered.
            service_timeout=Duration.minutes(minutes + 1),
        )
        self.resource.node.add_dependency(role)
