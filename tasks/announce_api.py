"""Custom resource: notes in the records table where this Region's Admin API is, so that the other
Region's can tell its callers. Each Region writes its own item."""

from __future__ import annotations

import logging
import os
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.whole_answers import CutAnswerError
from cognito_standby.core.domain.subjects import ADDRESS_KEY
from tasks.custom_resource import answer

_LOGGER = logging.getLogger(__name__)

ATTEMPTS = 3
"""Each with the SDK's own; that asks again for whatever but an answer that is cut."""


def handler(event: dict[str, Any], context: object) -> None:
    """Answer one request of CloudFormation; whatever goes wrong becomes a FAILED answer."""
    told = event.get("ResourceProperties", {})
    physical_id = f"{told.get('TableName', 'unknown')}-api-address"
    try:
        client, region = clients.of("dynamodb"), os.environ["AWS_REGION"]
        place, address = str(told["TableName"]), str(told["Address"])
        announce(client, region, event["RequestType"], place, address)
    except Exception as error:  # raising after the answer would only make Lambda repeat the request
        _LOGGER.exception("the address was not noted")
        reason = f"{type(error).__name__}: {error}"
        answer(event, context, "FAILED", physical_id=physical_id, reason=reason)
    else:
        answer(event, context, "SUCCESS", physical_id=physical_id)


def announce(client: Any, region: str, request: str, table: str, address: str) -> None:
    """Put the Region's item, or remove it with the stack (`request` is "Delete").

    CutAnswerError: all answers were truncated, so it is not known whether it was done.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _announced(client, region, request, table, address)
        except CutAnswerError:  # doing it again does no harm
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _announced(client: Any, region: str, request: str, table: str, address: str) -> None:
    key = {"origin_sub": {"S": ADDRESS_KEY}, "region": {"S": region}}
    if request == "Delete":
        client.delete_item(TableName=table, Key=key)
    else:
        client.put_item(TableName=table, Item={**key, "address": {"S": address}})
