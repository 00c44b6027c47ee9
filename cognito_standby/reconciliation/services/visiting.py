"""A visit: one suspect through the very steps of SYNC, in process.

Every step looks for itself and decides anew, so a visit knows no more than where to begin. What
it did is told by its effects at the ports, not by what it meant to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    MisconfiguredError,
    NewerSchemaError,
    NotSettlingError,
    PlanStaleError,
    ServiceUnavailableError,
    StandbyError,
    ThrottledError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.quotas import USER_READ
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import Drift, Housekeeping, Suspect
from cognito_standby.reconciliation.domain.repairs import Did, Visit
from cognito_standby.reconciliation.ports import Pacer
from cognito_standby.reconciliation.services import metering
from cognito_standby.reconciliation.services.paced_pool import STEP_SECONDS, PacedPool
from cognito_standby.replication.services import replay, sync
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import identify

_PLANS = 6
"""Plans before a visit gives up on who keeps moving: `sync_user` takes more."""

_TRIES = 4
"""Of a service that does not answer."""

_NO_SHARD = (Drift.NO_SHARD, Drift.MISSING_RECORD)
"""A record that the index does not show may be there without its shard."""

Housework = Callable[[SyncContext, Subject, str, Housekeeping], tuple[Did, str]]
"""Purges or strips a subject under the lease: what was done, and why not where nothing was.
PlanStaleError: something moved."""


@dataclass(frozen=True)
class Visitor:
    """One worker's visits. `ctx` is its Region with metered ports; `holder` holds the leases."""

    ctx: SyncContext
    pool: PacedPool
    pacer: Pacer
    holder: str
    housework: Housework

    @classmethod
    def of(cls, ctx: SyncContext, pacer: Pacer, holder: str, housework: Housework) -> Visitor:
        """With meters at the ports."""
        meter = metering.Meter()
        pool = PacedPool(ctx.directory, pacer, ctx.clock, meter)
        metered = replace(
            ctx,
            directory=pool,
            records=metering.counted_records(ctx.records, meter),
            ledger=metering.counted_ledger(ctx.ledger, meter),
        )
        return cls(metered, pool, pacer, holder, housework)

    @property
    def meter(self) -> metering.Meter:
        """What all visits asked so far."""
        return self.pool.meter

    def visit(self, suspect: Suspect) -> Visit:
        """Visit one suspect; it never raises for what is about this one alone.

        MisconfiguredError: a permission or a setting is wrong, or something that nobody foresaw.
        ThrottledError: there is no time left to wait; the suspect is still to be visited.
        """
        start = _Start(replace(self.meter))
        try:
            did, reason = self._settled(suspect, start)
        except (ThrottledError, MisconfiguredError):
            raise
        except StandbyError as error:
            did, reason = self.hand_over(suspect, error)
        return Visit(suspect, did, reason, self.meter.billed > start.meter.billed)

    def _settled(self, suspect: Suspect, start: _Start) -> tuple[Did, str]:
        unanswered = 0
        while True:
            try:
                subject = self._identified(suspect)
                try:
                    return self._planned(subject, suspect, start)
                except ThrottledError:
                    self._wait_or_release(subject)
                except StandbyError:
                    self.ctx.ledger.release(subject, self.holder)
                    raise
            except ServiceUnavailableError:
                unanswered += 1
                if unanswered == _TRIES:
                    raise

    def _wait_or_release(self, subject: Subject) -> None:
        """Throttled: the pacer has slowed down, so the visit begins again while there is time."""
        if self.pacer.remaining_seconds() < STEP_SECONDS:
            self.ctx.ledger.release(subject, self.holder)
            raise ThrottledError("no time is left to wait")
        self.pacer.wait(USER_READ)

    def _identified(self, suspect: Suspect) -> Subject:
        """Whom the suspect is about. The copy of an origin sub in the pool, by which a comparison
        may have found the key, is believed only where the ledger says the same."""
        key, local_sub = suspect.key, suspect.local_sub
        sure = not local_sub or key == local_sub
        if key and (sure or self.ctx.ledger.origin_of(local_sub) == key):
            return Subject.from_key(key)
        self.pool.begin_step()
        return identify(self.ctx, Hint(local_sub=local_sub))

    def _planned(self, subject: Subject, suspect: Suspect, start: _Start) -> tuple[Did, str]:
        start.row = start.row or self.ctx.ledger.read(subject)
        for number in range(_PLANS):
            try:
                reason = self._steps(subject, suspect if number == 0 else None)
                if isinstance(suspect.kind, Housekeeping):
                    self.pool.begin_step()
                    return self.housework(self.ctx, subject, self.holder, suspect.kind)
            except PlanStaleError:
                continue
            return self._done(subject, suspect, start, reason)
        raise NotSettlingError("planned over and over without an end")

    def _steps(self, subject: Subject, suspect: Suspect | None) -> str:
        """The states of `sync_user`, one after the other; where a record or a user is missing the
        plan is plain, and its look is saved."""
        ctx, holder = self.ctx, self.holder
        self.pool.begin_step()
        match suspect.kind if suspect else None:
            case Drift.MISSING_RECORD | Drift.STALE_RECORD:
                ctx.ledger.take_lease(subject, holder)
                decision = "capture"
            case Drift.MISSING_USER:
                decision = "apply"
            case _:
                again = suspect is None
                planned = sync.plan_sync(ctx, Hint(origin_sub=subject.key), holder, again=again)
                decision = planned.decision
                if decision == "done":
                    return planned.reason
                subject = planned.subject  # a provider's user may be found to be somebody
        self.pool.begin_step()
        if decision == "capture":
            return sync.capture_record(ctx, subject, holder, "").reason
        return replay.replay_record(ctx, subject, holder).reason

    def _done(
        self, subject: Subject, suspect: Suspect, start: _Start, reason: str
    ) -> tuple[Did, str]:
        """What was done, by its effects."""
        if self.meter.pool_writes > start.meter.pool_writes:
            return Did.REPLAYED, ""  # perhaps after a capture that lost
        if self.meter.records_put > start.meter.records_put:
            return Did.CAPTURED, ""
        if suspect.kind in _NO_SHARD and self.ctx.records.add_to_index(subject):
            return Did.INDEXED, ""
        now = self.ctx.ledger.read(subject)
        if start.row is None or replace(start.row, lease=None) != replace(now, lease=None):
            return Did.CONFIRMED, reason
        return Did.NOTHING, reason

    def hand_over(self, suspect: Suspect, error: StandbyError) -> tuple[Did, str]:
        """Let `sync_user` try for longer; its failure gets the usual treatment.

        Left is what it cannot help with either: a record that waits for an upgrade or cannot be
        read would have a new execution and a new dead letter after each run.
        """
        hint = Hint(
            origin_sub=suspect.key,
            local_sub="" if suspect.key else suspect.local_sub,
            cause="reconciliation",
            hinted_at=self.ctx.clock.now().isoformat(),
        )
        reason = type(error).__name__
        known = suspect.kind is Drift.UNREADABLE_RECORD or not _can_travel(hint)
        if isinstance(error, NewerSchemaError) or (isinstance(error, InvalidRecordError) and known):
            return Did.LEFT, reason
        try:
            self.ctx.bus.publish(hint)
        except (ServiceUnavailableError, ThrottledError):
            return Did.LEFT, reason
        return Did.HANDED_OVER, reason


@dataclass
class _Start:
    """What there was before a visit, whose attempts count as one."""

    meter: metering.Meter
    row: LedgerRow | None = None


def _can_travel(hint: Hint) -> bool:
    try:
        Hint.from_dict(hint.to_dict())
    except InvalidRecordError:
        return False
    return True
