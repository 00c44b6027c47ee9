"""Custom resource: notes in the records table where this Region's Admin API is, so that the other
Region's can tell its callers. Each Region writes its own item."""

from __future__ import annotations

import os
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.domain.subjects import ADDRESS_KEY
from tasks.custom_resource import respond, until_whole


def handler(event: dict[str, Any], context: object) -> None:
    """Answer one request of CloudFormation; whatever goes wrong becomes a FAILED answer."""
    told = event.get("ResourceProperties", {})

    def work() -> dict[str, str]:
        client, region = clients.of("dynamodb"), os.environ["AWS_REGION"]
        place, address = str(told["TableName"]), str(told["Address"])
        announce(client, region, event["RequestType"], place, address)
        return {}

    physical_id = f"{told.get('TableName', 'unknown')}-api-address"
    respond(event, context, physical_id, work, trouble="the address was not noted")


def announce(client: Any, region: str, request: str, table: str, address: str) -> None:
    """Put the Region's item, or remove it with the stack (`request` is "Delete").

    CutAnswerError: all answers were truncated, so it is not known whether it was done.
    """
    until_whole(lambda: _announced(client, region, request, table, address))


def _announced(client: Any, region: str, request: str, table: str, address: str) -> None:
    key = {"origin_sub": {"S": ADDRESS_KEY}, "region": {"S": region}}
    if request == "Delete":
        client.delete_item(TableName=table, Key=key)
    else:
        client.put_item(TableName=table, Item={**key, "address": {"S": address}})
