"""A page of a table's index `by-shard`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.domain.ledger_keys import BY_SHARD

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def shard_page(
    client: DynamoDBClient, table: str, shard: str, token: str
) -> tuple[list[Item], str]:
    """One Query of at most 1 MB, and the token of the next one; "": that was the last."""
    request: dict[str, Any] = {
        "TableName": table,
        "IndexName": BY_SHARD,
        "KeyConditionExpression": "shard_id = :shard",
        "ExpressionAttributeValues": wire({":shard": shard}),
    }
    if token:
        request["ExclusiveStartKey"] = json.loads(token)
    with translated():
        answer = client.query(**request)
    last = answer.get("LastEvaluatedKey")
    return [plain(item) for item in answer["Items"]], json.dumps(last) if last else ""
