"""BatchGetItem, with keys and items as they go over the wire: what turns them into plain values
imports boto3, and a trigger's cold start is waited for by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.domain.errors import ThrottledError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WireItem = Mapping[str, Any]

_KEYS_AT_ONCE = 100
"""At most (API limit)."""


def wire_batch_get(
    client: DynamoDBClient,
    table: str,
    wanted: Sequence[WireItem],
    *,
    consistent: bool = True,
    attempts: int = 1,
) -> list[WireItem]:
    """As `batch_get`."""
    found: list[WireItem] = []
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        found += _part(client, table, wanted[start : start + _KEYS_AT_ONCE], consistent, attempts)
    return found


def _part(
    client: DynamoDBClient,
    table: str,
    wanted: Sequence[WireItem],
    consistent: bool,
    attempts: int,
) -> list[WireItem]:
    found: list[WireItem] = []
    for _ in range(attempts):
        request: dict[str, Any] = {"Keys": wanted, "ConsistentRead": consistent}
        with translated():
            answer = client.batch_get_item(RequestItems={table: request})  # type: ignore[dict-item]
        unprocessed = answer.get("UnprocessedKeys", {}).get(table)
        if not unprocessed:
            return [*found, *answer["Responses"][table]]
        found += answer["Responses"].get(table, [])
        wanted = list(unprocessed["Keys"])
    raise ThrottledError("BatchGetItem: unprocessed keys")
