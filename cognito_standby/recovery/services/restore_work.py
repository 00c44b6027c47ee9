"""Restoring a batch: each subject through SYNC, or by a change that undeletes or reverts them.

Repeatable by its files: a batch goes on after the last subject that is in a part, and who is
restored twice is found as recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    MisconfiguredError,
    StandbyError,
    ThrottledError,
)
from cognito_standby.core.domain.ledger import holder_of
from cognito_standby.core.domain.subjects import GROUP_KEY, Subject
from cognito_standby.reconciliation.domain.reconciliation import Drift, Housekeeping, Run, Suspect
from cognito_standby.reconciliation.domain.repairs import Did, Visit
from cognito_standby.reconciliation.services.visiting import Visitor
from cognito_standby.recovery.domain.restore_plan import Done, Outcome, Part
from cognito_standby.recovery.domain.restoring import Action
from cognito_standby.recovery.services.restore_asking import MOVED, Asker, asked_for, moved
from cognito_standby.recovery.services.restore_context import RestoreContext
from cognito_standby.recovery.services.restore_planning import begun_of
from cognito_standby.recovery.services.restore_store import Row
from cognito_standby.replication.services.context import SyncContext

RESERVE_SECONDS = 75.0
"""Kept for the subject that a worker is at: a change is waited for a minute."""
_PART_SUBJECTS = 25
_MISCONFIGURED = 3
"""So many in a row are not about single users any more."""

_HELD_TRIES, _HELD_SECONDS = 65, 2.0
"""A replay ends in seconds; the lease of one that died, 90 s, runs out in the meantime, too. A
worker that begins with somebody has time for all of it."""

MEANWHILE = "changed or deleted meanwhile, and recorded"
HELD = "somebody is at work on them"


@dataclass(frozen=True)
class Restorer(Visitor):
    """A Visitor that hands nobody over: in an active Region any hint about somebody who is still
    missing would capture a deletion. Who is left is named, and the restore can be run again."""

    def hand_over(self, suspect: Suspect, error: StandbyError) -> tuple[Did, str]:
        """Left, and why. The lease is given back already."""
        del suspect
        return Did.LEFT, HELD if isinstance(error, LeaseHeldError) else type(error).__name__


def restore_batch(ctx: RestoreContext, run: Run, name: str, holder: str) -> bool:
    """Restore the subjects of a batch, from where its last part ended. Whether nobody is left.

    `holder`: has the leases. MisconfiguredError: several in a row met one.
    """
    store = ctx.store(run)
    rows = store.batch(name)
    number, last = store.last_did(name)
    first = last.end if last else 0
    asked = begun_of(store).request
    work = _Work(first, Asker(ctx, run, asked.as_of), asked.also_changed_since)
    sync = replace(ctx.sync, wanted=True)
    visitor = Restorer.of(sync, ctx.region.pacer, holder_of(holder, number), _no_housework)
    try:
        for row in rows[first:]:
            if ctx.region.pacer.remaining_seconds() < RESERVE_SECONDS:
                break
            work.done.append(_restored(visitor, row, work))
            if len(work.done) >= _PART_SUBJECTS:
                store.write_did(name, number, work.taken())
                number += 1
    except ThrottledError:
        pass  # no time is left to wait: the next round goes on with this subject
    finally:
        if work.done:
            store.write_did(name, number, work.taken())
    return work.first == len(rows)


@dataclass
class _Work:
    """What one worker has done and not yet written. `first`: position of the first of `done`;
    `reverts`: whoever is made is put back as they were, too."""

    first: int
    asker: Asker
    reverts: bool
    done: list[Done] = field(default_factory=list)
    misconfigured: int = 0

    def taken(self) -> Part:
        """As a part; the next one begins behind it."""
        part = Part(self.first, tuple(self.done))
        self.first += len(self.done)
        self.done = []
        return part


def _restored(visitor: Visitor, row: Row, work: _Work) -> Done:
    """ThrottledError: no time is left; who was made already is found so. MisconfiguredError: once
    more in a row than may be about single users."""
    try:
        done = _brought(visitor, row, work)
    except MisconfiguredError as error:
        work.misconfigured += 1
        if work.misconfigured == _MISCONFIGURED:
            del work.done[-(_MISCONFIGURED - 1) :]
            raise
        return Done(row.key, row.action, Outcome.LEFT, type(error).__name__)
    work.misconfigured = 0
    return done


def _brought(visitor: Visitor, row: Row, work: _Work) -> Done:
    """One subject; and whoever was made is put back as they were, where that is asked for, too:
    their last state may be what somebody made of them before they were gone."""
    makes = row.action in (Action.CREATE, Action.UNDELETE) and not row.key.startswith(GROUP_KEY)
    reverts = work.reverts and makes
    strange = reverts and moved(work.asker, row)
    done = _made(visitor, row, work.asker)
    if not (reverts and done.outcome in (Outcome.RESTORED, Outcome.ALREADY)):
        return done
    if strange:
        return replace(done, outcome=Outcome.LEFT, reason=MOVED)
    if work.asker.ctx.region.pacer.remaining_seconds() < RESERVE_SECONDS:
        raise ThrottledError("no time is left to put somebody back as they were")
    then = asked_for(work.asker, row._replace(action=Action.REVERT), ours=True)
    return replace(then, action=row.action) if then.outcome is Outcome.LEFT else done


def _made(visitor: Visitor, row: Row, asker: Asker) -> Done:
    if row.action in (Action.UNDELETE, Action.REVERT):
        return asked_for(asker, row)
    kind = Drift.MISSING_USER if row.action is Action.CREATE else Drift.STALE_ATTRIBUTES
    visit = _visited(visitor, Suspect(kind, row.key), asker.ctx)
    return Done(row.key, row.action, *_outcome(visit.did, visit.reason))


def _visited(visitor: Visitor, suspect: Suspect, ctx: RestoreContext) -> Visit:
    """Replication does not stand still while a pool is restored: whom it is at work on is visited
    again when it has ended. ThrottledError: this worker's time ends before."""
    visit = visitor.visit(suspect)
    for _ in range(_HELD_TRIES):
        if (visit.did, visit.reason) != (Did.LEFT, HELD):
            break
        if ctx.region.pacer.remaining_seconds() < RESERVE_SECONDS:
            raise ThrottledError("no time is left to wait for whoever is at work on them")
        ctx.admin.pause(_HELD_SECONDS)
        visit = visitor.visit(suspect)
    return visit


def _outcome(did: Did, reason: str) -> tuple[Outcome, str]:
    match did:
        case Did.REPLAYED:
            return Outcome.RESTORED, ""
        case Did.CAPTURED:
            return Outcome.ALREADY, MEANWHILE
        case Did.LEFT:
            return Outcome.LEFT, reason
        case _:
            return Outcome.ALREADY, reason


def _no_housework(
    ctx: SyncContext, subject: Subject, holder: str, kind: Housekeeping
) -> tuple[Did, str]:
    raise NotImplementedError("a restore purges and strips nobody")
