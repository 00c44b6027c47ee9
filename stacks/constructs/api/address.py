"""Tells both Regions, by an item of the records table, where this Region's Admin API is; and that
the Region's stack stands: it is put last, and goes first. Scheduled reconciliations wait for it."""

from __future__ import annotations

from constructs import Construct, IConstruct

from stacks.constructs.events.replica_stream import NOT_SEEN
from stacks.constructs.functions.custom_resource import AskedFunction
from stacks.constructs.functions.task_function import Packages
from stacks.names import Names
from stacks.permissions.api import announce_address
from stacks.permissions.core import use_key


class ApiAddress(AskedFunction):
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
        statements = [announce_address(records_arn)]
        if (use := use_key(packages.key.key_arn if packages.key else None)) is not None:
            statements.append(use)
        properties = {
            "TableName": names.records_table,
            "Address": address,
            "Stream": stream or NOT_SEEN,
        }
        super().__init__(
            scope,
            "announce_api",
            names=names,
            packages=packages,
            statements=statements,
            minutes=1,
            resource_type="Custom::AdminApiAddress",
            properties=properties,
        )

    def comes_after(self, *others: IConstruct) -> None:
        """What has to stand before the Region says that it does."""
        self.resource.node.add_dependency(*others)
