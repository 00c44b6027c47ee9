"""The line of replays: one item of the ledger table says when the next turn begins.

A turn is handed out once, by a conditional update, so that a line of any length moves at its pace
whoever asks, and whatever becomes of those who had asked before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import is_refused, translated
from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.ledger_keys import TURNS
from cognito_standby.core.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 3


class DynamoTurns:
    """Turns on the ledger table."""

    def __init__(self, client: DynamoDBClient, table_name: str, clock: Clock) -> None:
        self._client, self._table, self._clock = client, table_name, clock

    def take(self, seconds: float) -> float:
        """One UpdateItem where nobody waits, two where somebody does."""
        for _ in range(_ATTEMPTS):
            now, length = int(self._clock.now().timestamp() * 1000), round(seconds * 1000)
            times: Item = {":length": length, ":now": now}
            nobody = "attribute_not_exists(next_at) OR next_at <= :now"
            if self._set(":now + :length", nobody, times) is not None:
                return 0.0
            end = self._set("next_at + :length", "next_at > :now", times)
            if end is not None:
                return (end - length - now) / 1000
        raise ThrottledError("the line of replays moves too fast")

    def _set(self, value: str, condition: str, times: Item) -> int | None:
        """The end of the turn that was handed out, in milliseconds of the epoch; None: refused."""
        with translated():
            try:
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=wire({"subject": TURNS}),
                    UpdateExpression=f"SET next_at = {value}",
                    ConditionExpression=condition,
                    ExpressionAttributeValues=wire(times),
                    ReturnValues="UPDATED_NEW",
                )
            except ClientError as error:
                if is_refused(error):
                    return None
                raise
        return int(plain(answer["Attributes"])["next_at"])
