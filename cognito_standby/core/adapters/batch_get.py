"""BatchGetItem: any number of items by their keys, in parts that DynamoDB takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.adapters.wire_batches import wire_batch_get

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def batch_get(
    client: DynamoDBClient,
    table: str,
    keys: Iterable[Mapping[str, Any]],
    *,
    consistent: bool = True,
    attempts: int = 1,
) -> list[Item]:
    """The items that are there, in no order. A key may be given once.

    attempts  how often a part is asked for before its unprocessed keys are given up
    ThrottledError: some keys stay unprocessed.
    """
    wanted = [wire(key) for key in keys]
    found = wire_batch_get(client, table, wanted, consistent=consistent, attempts=attempts)
    return [plain(item) for item in found]
