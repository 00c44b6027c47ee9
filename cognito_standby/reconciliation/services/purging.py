"""What is due by age: deleted users are removed, and then their tombstones are.

Rules, explored in tests/property (docs/protocol.md, "Purging and stripping"):

    purge    a user who is disabled, of whom every record is a tombstone of at least that age
    retire   mark the own tombstone once the other Region's item is seen to be one as well
    strip    take away the own marked tombstone once the other Region's is marked or gone, and
             then the ledger's row

Times say only how long something is kept. The order of changes is told by the records.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cognito_standby.core.domain.errors import PlanStaleError
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject, SubjectKind
from cognito_standby.reconciliation.domain.reconciliation import Housekeeping
from cognito_standby.reconciliation.domain.repairs import Did
from cognito_standby.reconciliation.services.context import RunSettings
from cognito_standby.replication.domain.decide import Confirm, decide
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import look
from cognito_standby.replication.services.pool_writer import PoolWriter
from cognito_standby.replication.services.preconditions import require_confirmed_table
from cognito_standby.replication.services.sync import confirm_sync

SKEW = timedelta(minutes=15)
"""Two Regions' clocks may differ so much before a time in the future is worth a warning."""

CLOCK_SKEW = "clock skew: a tombstone is dated in the future"
UNDATED = "a tombstone bears no readable time"
_YOUNG = "not old enough"

Done = tuple[Did, str]


def housework(settings: RunSettings) -> Callable[[SyncContext, Subject, str, Housekeeping], Done]:
    """What a visit does about who is due, after SYNC has confirmed them."""

    def work(ctx: SyncContext, subject: Subject, holder: str, kind: Housekeeping) -> Done:
        match kind:
            case Housekeeping.PURGE:
                return purge(ctx, subject, holder, settings.grace)
            case Housekeeping.STRIP:
                return strip(ctx, subject, holder, settings.retention)

    return work


def purge(ctx: SyncContext, subject: Subject, holder: str, grace: timedelta) -> Done:
    """Remove a user who was deleted in the other Region, `grace` after this Region confirmed it.

    In an active pool, too: a user who was enabled again there, or was changed before the deletion
    arrived, is no longer in the confirmed state, and SYNC captures them. LeaseHeldError.
    PlanStaleError: not what was confirmed; SYNC first.
    """
    view = _view(ctx, subject, holder)
    winner = view.winner
    if subject.kind is not SubjectKind.USER or not view.observed.present:
        return _spared(ctx, view, holder, "not in the pool")
    if winner is None or not winner.deleted:
        return _spared(ctx, view, holder, "not deleted")
    if reason := _not_due(view.partition.records, grace, ctx.clock.now()):
        return _spared(ctx, view, holder, reason)
    if not _is_settled(view):
        raise PlanStaleError("the deletion is not confirmed here")
    PoolWriter(ctx, view, holder, look_again=_nothing_moved).remove_user()
    confirm_sync(ctx, subject, holder)
    return Did.PURGED, ""


def _nothing_moved(ctx: SyncContext, view: View, holder: str) -> None:
    again = look(ctx, view.subject, ctx.ledger.renew_lease(view.subject, holder))
    seen = (view.observed, view.partition, view.claims)
    if (again.observed, again.partition, again.claims) != seen:
        raise PlanStaleError("something moved since the intent")


def strip(ctx: SyncContext, subject: Subject, holder: str, retention: timedelta) -> Done:
    """Do the next step in removing what is left of a subject who is in no pool any more.

    LeaseHeldError. PlanStaleError: something moved, or is not what was confirmed; SYNC first.
    """
    view = _view(ctx, subject, holder)
    own, other = view.partition.own, view.partition.other
    if view.observed.present:
        return _spared(ctx, view, holder, "still in the pool")
    if not view.partition.records:
        ctx.ledger.forget(subject, holder)
        return Did.STRIPPED, "only the ledger knew"
    if not all(record.deleted for record in view.partition.records):
        raise PlanStaleError("a record lives")
    if own is None:
        if other is None or not other.retired:
            raise PlanStaleError("the deletion is not confirmed here")
        ctx.ledger.forget(subject, holder)
        return Did.STRIPPED, "the other Region's tombstone goes by itself"
    if own.retired:
        return _remove(ctx, view, own, holder)
    if other is None:
        return _spared(ctx, view, holder, "the other Region has not confirmed it")
    if reason := _not_due(view.partition.records, retention, ctx.clock.now()):
        return _spared(ctx, view, holder, reason)
    return _retire(ctx, view, own, holder)


def _view(ctx: SyncContext, subject: Subject, holder: str) -> View:
    """A look under the lease. PlanStaleError: a write was begun and not confirmed, perhaps by
    the attempt before."""
    require_confirmed_table(ctx)
    view = look(ctx, subject, ctx.ledger.take_lease(subject, holder))
    if view.ledger.target is not None:
        raise PlanStaleError("a write is not confirmed")
    return view


def _retire(ctx: SyncContext, view: View, own: Record, holder: str) -> Done:
    """Mark the own tombstone: nothing else of it changes, so the same record wins as before."""
    if not ctx.records.retire(own):
        raise PlanStaleError("the own record moved")
    confirm_sync(ctx, view.subject, holder)
    return Did.STRIPPED, "marked"


def _remove(ctx: SyncContext, view: View, own: Record, holder: str) -> Done:
    other = view.partition.other
    if other is not None and not other.retired:
        return _spared(ctx, view, holder, "the other Region has not marked its own")
    if not ctx.records.remove(own):
        raise PlanStaleError("the own record moved")
    after = look(ctx, view.subject, ctx.ledger.renew_lease(view.subject, holder))
    if after.observed.present or not all(record.deleted for record in after.partition.records):
        raise PlanStaleError("somebody came meanwhile")
    ctx.ledger.forget(view.subject, holder)
    return Did.STRIPPED, ""


def _is_settled(view: View) -> bool:
    """Whether SYNC has confirmed this very deletion here, and has nothing to do about it."""
    decision, winner = decide(view), view.winner
    return (
        isinstance(decision, Confirm)
        and not decision.own_tombstone
        and winner is not None
        and view.ledger.confirmed_version == winner.version
    )


def _not_due(records: list[Record], age: timedelta, now: datetime) -> str:
    """Why a tombstone is to be kept; nothing when all are old enough."""
    written = [record.written_at for record in records if record.written_at is not None]
    if len(written) < len(records):
        return UNDATED
    newest = max(written)
    if newest - now > SKEW:
        return CLOCK_SKEW
    return "" if now - newest >= age else _YOUNG


def _spared(ctx: SyncContext, view: View, holder: str, reason: str) -> Done:
    ctx.ledger.release(view.subject, holder)
    return Did.LEFT if reason in (CLOCK_SKEW, UNDATED) else Did.NOTHING, reason
