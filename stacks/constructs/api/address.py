"""Tells both Regions, by an item of the records table, where this Region's Admin API is; and that
the Region's stack stands: it is put last, and goes first. Scheduled reconciliations wait for it."""

from __future__ import annotations

from aws_cdk import CustomResource, Duration
from constructs import Construct, IConstruct

from stacks.constructs.functions import Function, Packages, build_function
from stacks.constructs.replica_stream import NOT_SEEN
from stacks.names import Names
from stacks.permissions.api import announce_address
from stacks.permissions.core import Targets, use_key


class ApiAddress(Construct):
    """The item of this Region; it goes with the stack.

    `stream` is the table's: CloudFormation asks again only when a property has changed, and a table
    that was restored or replaced may have lost the item.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        packages: Packages,
        records_arn: str,
        address: str,
        stream: str,
    ) -> None:
        super().__init__(scope, "announce_api")
        statements = [announce_address(records_arn)]
        key = packages.key.key_arn if packages.key else None
        if (use := use_key(Targets("", "", "", "", "", key))) is not None:
            statements.append(use)
        function = Function(
            name=names.function("announce_api"),
            handler="tasks.announce_api.handler",
            statements=statements,
            environment={},
            timeout=Duration.minutes(1),
            memory_mb=256,
        )
        built, role = build_function(self, function, packages)
        resource = CustomResource(
            self,
            "Resource",
            service_token=built.function_arn,
            resource_type="Custom::AdminApiAddress",
            properties={
                "TableName": names.records_table,
                "Address": address,
                "Stream": stream or NOT_SEEN,
            },
            service_timeout=Duration.minutes(2),
        )
        resource.node.add_dependency(role)
        self._resource = resource

    def comes_after(self, *others: IConstruct) -> None:
        """What has to stand before the Region says that it does."""
        self._resource.node.add_dependency(*others)
