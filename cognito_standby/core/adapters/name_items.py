"""The index of names: items of the records table, `#name#<hash>`. Shape: docs/data.md.

Each Region writes only its own, beside its own records. They bear the mark `bulk`, for which no
release's pipe starts an execution. Why items and no index of DynamoDB's: docs/adr.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.domain.errors import StandbyError, ThrottledError
from cognito_standby.core.domain.names_index import SETTLED_SECONDS, NameHasher
from cognito_standby.core.domain.records import Draft, Record
from cognito_standby.core.domain.subjects import NAME_KEY, Subject, SubjectKind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 3
_SILENT_SECONDS = 60.0
"""So long a key that could not be read is not asked for again: a record does without."""


class SecretHasher:
    """The installation's key, read from Secrets Manager once a process. `client`: makes boto3's
    `secretsmanager` client, when it is first needed. Errors of a read are raised for a minute."""

    def __init__(
        self, client: Callable[[], Any], secret: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._secret, self._now = client, secret, now
        self._known: NameHasher | None = None
        self._failed: tuple[float, StandbyError] | None = None

    def __call__(self) -> NameHasher:
        """GetSecretValue, once. ServiceUnavailableError, ThrottledError, MisconfiguredError."""
        if self._known is None:
            if self._failed is not None and self._now() < self._failed[0]:
                raise self._failed[1]
            try:
                with translated():
                    answer = self._client().get_secret_value(SecretId=self._secret)
            except StandbyError as error:
                self._failed = (self._now() + _SILENT_SECONDS, error)
                raise
            self._known = NameHasher(answer["SecretString"].encode())
        return self._known


class NameItems:
    """One Region's view of the index, and its own items in it."""

    def __init__(
        self,
        client: DynamoDBClient,
        table_name: str,
        region: str,
        hasher: Callable[[], NameHasher],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._table, self._region = client, table_name, region
        self.hasher, self._now = hasher, now

    def find(self, name: str) -> tuple[str, ...]:
        """One strongly consistent Query: keys of whom either Region has under that hash, who may
        be others."""
        return tuple(dict.fromkeys(_key_in(item) for item in self._entries(name)))

    def young(self, name: str) -> tuple[str, ...]:
        """The same Query: entries are written before their record, and travel apart from it."""
        since = self._now() - SETTLED_SECONDS
        young = (item for item in self._entries(name) if int(item.get("at", 0)) > since)
        return tuple(dict.fromkeys(map(_key_in, young)))

    def _entries(self, name: str) -> list[Item]:
        with translated():
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="origin_sub = :name",
                ExpressionAttributeValues=wire({":name": NAME_KEY + self.hasher().of(name)}),
                ConsistentRead=True,
            )
        return [plain(item) for item in answer["Items"]]

    def before_put(self, draft: Draft) -> str:
        """What has to be there, or gone, before a record is written; the id of the key that its
        names are in the index under, "": they are not, and the walk through the table adds them.

        An erased user's are gone before the record is: whatever stops in between is repeated.
        Otherwise no failure of the index keeps a record from being written.
        """
        if draft.subject.kind is not SubjectKind.USER:
            return ""
        if draft.deleted and not draft.fields:
            self._forget(draft.former)
            return ""
        try:
            hasher = self.hasher()
            known = self._known(draft.former, hasher)
            self.add(draft.subject, hasher.all_of(draft.fields) - known)
        except StandbyError:
            return ""
        return hasher.id

    def after_put(self, draft: Draft) -> None:
        """Names that somebody no longer has; what fails here, the walk takes away."""
        if draft.subject.kind is not SubjectKind.USER or draft.former is None:
            return
        try:
            hasher = self.hasher()
            gone = hasher.all_of(draft.former.fields) - hasher.all_of(draft.fields)
            self.remove(draft.subject, gone)
        except StandbyError:
            return

    def after_removal(self, record: Record) -> None:
        """Of a record that is taken away; what fails here, the walk takes away."""
        try:
            self._forget(record)
        except StandbyError:
            return

    def add(self, subject: Subject, hashes: Collection[str]) -> None:
        """One BatchWriteItem, or none."""
        at = int(self._now())
        items = [{**self._key(subject, each), "bulk": True, "at": at} for each in sorted(hashes)]
        self._write([{"PutRequest": {"Item": wire(item)}} for item in items])

    def remove(self, subject: Subject, hashes: Collection[str]) -> None:
        """One BatchWriteItem, or none; what is not there is no error."""
        keys = [wire(self._key(subject, each)) for each in sorted(hashes)]
        self._write([{"DeleteRequest": {"Key": key}} for key in keys])

    def _forget(self, record: Record | None) -> None:
        if record is not None and record.fields and record.subject.kind is SubjectKind.USER:
            self.remove(record.subject, self.hasher().all_of(record.fields))

    @staticmethod
    def _known(former: Record | None, hasher: NameHasher) -> frozenset[str]:
        if former is None or former.named != hasher.id:
            return frozenset()
        return hasher.all_of(former.fields)

    def _key(self, subject: Subject, name_hash: str) -> dict[str, str]:
        return {"origin_sub": NAME_KEY + name_hash, "region": f"{self._region}#{subject.key}"}

    def _write(self, requests: list[Any]) -> None:
        for _ in range(_ATTEMPTS if requests else 0):
            with translated():
                answer = self._client.batch_write_item(RequestItems={self._table: requests})
            requests = list(answer.get("UnprocessedItems", {}).get(self._table, ()))
            if not requests:
                return
        if requests:
            raise ThrottledError("BatchWriteItem: unprocessed items")


def _key_in(entry: Item) -> str:
    return str(entry["region"]).partition("#")[2]
