"""A walk through the records table for the index of names: who lacks an entry, and which is one too
many. Shapes: docs/data.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import Item, plain, record_from, wire
from cognito_standby.core.adapters.name_items import NameItems
from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.names_index import NameHasher
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import NAME_KEY
from cognito_standby.replication.adapters.scan_tokens import start_at, token_of
from cognito_standby.replication.ports import NameEntry, NamePage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAGE = 500
"""Items of a page before the filter; 1 MB ends one, too. What is due of it is done in seconds."""

_AT_ONCE = 8
"""Records that are named at once: each waits for two answers, some 20 ms."""

_MINE = "#region = :own AND attribute_exists(#fields)"
_ENTRIES = "begins_with(origin_sub, :names) AND begins_with(#region, :entry)"


class DynamoNameWalk:
    """NameTable: this Region's own records and entries, by Scan: half price, and who is missed is
    found by the next walk."""

    def __init__(
        self, client: DynamoDBClient, table_name: str, region: str, names: NameItems
    ) -> None:
        self._client, self._table, self._region = client, table_name, region
        self._names = names

    def hasher(self) -> NameHasher:
        """The installation's."""
        return self._names.hasher()

    def page(self, token: str) -> NamePage:
        """One Scan."""
        start = start_at(token, "walk")
        bound = {":own": self._region, ":names": NAME_KEY, ":entry": f"{self._region}#"}
        with translated():
            answer = self._client.scan(
                TableName=self._table,
                Limit=_PAGE,
                FilterExpression=f"({_MINE}) OR ({_ENTRIES})",
                ExpressionAttributeNames={"#region": "region", "#fields": "fields"},
                ExpressionAttributeValues=wire(bound),
                **start,
            )
        items = [plain(item) for item in answer["Items"]]
        entries = [_entry(item) for item in items if item["origin_sub"].startswith(NAME_KEY)]
        return NamePage(
            records=tuple(_records(items)),
            entries=tuple(entries),
            bearers=self._bearers(entry.key for entry in entries),
            token=token_of(answer),
        )

    def name(self, records: Sequence[Record]) -> int:
        """For each a BatchWriteItem and a conditional UpdateItem, with the mark for which the other
        Region's stream starts nothing; some at a time."""
        hasher = self.hasher()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return sum(pool.map(lambda record: self._name(record, hasher), records))

    def _name(self, record: Record, hasher: NameHasher) -> bool:
        self._names.add(record.subject, hasher.all_of(record.fields))
        same = {":seen": record.revision, ":epoch": record.epoch_number}
        return unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=wire({"origin_sub": record.subject.key, "region": self._region}),
                UpdateExpression="SET named = :id, #bulk = :true",
                ConditionExpression="revision = :seen AND epoch = :epoch",
                ExpressionAttributeNames={"#bulk": "bulk"},  # a reserved word
                ExpressionAttributeValues=wire({**same, ":id": hasher.id, ":true": True}),
            )
        )

    def drop(self, entry: NameEntry) -> bool:
        """One DeleteItem, unless somebody has written it anew."""
        key = {"origin_sub": NAME_KEY + entry.name_hash, "region": f"{self._region}#{entry.key}"}
        return unless_refused(
            lambda: self._client.delete_item(
                TableName=self._table,
                Key=wire(key),
                ConditionExpression="#at = :at",
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues=wire({":at": entry.at}),
            )
        )

    def _bearers(self, keys: Iterable[str]) -> dict[str, Record | None]:
        """Strongly consistent: of whom an entry is taken away must be known as they are."""
        wanted = [{"origin_sub": key, "region": self._region} for key in dict.fromkeys(keys)]
        items = batch_get(self._client, self._table, wanted)
        found: dict[str, Record | None] = {str(item["origin_sub"]): None for item in items}
        return found | {record.subject.key: record for record in _records(items)}


def _records(items: Iterable[Item]) -> Iterable[Record]:
    """Of users; what cannot be read is others' to tell of."""
    for item in items:
        if item["origin_sub"].startswith("#"):
            continue
        try:
            yield record_from(item)
        except (InvalidRecordError, NewerSchemaError):
            continue


def _entry(item: Item) -> NameEntry:
    key = str(item["region"]).partition("#")[2]
    return NameEntry(str(item["origin_sub"]).removeprefix(NAME_KEY), key, int(item.get("at", 0)))
