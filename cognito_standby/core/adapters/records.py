"""The records table, as seen in one Region, which writes only its own items in it (I1).

Shape of the items: docs/data.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import (
    Item,
    active_from,
    claims_from,
    record_from,
    record_item,
    shard_of,
    wire,
)
from cognito_standby.core.adapters.name_items import NameItems
from cognito_standby.core.adapters.password_items import remove_own
from cognito_standby.core.domain.epochs import Claims, Installation
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.records import Draft, Partition, Record
from cognito_standby.core.domain.roles import Active
from cognito_standby.core.domain.subjects import CLAIM_KEY, Subject, SubjectKind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SAME_WRITE = "revision = :seen AND epoch = :epoch"
_ATTEMPTS = 3
TABLE_SECONDS = 60.0
"""How long an identity is believed: deleting a table and making or restoring one takes longer."""


class DynamoRecordStore:
    """RecordStore on this Region's replica of the global table. `now`: the wall clock, in seconds;
    the monotonic one may stand still while a function's process is frozen. `names`: keeps the index
    of names along with what is written; who only reads needs none."""

    def __init__(
        self,
        client: DynamoDBClient,
        table_name: str,
        region: str,
        installation: Installation,
        now: Callable[[], float] = time.time,
        names: NameItems | None = None,
    ) -> None:
        self._client, self._table, self._region = client, table_name, region
        self._installation = installation
        self._other = installation.other(region)
        self._known: tuple[float, str] | None = None
        self._now = now
        self._names = names

    def read(self, subject: Subject) -> tuple[Partition, Claims]:
        """One BatchGetItem: both records and both claims."""
        keys = [(subject.key, self._region), (subject.key, self._other), *self._claim_keys()]
        items = self._get(keys)
        own = items.get((subject.key, self._region))
        other = items.get((subject.key, self._other))
        partition = Partition(
            own=None if own is None else record_from(own),
            other=None if other is None else record_from(other),
        )
        return partition, self._claims(items)

    def read_claims(self) -> Claims:
        """One BatchGetItem."""
        return self._claims(self._get(self._claim_keys()))

    def read_active(self) -> Active:
        """The same BatchGetItem."""
        items = self._get(self._claim_keys())
        return active_from(_claim_items(items), self._installation)

    def put(self, draft: Draft, observed_at: datetime) -> Record | None:
        """One conditional PutItem; where names come or go, a BatchWriteItem before or after."""
        item = record_item(draft, self._region, observed_at)
        if self._names is not None and (named := self._names.before_put(draft)):
            item["named"] = named
        if draft.expected_revision is None:
            condition, values = "attribute_not_exists(revision)", {}
        else:
            condition, values = "revision = :seen", {":seen": draft.expected_revision}
        if not self._put_if(item, condition, values):
            return None
        if self._names is not None:
            self._names.after_put(draft)
        return replace(record_from(item), subject=draft.subject)

    def retire(self, tombstone: Record) -> bool:
        """One conditional UpdateItem."""
        return unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=self._own_key(tombstone.subject),
                UpdateExpression="SET retired = :true, #bulk = :true",
                ExpressionAttributeNames={"#bulk": "bulk"},  # a reserved word
                ConditionExpression=f"{_SAME_WRITE} AND deleted = :true",
                ExpressionAttributeValues=_same_write(tombstone),
            )
        )

    def remove(self, retired: Record) -> bool:
        """One conditional DeleteItem, and one of the note that a password was set."""
        same = f"{_SAME_WRITE} AND retired = :true"
        gone = unless_refused(
            lambda: self._client.delete_item(
                TableName=self._table,
                Key=self._own_key(retired.subject),
                ConditionExpression=f"attribute_not_exists(revision) OR ({same})",
                ExpressionAttributeValues=_same_write(retired),
            )
        )
        if gone and self._names is not None:
            self._names.after_removal(retired)
        if gone and retired.subject.kind is SubjectKind.USER:
            remove_own(self._client, self._table, retired.subject, self._region)
        return gone

    def add_to_index(self, subject: Subject) -> bool:
        """One conditional UpdateItem."""
        return unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=self._own_key(subject),
                UpdateExpression="SET shard_id = :shard",
                ConditionExpression="attribute_exists(revision) AND attribute_not_exists(shard_id)",
                ExpressionAttributeValues=wire({":shard": shard_of(subject)}),
            )
        )

    def named(self, name: str) -> tuple[str, ...]:
        """One strongly consistent Query. MisconfiguredError: this store knows no index."""
        return self._index().find(name)

    def on_their_way(self, name: str) -> tuple[str, ...]:
        """The same Query. MisconfiguredError as above."""
        return self._index().young(name)

    def _index(self) -> NameItems:
        if self._names is None:
            raise MisconfiguredError("the index of names is not known here")
        return self._names

    def known_groups(self, names: tuple[str, ...]) -> frozenset[str]:
        """BatchGetItem of the own records of group definitions; a deleted one is not known."""
        keys = {(Subject.group(name).key, self._region): name for name in names}
        items = self._get(keys)
        return frozenset(keys[key] for key, item in items.items() if not item.get("deleted"))

    def put_claim(self, number: int) -> bool:
        """One conditional PutItem: a claim only ever rises."""
        item = {"origin_sub": CLAIM_KEY, "region": self._region, "epoch": number}
        return self._put_if(item, "attribute_not_exists(epoch) OR epoch < :n", {":n": number})

    def table_id(self) -> str:
        """DescribeTable, at most once a minute."""
        now = self._now()
        if self._known is None or not 0 <= now - self._known[0] <= TABLE_SECONDS:
            with translated():
                table = self._client.describe_table(TableName=self._table)["Table"]
            self._known = (now, table["TableId"])
        return self._known[1]

    def _put_if(self, item: Item, condition: str, values: Item) -> bool:
        extra = {"ExpressionAttributeValues": wire(values)} if values else {}
        return unless_refused(
            lambda: self._client.put_item(
                TableName=self._table,
                Item=wire(item),
                ConditionExpression=condition,
                **extra,  # type: ignore[arg-type]
            )
        )

    def _own_key(self, subject: Subject) -> Item:
        return wire({"origin_sub": subject.key, "region": self._region})

    def _claim_keys(self) -> list[tuple[str, str]]:
        return [(CLAIM_KEY, self._region), (CLAIM_KEY, self._other)]

    def _claims(self, items: dict[tuple[str, str], Item]) -> Claims:
        return claims_from(_claim_items(items), self._installation)

    def _get(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        """Strongly consistent in this Region. ThrottledError: some keys stay unprocessed."""
        wanted = [{"origin_sub": key, "region": region} for key, region in keys]
        items = batch_get(self._client, self._table, wanted, attempts=_ATTEMPTS)
        return {(item["origin_sub"], item["region"]): item for item in items}


def _claim_items(items: dict[tuple[str, str], Item]) -> dict[str, Item]:
    """Region -> its claim."""
    return {region: item for (key, region), item in items.items() if key == CLAIM_KEY}


def _same_write(record: Record) -> Item:
    return wire({":seen": record.revision, ":epoch": record.epoch_number, ":true": True})
