"""The note of what was published, an item of this Region's ledger table. Shape: docs/data.md.

The right to publish lasts longer than the function can run, so who has it and lives has it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import is_refused, translated, unless_refused
from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import InvalidRecordError, LeaseHeldError
from cognito_standby.core.domain.ledger_keys import PUBLISHED
from cognito_standby.core.ports import Clock
from cognito_standby.recovery.domain.limits import Raised
from cognito_standby.recovery.ports import PublicationNote

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HELD_SECONDS = 40
"""The function has 30 s."""
_TAKE = "attribute_not_exists(holder) OR held_until < :now"
_MINE = "holder = :me"


class PublicationItem:
    """PublicationNotes on the ledger table."""

    def __init__(self, client: DynamoDBClient, table_name: str, clock: Clock) -> None:
        self._client, self._table, self._clock = client, table_name, clock

    def take(self, holder: str) -> PublicationNote:
        """One conditional UpdateItem, which answers with the note."""
        now = int(self._clock.now().timestamp())
        with translated():
            try:
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=wire({"subject": PUBLISHED}),
                    UpdateExpression="SET holder = :me, held_until = :until",
                    ConditionExpression=_TAKE,
                    ExpressionAttributeValues=wire(
                        {":me": holder, ":until": now + HELD_SECONDS, ":now": now}
                    ),
                    ReturnValues="ALL_NEW",
                )
            except ClientError as error:
                if is_refused(error):
                    raise LeaseHeldError("another run publishes the active pool") from None
                raise
        return _note(plain(answer["Attributes"]))

    def keep(self, holder: str, note: PublicationNote) -> None:
        """One conditional UpdateItem."""
        values: Item = {
            ":published": _epoch(note.published),
            ":told": _epoch(note.told),
            ":raised": _from(note.raised),
        }
        expression = "SET published = :published, told = :told, raised = :raised"
        if not self._update(expression, {**values, ":me": holder}):
            raise LeaseHeldError("another run publishes the active pool by now")

    def give_back(self, holder: str) -> None:
        """One conditional UpdateItem."""
        self._update("REMOVE holder, held_until", {":me": holder})

    def _update(self, expression: str, values: Item) -> bool:
        return unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=wire({"subject": PUBLISHED}),
                UpdateExpression=expression,
                ConditionExpression=_MINE,
                ExpressionAttributeValues=wire(values),
            )
        )


def _epoch(epoch: Epoch | None) -> list[Any] | None:
    return [epoch.number, epoch.region] if epoch else None


def _from(raised: Raised | None) -> list[int] | None:
    """The release before reads the first two."""
    return [raised.before, raised.to, int(raised.done)] if raised else None


def _raised(told: list[Any]) -> Raised:
    """The release before wrote two, just before it raised the limit."""
    before, to, *done = map(int, told)
    return Raised(before, to, done=bool(done[0]) if done else True)


def _note(item: Item) -> PublicationNote:
    try:
        published, told, raised = (item.get(name) for name in ("published", "told", "raised"))
        return PublicationNote(
            published=Epoch(int(published[0]), str(published[1])) if published else None,
            told=Epoch(int(told[0]), str(told[1])) if told else None,
            raised=_raised(raised) if raised else None,
        )
    except (TypeError, ValueError, IndexError, KeyError):
        raise InvalidRecordError("the note of what was published is not of its shape") from None
