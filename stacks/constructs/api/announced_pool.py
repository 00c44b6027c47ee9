"""Tells both Regions, by an item of the records table, which pool and app clients this one has."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack
from constructs import Construct

from stacks.constructs.arns import parameter_arn
from stacks.constructs.events.replica_stream import NOT_SEEN
from stacks.constructs.functions.custom_resource import AskedFunction
from stacks.constructs.functions.task_function import Packages
from stacks.names import Names
from stacks.permissions.core import use_key
from stacks.permissions.publication import announce_pool, withdraw_parameter


class PoolAnnouncement(AskedFunction):
    """The item of this Region. It goes with the stack, and so does the parameter that it published.
    `stream`: see `address`."""

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        packages: Packages,
        records_arn: str,
        user_pool_id: str,
        clients: Mapping[str, str],
        stream: str,
    ) -> None:
        parameter = parameter_arn(Stack.of(scope), names)
        statements = [announce_pool(records_arn), withdraw_parameter(parameter)]
        if (use := use_key(packages.key.key_arn if packages.key else None)) is not None:
            statements.append(use)
        super().__init__(
            scope,
            "announce_pool",
            names=names,
            packages=packages,
            statements=statements,
            minutes=1,
            resource_type="Custom::AnnouncedPool",
            properties={
                "TableName": names.records_table,
                "UserPoolId": user_pool_id,
                "Parameter": names.active_parameter,
                "Clients": Stack.of(scope).to_json_string(dict(sorted(clients.items()))),
                "Stream": stream or NOT_SEEN,
            },
        )
