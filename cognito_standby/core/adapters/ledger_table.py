"""One Region's ledger table, as those who keep items in it share it. Shapes: docs/data.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.items import Item, plain, wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class LedgerItems:
    """Some of the items of one Region's ledger table."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._client, self._table = client, table_name

    def _get(self, key: str) -> Item:
        """One consistent GetItem; nothing in it where there is no item."""
        with translated():
            answer = self._client.get_item(
                TableName=self._table, Key=wire({"subject": key}), ConsistentRead=True
            )
        return plain(answer.get("Item", {}))
