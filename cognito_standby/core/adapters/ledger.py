"""The ledger table of one Region. Shape of the items: docs/data.md.

Every write but the first is conditional on the lease: a late Lambda of an execution that lost it
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import (
    cancelled_by,
    is_refused,
    translated,
    unless_refused,
)
from cognito_standby.core.adapters.conflict_items import ConflictItems
from cognito_standby.core.adapters.items import Item, ledger_row, plain, shard_of, wire
from cognito_standby.core.adapters.origin_items import OriginItems
from cognito_standby.core.domain.absence import RegionNotes
from cognito_standby.core.domain.errors import LeaseHeldError, PlanStaleError
from cognito_standby.core.domain.ledger import (
    Confirmation,
    Intent,
    LedgerRow,
    SyncState,
    any_run_of,
)
from cognito_standby.core.domain.ledger_keys import FIRST_POOL, NOTES, REVERSE
from cognito_standby.core.domain.subjects import Image, Subject, image_of
from cognito_standby.core.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MINE = "lease_holder = :holder"
_LEASE = ("lease_holder", "lease_expires_at")
_CONFIRMED = (
    *("confirmed", "confirmed_epoch", "confirmed_region", "confirmed_revision"),
    *("summary", "record_fingerprint"),
)
_SHARD = "shard_id"
"""Partition key of the index `by-shard`. Every write carries it, so that a row of an older release
comes into the index with its next lease; the same value again costs nothing there."""
_ATTENTION = "attention"
"""Partition key of the sparse index `by-attention`: only what is not settled is in it, and what was
confirmed although the pool does not hold all of it."""


class DynamoLedger(OriginItems, ConflictItems):
    """Ledger on a regional table. `lease_seconds` must exceed a task's time limit by a margin.
    `user_pool_id`: which pool is written about; who writes nothing about one needs none."""

    def __init__(
        self,
        client: DynamoDBClient,
        table_name: str,
        clock: Clock,
        lease_seconds: int,
        user_pool_id: str = "",
    ) -> None:
        super().__init__(client, table_name)
        self._pool = user_pool_id
        self._clock, self._lease_seconds = clock, lease_seconds

    def take_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """One UpdateItem, which also reads the row."""
        free = f"attribute_not_exists(lease_holder) OR {_MINE} OR lease_expires_at < :now"
        return self._lease(subject, holder, free, {":now": self._now()}, LeaseHeldError)

    def renew_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """One UpdateItem, which also reads the row."""
        return self._lease(subject, holder, _MINE, {}, PlanStaleError)

    def take_over_lease(self, subject: Subject, former: str, holder: str) -> LedgerRow:
        """One UpdateItem, which also reads the row; a GetItem says why where it is refused."""
        theirs = f"{_MINE} OR (begins_with(lease_holder, :former) AND lease_expires_at < :now)"
        values = {":former": any_run_of(former), ":now": self._now()}
        try:
            return self._lease(subject, holder, theirs, values, PlanStaleError)
        except PlanStaleError:
            lease = self.read(subject).lease
            if lease is not None and lease.holder.startswith(any_run_of(former)):
                raise LeaseHeldError("the failed execution's lease has not expired") from None
            raise

    def release(self, subject: Subject, holder: str) -> None:
        """One UpdateItem; a lease that is not ours stays."""
        try:
            self._update(subject, holder, {}, remove=_LEASE)
        except PlanStaleError:
            return

    def end_lease(self, subject: Subject, holder: str) -> None:
        """One UpdateItem."""
        self._update(subject, holder, {"lease_expires_at": self._now() - 1})

    def note_intent(self, subject: Subject, holder: str, intent: Intent) -> None:
        """One UpdateItem."""
        forgotten = (*_CONFIRMED, "local_sub") if intent.forgets else ()
        self._update(subject, holder, self._about_pool(_intent_values(intent)), remove=forgotten)

    def note_created(
        self, subject: Subject, holder: str, intent: Intent, local_sub: str, username: str
    ) -> None:
        """One TransactWriteItems: the reverse map and the row."""
        noted = {**_intent_values(intent), "local_sub": local_sub, "local_username": username}
        values = self._about_pool(noted)
        forgotten = _CONFIRMED if intent.forgets else ()
        reverse = wire({"subject": REVERSE + local_sub, "origin_sub": subject.id})
        self._guarded(
            PlanStaleError,
            lambda: self._client.transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": self._table, "Item": reverse}},
                    {"Update": self._update_request(subject, holder, values, forgotten)},
                ]
            ),
        )

    def confirm(self, subject: Subject, holder: str, confirmation: Confirmation) -> None:
        """One UpdateItem."""
        values: Item = {
            "state": SyncState.IN_SYNC.value,
            "base": dict(image_of(confirmation.fields)),
            "confirmed": dict(confirmation.fields),
            "skipped": dict(confirmation.skipped),
            "summary": confirmation.summary,
            "record_fingerprint": confirmation.record_fingerprint,
        }
        if confirmation.local_sub:
            values["local_sub"] = confirmation.local_sub
            values["local_username"] = confirmation.local_username
        if confirmation.version is not None:
            values["confirmed_epoch"] = confirmation.version.epoch.number
            values["confirmed_region"] = confirmation.version.epoch.region
            values["confirmed_revision"] = confirmation.version.revision
        closed: tuple[str, ...] = ("target", "restoring", "reason", *_LEASE)
        if confirmation.skipped:
            values[_ATTENTION] = not_held_partition(shard_of(subject))
        else:
            closed = (*closed, _ATTENTION)
        self._update(subject, holder, self._about_pool(values), remove=closed)

    def note_state(self, subject: Subject, holder: str, state: SyncState, reason: str) -> None:
        """One UpdateItem."""
        values = {"state": state.value, "reason": reason}
        if state in (SyncState.FAILED, SyncState.QUARANTINED):
            values[_ATTENTION] = state.value
            self._update(subject, holder, values, remove=_LEASE)
        else:
            self._update(subject, holder, values, remove=(_ATTENTION, *_LEASE))

    def note_refused(self, subject: Subject, holder: str, refused: Image) -> None:
        """One UpdateItem."""
        self._update(subject, holder, {"refused": dict(refused)})

    def forget(self, subject: Subject, holder: str) -> None:
        """One TransactWriteItems: the row and the reverse map, after a consistent read."""
        mine: Any = {
            "TableName": self._table,
            "Key": wire({"subject": subject.key}),
            "ConditionExpression": _MINE,
            "ExpressionAttributeValues": wire({":holder": holder}),
        }
        local_sub = self.read(subject).local_sub
        reverse: Any = {"TableName": self._table, "Key": wire({"subject": REVERSE + local_sub})}
        gone: Any = [{"Delete": mine}, *([{"Delete": reverse}] if local_sub else [])]
        self._guarded(PlanStaleError, lambda: self._client.transact_write_items(TransactItems=gone))

    def read(self, subject: Subject) -> LedgerRow:
        """One consistent GetItem."""
        return ledger_row(subject, self._get(subject.key))

    def region_notes(self) -> RegionNotes:
        """Two consistent GetItems."""
        noted = self._get(NOTES)
        return RegionNotes(
            table_id=str(noted.get("table_id", "")),
            reconciled=frozenset(noted.get("recoveries", ())),
            first_pool=str(self._get(FIRST_POOL).get("user_pool_id", "")),
        )

    def note_table(self, former: str, table_id: str) -> bool:
        """One conditional UpdateItem."""
        values = {":id": table_id, **({":former": former} if former else {})}
        return unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=wire({"subject": NOTES}),
                UpdateExpression="SET table_id = :id",
                ConditionExpression=(
                    "table_id = :former" if former else "attribute_not_exists(table_id)"
                ),
                ExpressionAttributeValues=wire(values),
            )
        )

    def note_reconciled(self, recoveries: frozenset[str]) -> None:
        """One UpdateItem."""
        if not recoveries:
            return
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=wire({"subject": NOTES}),
                UpdateExpression="ADD recoveries :ids",
                ExpressionAttributeValues=wire({":ids": set(recoveries)}),
            )

    def _about_pool(self, values: Item) -> Item:
        return {**values, "user_pool_id": self._pool} if self._pool else values

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _lease(
        self,
        subject: Subject,
        holder: str,
        condition: str,
        extra: Item,
        refused: type[LeaseHeldError] | type[PlanStaleError],
    ) -> LedgerRow:
        until = self._now() + self._lease_seconds
        values = {":holder": holder, ":until": until, ":shard": shard_of(subject), **extra}
        answer = self._guarded(
            refused,
            lambda: self._client.update_item(
                TableName=self._table,
                Key=wire({"subject": subject.key}),
                UpdateExpression=(
                    f"SET lease_holder = :holder, lease_expires_at = :until, {_SHARD} = :shard"
                ),
                ConditionExpression=condition,
                ExpressionAttributeValues=wire(values),
                ReturnValues="ALL_NEW",
            ),
        )
        return ledger_row(subject, plain(answer["Attributes"]))

    def _update(
        self, subject: Subject, holder: str, values: Item, remove: tuple[str, ...] = ()
    ) -> None:
        request = self._update_request(subject, holder, values, remove)
        self._guarded(PlanStaleError, lambda: self._client.update_item(**request))

    def _update_request(
        self, subject: Subject, holder: str, values: Mapping[str, Any], remove: tuple[str, ...]
    ) -> Any:
        values = {**values, _SHARD: shard_of(subject)}
        names = {f"#{name}": name for name in (*values, *remove)}
        parts = ["SET " + ", ".join(f"#{name} = :{name}" for name in values)]
        if remove:
            parts.append("REMOVE " + ", ".join(f"#{name}" for name in remove))
        bound = {f":{name}": value for name, value in values.items()} | {":holder": holder}
        return {
            "TableName": self._table,
            "Key": wire({"subject": subject.key}),
            "UpdateExpression": " ".join(parts),
            "ConditionExpression": _MINE,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": wire(bound),
        }

    @staticmethod
    def _guarded(refused: type[LeaseHeldError] | type[PlanStaleError], call: Any) -> Any:
        with translated():
            try:
                return call()
            except ClientError as error:
                if is_refused(error) or "ConditionalCheckFailed" in cancelled_by(error):
                    raise refused("the lease is not ours") from None
                raise


def not_held_partition(shard: str) -> str:
    """Where rows are indexed whose pool does not hold all that the winner has: by shard, so that no
    partition of the index grows with the pool."""
    return f"not_held#{shard}"


def _intent_values(intent: Intent) -> Item:
    values: Item = {
        "state": SyncState.APPLYING.value,
        _ATTENTION: SyncState.APPLYING.value,
        "base": dict(intent.base),
        "target": dict(intent.target),
        "skipped": dict(intent.skipped),
        "restoring": intent.restoring,
    }
    if intent.local_username:
        values["local_username"] = intent.local_username
    return values
