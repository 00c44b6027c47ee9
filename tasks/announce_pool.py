"""Custom resource: notes in the records table which pool and app clients this Region has, so that
the other one can publish them when it cannot ask. Each Region writes its own item.

With the stack goes what was published by it: the parameter is no resource of the stack's, which
would put back its first value whenever it is updated. And neither the stack goes nor one of its
functions while an existing pool calls it: each sign-up or sign-in would fail.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.items import wire
from cognito_standby.core.domain.subjects import POOL_KEY
from cognito_standby.recovery.domain.active_pool import Pool
from tasks.custom_resource import respond, until_whole


def handler(event: dict[str, Any], context: object) -> None:
    """Answer one request of CloudFormation; whatever goes wrong becomes a FAILED answer."""
    told = event.get("ResourceProperties", {})

    def work() -> dict[str, str]:
        pool = Pool.of(told.get("UserPoolId"), json.loads(told["Clients"]))
        require_detached(clients.of("cognito-idp"), pool.user_pool_id, taken_away(event))
        client, region = clients.of("dynamodb"), os.environ["AWS_REGION"]
        announce_pool(client, region, event["RequestType"], str(told["TableName"]), pool)
        if event["RequestType"] == "Delete":
            withdraw_parameter(clients.of("ssm"), str(told["Parameter"]))
        return {}

    physical_id = f"{told.get('TableName', 'unknown')}-pool"
    respond(event, context, physical_id, work, trouble="the pool was not noted")


def taken_away(event: Mapping[str, Any]) -> list[str]:
    """Functions that go with this request, which the pool may call. Of a pool that another one
    takes the place of nothing is said: it may not be looked at any more."""
    told, before = event.get("ResourceProperties", {}), event.get("OldResourceProperties", {})
    match event["RequestType"]:
        case "Delete":
            return _functions(told)
        case "Update" if before.get("UserPoolId") == told.get("UserPoolId"):
            stay = _functions(told)
            return [arn for arn in _functions(before) if arn not in stay]
        case _:
            return []


def _functions(told: Mapping[str, Any]) -> list[str]:
    found: list[str] = json.loads(str(told.get("TriggerFunctions") or "[]"))
    return found


class StillAttachedError(Exception):
    """The stack's functions stand in a pool's triggers."""


def require_detached(client: Any, user_pool_id: str, functions: Sequence[str]) -> None:
    """StillAttachedError: the pool calls one of these. A pool that is gone calls nobody. Without
    functions nothing is asked: a created pool's triggers go with it."""
    if not functions:
        return
    try:
        pool = client.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return
        raise
    held = json.dumps(pool.get("LambdaConfig") or {})
    if calling := [arn for arn in functions if f'"{arn}"' in held or f'"{arn}:' in held]:
        names = ", ".join(arn.rpartition(":")[2] for arn in calling)
        raise StillAttachedError(
            f"the pool {user_pool_id} still calls {names}: run `standby detach`, or take them out "
            "of its triggers in the console, then deploy or delete the stack again"
        )


def announce_pool(client: Any, region: str, request: str, table: str, pool: Pool) -> None:
    """Put the Region's item, or remove it with the stack (`request` is "Delete").

    CutAnswerError: all answers were truncated, so it is not known whether it was done.
    """
    until_whole(lambda: _announced(client, region, request, table, pool))


def withdraw_parameter(client: Any, name: str) -> None:
    """Take it away; it may be gone, or have never been there."""
    try:
        client.delete_parameter(Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise


def _announced(client: Any, region: str, request: str, table: str, pool: Pool) -> None:
    key = {"origin_sub": POOL_KEY, "region": region}
    if request == "Delete":
        client.delete_item(TableName=table, Key=wire(key))
        return
    told = {"user_pool_id": pool.user_pool_id, "clients": dict(pool.clients)}
    # As one of very many: the other Region's stream starts nothing for it, whatever its release.
    client.put_item(TableName=table, Item=wire({**key, **told, "bulk": True}))
