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
from cognito_standby.core.adapters.ledger_writes import (
    ATTENTION,
    CONFIRMED,
    FREE,
    LEASE,
    MINE,
    SHARD,
    binding_parts,
    intent_values,
    update_request,
)
from cognito_standby.core.adapters.origin_items import origin_of
from cognito_standby.core.domain.absence import RegionNotes
from cognito_standby.core.domain.errors import LeaseHeldError, PlanStaleError
from cognito_standby.core.domain.ledger import (
    Binding,
    Confirmation,
    Intent,
    LedgerRow,
    SyncState,
    any_run_of,
)
from cognito_standby.core.domain.ledger_keys import FIRST_POOL, NOTES, REVERSE
from cognito_standby.core.domain.subjects import Image, Subject, image_of
from cognito_standby.core.ports import NOTHING, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoLedger(ConflictItems):
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

    def origin_of(self, local_sub: str) -> str | None:
        """One consistent BatchGetItem."""
        return origin_of(self._client, self._table, local_sub)

    def take_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """One UpdateItem, which also reads the row."""
        return self._lease(subject, holder, FREE, {":now": self._now()}, LeaseHeldError)

    def renew_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """One UpdateItem, which also reads the row."""
        return self._lease(subject, holder, MINE, {}, PlanStaleError)

    def take_over_lease(self, subject: Subject, former: str, holder: str) -> LedgerRow:
        """One UpdateItem, which also reads the row; a GetItem says why where it is refused."""
        theirs = f"{MINE} OR (begins_with(lease_holder, :former) AND lease_expires_at < :now)"
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
            self._update(subject, holder, {}, remove=LEASE)
        except PlanStaleError:
            return

    def end_lease(self, subject: Subject, holder: str) -> None:
        """One UpdateItem."""
        self._update(subject, holder, {"lease_expires_at": self._now() - 1})

    def note_intent(self, subject: Subject, holder: str, intent: Intent) -> None:
        """One UpdateItem."""
        forgotten = (*CONFIRMED, "local_sub") if intent.forgets else ()
        self._update(subject, holder, self._about_pool(intent_values(intent)), remove=forgotten)

    def note_created(
        self, subject: Subject, holder: str, intent: Intent, local_sub: str, username: str
    ) -> None:
        """One TransactWriteItems: the reverse map and the row."""
        noted = {**intent_values(intent), "local_sub": local_sub, "local_username": username}
        values = self._about_pool(noted)
        forgotten = CONFIRMED if intent.forgets else ()
        reverse = wire({"subject": REVERSE + local_sub, "origin_sub": subject.id})
        self._guarded(
            PlanStaleError,
            lambda: self._client.transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": self._table, "Item": reverse}},
                    {"Update": update_request(self._table, subject, holder, values, forgotten)},
                ]
            ),
        )

    def bind(self, stranger: Subject, holder: str, subject: Subject, binding: Binding) -> None:
        """One TransactWriteItems: the reverse map, the subject's row, and the stranger's."""
        now, noted = self._now(), self._about_pool(intent_values(binding.intent))
        until = now + self._lease_seconds
        parts = binding_parts(self._table, stranger, holder, subject, binding, noted, now, until)
        self._guarded(
            LeaseHeldError, lambda: self._client.transact_write_items(TransactItems=parts)
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
        closed: tuple[str, ...] = ("target", "restoring", "given", "reason", *LEASE)
        if confirmation.skipped:
            values[ATTENTION] = not_held_partition(shard_of(subject))
        else:
            closed = (*closed, ATTENTION)
        if confirmation.anew and not confirmation.local_sub:
            closed = (*closed, "local_sub", "local_username")
        self._update(subject, holder, self._about_pool(values), remove=closed)

    def note_state(
        self,
        subject: Subject,
        holder: str,
        state: SyncState,
        reason: str,
        skipped: Mapping[str, str] = NOTHING,
    ) -> None:
        """One UpdateItem."""
        values: Item = {"state": state.value, "reason": reason}
        if skipped:
            values["skipped"] = dict(skipped)
            values[ATTENTION] = not_held_partition(shard_of(subject))
        elif state in (SyncState.FAILED, SyncState.QUARANTINED):
            values[ATTENTION] = state.value
        closed = LEASE if ATTENTION in values else (ATTENTION, *LEASE)
        self._update(subject, holder, values, remove=closed)

    def note_refused(self, subject: Subject, holder: str, refused: Image) -> None:
        """One UpdateItem."""
        self._update(subject, holder, {"refused": dict(refused)})

    def forget(self, subject: Subject, holder: str) -> None:
        """One TransactWriteItems: the row and the reverse map, after a consistent read."""
        mine: Any = {
            "TableName": self._table,
            "Key": wire({"subject": subject.key}),
            "ConditionExpression": MINE,
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
                    f"SET lease_holder = :holder, lease_expires_at = :until, {SHARD} = :shard"
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
        request = update_request(self._table, subject, holder, values, remove)
        self._guarded(PlanStaleError, lambda: self._client.update_item(**request))

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
