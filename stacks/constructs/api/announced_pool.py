"""Tells both Regions, by an item of the records table, which pool and app clients this one has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IConstruct

from stacks.constructs.arns import parameter_arn
from stacks.constructs.events.replica_stream import NOT_SEEN
from stacks.constructs.functions.custom_resource import AskedFunction
from stacks.constructs.functions.task_function import Packages
from stacks.names import Names
from stacks.permissions.core import use_key
from stacks.permissions.publication import announce_pool, see_triggers, withdraw_parameter


class PoolAnnouncement(AskedFunction):
    """The item of this Region. It goes with the stack, and so does the parameter that it published.
    `stream`: see `address`.

    called  functions that an existing pool calls, or may come to call. The stack's deletion begins
            here, and ends here while the pool still does
    """

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
        called: Sequence[lambda_.IFunction] = (),
        permissions: Sequence[IConstruct] = (),
    ) -> None:
        stack = Stack.of(scope)
        parameter = parameter_arn(stack, names)
        statements = [announce_pool(records_arn), withdraw_parameter(parameter)]
        if called:
            pool = stack.format_arn(
                service="cognito-idp", resource="userpool", resource_name=user_pool_id
            )
            statements.append(see_triggers(pool))
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
                "Clients": stack.to_json_string(dict(sorted(clients.items()))),
                "Stream": stream or NOT_SEEN,
                "TriggerFunctions": stack.to_json_string([one.function_arn for one in called]),
            },
        )
        if permissions:
            self.resource.node.add_dependency(*permissions)
