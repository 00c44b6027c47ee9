"""The hashes of erased users: items of the records table, so that both Regions and every backup of
the table have them, and of each Region's ledger table, which no restoration of the records table
takes back in time. Each Region writes its own. Shape: docs/data.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.erasures import ErasureNote, is_erased, key_of
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ANOTHER = "attribute_not_exists(subject) OR (attribute_exists(change_id) AND change_id <> :change)"
"""DynamoDB takes an attribute that is not there for unequal to any value."""


class DynamoErasureList:
    """ErasureList."""

    def __init__(
        self,
        client: DynamoDBClient,
        tables: tuple[str, str],
        region: str,
        installation: Installation,
        clock: Clock,
    ) -> None:
        """`tables`: the records table and this Region's ledger table."""
        self._client, self._clock = client, clock
        self._records, self._ledger = tables
        self._regions = (region, installation.other(region))

    def add(self, subject: Subject, change_id: str) -> None:
        """Two PutItems."""
        self._put_both(subject, ErasureNote(True, change_id))

    def take_back(self, subject: Subject, change_id: str) -> None:
        """Two PutItems: nothing in the records table is ever deleted by us."""
        self._put_both(subject, ErasureNote(False, change_id))

    def learn(self, subject: Subject, change_id: str) -> None:
        """One PutItem, conditional: what is noted of that very erasure, or of none that it names,
        stays, so a repetition writes nothing."""
        item = self._item({"subject": key_of(subject)}, ErasureNote(True, change_id))
        unless_refused(
            lambda: self._client.put_item(
                TableName=self._ledger,
                Item=wire(item),
                ConditionExpression=_ANOTHER,
                ExpressionAttributeValues=wire({":change": change_id}),
            )
        )

    def has(self, subject: Subject) -> bool:
        """One consistent BatchGetItem of both tables. ThrottledError: keys stay unprocessed."""
        key = key_of(subject)
        keys = [wire({"origin_sub": key, "region": region}) for region in self._regions]
        asked: dict[str, Any] = {
            self._records: {"Keys": keys, "ConsistentRead": True},
            self._ledger: {"Keys": [wire({"subject": key})], "ConsistentRead": True},
        }
        with translated():
            answer = self._client.batch_get_item(RequestItems=asked)
        if answer.get("UnprocessedKeys"):
            raise ThrottledError("BatchGetItem: unprocessed keys")
        found = [plain(item) for items in answer["Responses"].values() for item in items]
        return is_erased(_note(item) for item in found)

    def _put_both(self, subject: Subject, note: ErasureNote) -> None:
        """The ledger first: where only one can be read, it says what both are going to say."""
        key = key_of(subject)
        self._put(self._ledger, {"subject": key}, note)
        self._put(self._records, {"origin_sub": key, "region": self._regions[0]}, note)

    def _put(self, table: str, key: Item, note: ErasureNote) -> None:
        with translated():
            self._client.put_item(TableName=table, Item=wire(self._item(key, note)))

    def _item(self, key: Item, note: ErasureNote) -> Item:
        item = {**key, "erased": note.erased, "noted_at": self._clock.now().isoformat()}
        return item | ({"change_id": note.change_id} if note.change_id else {})


def _note(item: Item) -> ErasureNote:
    return ErasureNote(bool(item.get("erased")), str(item.get("change_id", "")))
