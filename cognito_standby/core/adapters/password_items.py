"""Notes that a password was set: items `#password#<key>` of the records table. Shape: docs/data.md.

Items of their own: a note is no state of the pool, so no capture may drop it and no comparison
see it, and the index by shard lists those who have one without reading a record. They have the
mark for which the other Region's stream starts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import Item, shard_of, wire
from cognito_standby.core.adapters.shard_page import shard_page
from cognito_standby.core.domain.changed_passwords import PASSWORD_KEY, PasswordNote
from cognito_standby.core.domain.epochs import Epoch, Installation
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import PasswordNotePage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 3
_NEWER = "attribute_not_exists(epoch) OR epoch < :epoch OR (epoch = :epoch AND observed_at < :at)"


class DynamoPasswordNotes:
    """PasswordNotes on this Region's replica of the global table."""

    def __init__(
        self, client: DynamoDBClient, table_name: str, region: str, installation: Installation
    ) -> None:
        self._client, self._table, self._region = client, table_name, region
        self._other = installation.other(region)

    def note(self, subject: Subject, number: int, at: str, user_pool_id: str) -> bool:
        """One conditional UpdateItem: a note only ever rises."""
        values = {":epoch": number, ":at": at, ":shard": _shard(shard_of(subject)), ":true": True}
        values[":in"] = {"user_pool_id": user_pool_id, "epoch": number, "observed_at": at}
        return unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=wire({"origin_sub": PASSWORD_KEY + subject.key, "region": self._region}),
                UpdateExpression="SET epoch = :epoch, observed_at = :at, shard_id = :shard, "
                "#bulk = :true, set_in = :in",
                ExpressionAttributeNames={"#bulk": "bulk"},  # a reserved word
                ConditionExpression=_NEWER,
                ExpressionAttributeValues=wire(values),
            )
        )

    def of(self, subject: Subject) -> tuple[PasswordNote, ...]:
        """One BatchGetItem, strongly consistent."""
        key = PASSWORD_KEY + subject.key
        wanted = [{"origin_sub": key, "region": each} for each in (self._region, self._other)]
        items = batch_get(self._client, self._table, wanted, attempts=_ATTEMPTS)
        return tuple(map(_note, items))

    def page(self, shard: str, token: str) -> PasswordNotePage:
        """One Query of the index, of at most 1 MB: about 8,000 notes."""
        items, onward = shard_page(self._client, self._table, _shard(shard), token)
        return PasswordNotePage([(_key(item), _note(item)) for item in items], onward)


def remove_own(client: DynamoDBClient, table: str, subject: Subject, region: str) -> None:
    """Take away a Region's note of a subject of whom nothing is left: one DeleteItem."""
    with translated():
        client.delete_item(
            TableName=table,
            Key=wire({"origin_sub": PASSWORD_KEY + subject.key, "region": region}),
        )


def _shard(shard: str) -> str:
    """Beside the shards of the records, which readers of records do not come across."""
    return PASSWORD_KEY + shard


def _key(item: Item) -> str:
    return str(item["origin_sub"]).removeprefix(PASSWORD_KEY)


def _note(item: Item) -> PasswordNote:
    try:
        epoch, at = int(item["epoch"]), str(item["observed_at"])
        note = PasswordNote(Epoch(epoch, str(item["region"])), at, _pool(item))
        _ = note.set_at
    except (ArithmeticError, KeyError, TypeError, ValueError):
        text = "a note of a password in the table does not have the documented shape"
        raise InvalidRecordError(text) from None
    return note


def _pool(item: Item) -> str:
    """In which pool; "": a release noted it that does not say. Such a one leaves what was told of
    the note before, so that names which note it is about."""
    told = item.get("set_in")
    if not isinstance(told, dict):
        return ""
    of_this = (told.get("epoch"), told.get("observed_at")) == (item["epoch"], item["observed_at"])
    return str(told.get("user_pool_id", "")) if of_this else ""
