"""Markers of failures and the sweep's memory, in the ledger table. Shapes: docs/data.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import Item, wire
from cognito_standby.core.adapters.ledger_table import LedgerItems
from cognito_standby.core.domain.ledger_keys import CURSOR, LETTER, ONCE
from cognito_standby.core.domain.plain import from_plain
from cognito_standby.core.ports import Clock
from cognito_standby.failures.domain.failures import Marker, MarkerStage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CURSOR_SECONDS = 86_400
"""How long a page token of ListExecutions is good for (Step Functions API reference)."""

_UNTOUCHED = {
    True: "#owner = :seen_owner AND claimed_at = :seen_at",
    False: "attribute_not_exists(subject) OR expires_at < :now",
}
"""By whether a marker was seen. TTL deletes with a delay of days, so a date in the past counts."""


_MINE = "(#owner = :owner AND claimed_at = :at)"
"""The answer to our own put was lost, and the SDK sent it again."""


class DynamoFailureNotes(LedgerItems):
    """FailureNotes. `keep_seconds`: how long a marker is kept; as long as its letter."""

    def __init__(
        self, client: DynamoDBClient, table_name: str, clock: Clock, keep_seconds: int
    ) -> None:
        super().__init__(client, table_name)
        self._clock, self._keep_seconds = clock, keep_seconds

    def read(self, key: str) -> Marker | None:
        """One consistent GetItem."""
        return _marker(self._get(LETTER + key))

    def read_many(self, keys: Collection[str]) -> Mapping[str, Marker]:
        """Consistent BatchGetItems."""
        found: dict[str, Marker] = {}
        wanted = [{"subject": LETTER + key} for key in sorted(keys)]
        for item in batch_get(self._client, self._table, wanted):
            if (marker := _marker(item)) is not None:
                found[str(item["subject"]).removeprefix(LETTER)] = marker
        return found

    def claim(self, key: str, seen: Marker | None, marker: Marker) -> bool:
        """One conditional PutItem, which its own repetition by the SDK must not find refused."""
        item = {
            "subject": LETTER + key,
            "owner": marker.owner,
            "stage": marker.stage.value,
            "claimed_at": int(marker.claimed_at),
            "expires_at": self._now() + self._keep_seconds,
        }
        bound: Item = {":now": self._now()}
        if seen is not None:
            bound = {":seen_owner": seen.owner, ":seen_at": int(seen.claimed_at)}
        bound |= {":owner": marker.owner, ":at": int(marker.claimed_at)}
        return self._put_if(item, f"({_UNTOUCHED[seen is not None]}) OR {_MINE}", bound)

    def advance(self, key: str, stage: MarkerStage) -> None:
        """One conditional UpdateItem."""
        unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=wire({"subject": LETTER + key}),
                UpdateExpression="SET stage = :stage",
                ConditionExpression="attribute_exists(subject)",
                ExpressionAttributeValues=wire({":stage": stage.value}),
            )
        )

    def cursor(self, name: str) -> str:
        """One consistent GetItem."""
        item = self._get(CURSOR + name)
        return str(item["token"]) if item.get("expires_at", 0) > self._now() else ""

    def keep_cursor(self, name: str, token: str) -> None:
        """One PutItem, or one DeleteItem at the end of the listing."""
        with translated():
            if not token:
                self._client.delete_item(
                    TableName=self._table, Key=wire({"subject": CURSOR + name})
                )
                return
            item = {
                "subject": CURSOR + name,
                "token": token,
                "expires_at": self._now() + _CURSOR_SECONDS,
            }
            self._client.put_item(TableName=self._table, Item=wire(item))

    def first_in(self, key: str, seconds: int) -> bool:
        """One conditional PutItem."""
        item = {"subject": ONCE + key, "expires_at": self._now() + seconds}
        return self._put_if(item, _UNTOUCHED[False], {":now": self._now()})

    def _put_if(self, item: Item, condition: str, bound: Item) -> bool:
        named = {"ExpressionAttributeNames": {"#owner": "owner"}} if "#owner" in condition else {}
        return unless_refused(
            lambda: self._client.put_item(
                TableName=self._table,
                Item=wire(item),
                ConditionExpression=condition,
                ExpressionAttributeValues=wire(bound),
                **named,  # type: ignore[arg-type]
            )
        )

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _marker(item: Item) -> Marker | None:
    if "stage" not in item:
        return None
    return from_plain(Marker, item, wrong="a marker in the ledger is not of its shape")
