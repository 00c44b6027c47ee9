"""BatchGetItem: any number of items by their keys, in parts that DynamoDB takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.domain.errors import ThrottledError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEYS_AT_ONCE = 100
"""At most (API limit)."""


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
    found: list[Item] = []
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        found += _part(client, table, wanted[start : start + _KEYS_AT_ONCE], consistent, attempts)
    return found


def _part(
    client: DynamoDBClient, table: str, wanted: list[Any], consistent: bool, attempts: int
) -> list[Item]:
    found: list[Item] = []
    for _ in range(attempts):
        request: dict[str, Any] = {"Keys": wanted, "ConsistentRead": consistent}
        with translated():
            answer = client.batch_get_item(RequestItems={table: request})  # type: ignore[dict-item]
        unprocessed = answer.get("UnprocessedKeys", {}).get(table)
        if not unprocessed:
            return [*found, *map(plain, answer["Responses"][table])]
        found += map(plain, answer["Responses"].get(table, []))
        wanted = list(unprocessed["Keys"])
    raise ThrottledError("BatchGetItem: unprocessed keys")
