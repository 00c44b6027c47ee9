"""Whose copy a user is: the reverse map in a Region's ledger table. Shape: docs/data.md.

Read as it comes over the wire, for a trigger asks for it, too (`wire_batches`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_standby.core.adapters.wire_batches import wire_batch_get
from cognito_standby.core.domain.ledger_keys import REVERSE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def origin_of(client: DynamoDBClient, table: str, local_sub: str) -> str | None:
    """One consistent BatchGetItem: the reverse map, and the row of one who was born here."""
    keys = [{"subject": {"S": key}} for key in (REVERSE + local_sub, local_sub)]
    found = {item["subject"]["S"]: item for item in wire_batch_get(client, table, keys)}
    if reverse := found.get(REVERSE + local_sub):
        return str(reverse["origin_sub"]["S"])
    own = found.get(local_sub, {}).get("local_sub", {}).get("S")
    return local_sub if own == local_sub else None
