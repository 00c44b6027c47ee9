"""The indexes `by-shard` of the records table and of the ledger. Shapes: docs/data.md.

Eventually consistent, like every global secondary index: whoever acts on what they show looks
again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import Item, plain, record_from, wire
from cognito_standby.core.adapters.ledger import not_held_partition
from cognito_standby.core.adapters.shard_page import shard_page
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.ledger_keys import BY_ATTENTION, REVERSE
from cognito_standby.core.domain.records import Partition, Record
from cognito_standby.reconciliation.adapters.index_items import ledger_summary, record_summary
from cognito_standby.reconciliation.domain.reconciliation import RecordSummary
from cognito_standby.reconciliation.ports import LedgerPage, RecordPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 4


class _ShardIndex:
    """Of one table."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._client, self._table = client, table_name


class DynamoRecordIndex(_ShardIndex):
    """RecordIndex on this Region's replica of the global table."""

    def page(self, shard: str, token: str) -> RecordPage:
        """One Query."""
        items, onward = shard_page(self._client, self._table, shard, token)
        records: list[RecordSummary] = []
        unreadable: dict[str, str] = {}
        for item in items:
            try:
                records.append(record_summary(item))
            except (InvalidRecordError, NewerSchemaError) as error:
                unreadable[str(item["origin_sub"])] = f"{item['region']}: {error}"
        return RecordPage(records, unreadable, onward)


class DynamoWholeRecords:
    """WholeRecords on this Region's replica of the global table."""

    def __init__(
        self, client: DynamoDBClient, table_name: str, region: str, installation: Installation
    ) -> None:
        self._client, self._table = client, table_name
        self._region, self._other = region, installation.other(region)

    def of(self, keys: Sequence[str]) -> Mapping[str, Partition]:
        """BatchGetItem, eventually consistent. ThrottledError: some keys stay unprocessed."""
        regions = (self._region, self._other)
        wanted = [{"origin_sub": key, "region": each} for key in keys for each in regions]
        items = batch_get(self._client, self._table, wanted, consistent=False, attempts=_ATTEMPTS)
        found: dict[str, dict[str, Record]] = {}
        for item in items:
            with suppress(InvalidRecordError, NewerSchemaError):  # the index names those
                record = record_from(item)
                found.setdefault(record.subject.key, {})[record.region] = record
        return {
            key: Partition(own=each.get(self._region), other=each.get(self._other))
            for key, each in found.items()
        }


class DynamoLedgerIndex(_ShardIndex):
    """LedgerIndex on the ledger table."""

    def page(self, shard: str, token: str) -> LedgerPage:
        """One Query."""
        items, onward = shard_page(self._client, self._table, shard, token)
        return LedgerPage([ledger_summary(item) for item in items], onward)

    def origins_of(self, local_subs: Sequence[str]) -> Mapping[str, str]:
        """BatchGetItem, eventually consistent, for half the price; a user whom it misses becomes a
        suspect at worst. ThrottledError: some keys stay unprocessed."""
        items = self._items([REVERSE + sub for sub in local_subs])
        return {key.removeprefix(REVERSE): str(each["origin_sub"]) for key, each in items.items()}

    def pools_of(self, keys: Sequence[str]) -> Mapping[str, str]:
        """The same for rows; what it misses is visited by a later run."""
        items = self._items(keys)
        return {key: str(each.get("user_pool_id", "")) for key, each in items.items()}

    def not_held(self, shard: str) -> Mapping[str, Mapping[str, str]]:
        """Query of the sparse index, then BatchGetItem of whom it names: as many as there are."""
        held: dict[str, Mapping[str, str]] = {}
        for key, item in self._items(self._named(not_held_partition(shard))).items():
            if skipped := item.get("skipped"):
                held[key] = {str(name): str(reason) for name, reason in skipped.items()}
        return held

    def _named(self, partition: str) -> list[str]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": BY_ATTENTION,
            "KeyConditionExpression": "attention = :partition",
            "ExpressionAttributeValues": wire({":partition": partition}),
        }
        keys: list[str] = []
        while True:
            with translated():
                answer = self._client.query(**request)
            keys += [str(plain(item)["subject"]) for item in answer["Items"]]
            if not (last := answer.get("LastEvaluatedKey")):
                return keys
            request["ExclusiveStartKey"] = last

    def _items(self, keys: Sequence[str]) -> dict[str, Item]:
        wanted = [{"subject": key} for key in dict.fromkeys(keys)]
        items = batch_get(self._client, self._table, wanted, consistent=False, attempts=_ATTEMPTS)
        return {item["subject"]: item for item in items}
