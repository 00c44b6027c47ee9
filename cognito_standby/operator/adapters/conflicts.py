"""The list of conflicts of one Region, by the sparse index of the ledger table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.conflict_items import conflict_of, listed_key
from cognito_standby.core.adapters.items import plain, wire
from cognito_standby.core.domain.conflicts import Conflict, Weight
from cognito_standby.core.domain.ledger_keys import BY_ATTENTION
from cognito_standby.operator.domain.decisions import means

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 3


class DynamoConflictFinder:
    """ConflictFinder."""

    def __init__(self, client: DynamoDBClient, ledger_table: str) -> None:
        self._client, self._table = client, ledger_table

    def worst(self, limit: int) -> Sequence[Conflict]:
        """A Query a weight until there are enough, and a BatchGetItem for each hundred."""
        keys: list[str] = []
        for weight in Weight:
            keys += self._keys(weight, limit - len(keys))
        return self._items(keys)

    def named(self, key: str) -> Sequence[Conflict]:
        """All keys of the index; the items of those alone that are meant."""
        keys = [each for weight in Weight for each in self._keys(weight)]
        return self._items([each for each in keys if means(key, listed_key(each))])

    def _items(self, keys: Sequence[str]) -> list[Conflict]:
        wanted = [{"subject": key} for key in keys]
        found = batch_get(self._client, self._table, wanted, attempts=_ATTEMPTS)
        by_key = {str(item["subject"]): item for item in found}
        return [conflict_of(by_key[key]) for key in keys if key in by_key]

    def _keys(self, weight: Weight, limit: int | None = None) -> list[str]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": BY_ATTENTION,
            "KeyConditionExpression": "attention = :weight",
            "ExpressionAttributeValues": wire({":weight": weight.value}),
        }
        keys: list[str] = []
        while limit is None or len(keys) < limit:
            request |= {} if limit is None else {"Limit": limit - len(keys)}
            with translated():
                answer = self._client.query(**request)
            keys += [str(plain(item)["subject"]) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return keys
