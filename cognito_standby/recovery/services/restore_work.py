"""Restoring a batch: each subject through SYNC, or by a change that undeletes or reverts them.

Repeatable by its files: a batch goes on after the last subject that is in a part, and who is
restored twice is found as recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.services.asking import ask
from cognito_standby.core.domain.errors import MisconfiguredError, StandbyError, ThrottledError
from cognito_standby.core.domain.ledger import holder_of
from cognito_standby.core.domain.quotas import USER_CREATION, USER_UPDATE
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import GROUP_KEY, Subject
from cognito_standby.reconciliation.domain.reconciliation import Drift, Housekeeping, Run, Suspect
from cognito_standby.reconciliation.domain.repairs import Did
from cognito_standby.reconciliation.services.visiting import Visitor
from cognito_standby.recovery.domain.restore_plan import Done, Outcome, Part
from cognito_standby.recovery.domain.restoring import Action
from cognito_standby.recovery.domain.reverting import reverting
from cognito_standby.recovery.services.restore_context import RestoreContext
from cognito_standby.recovery.services.restore_planning import begun_of
from cognito_standby.recovery.services.restore_store import Row
from cognito_standby.replication.services.context import SyncContext

RESERVE_SECONDS = 75.0
"""Kept for the subject that a worker is at: a change is waited for a minute."""
_PART_SUBJECTS = 25
_MISCONFIGURED = 3
"""So many in a row are not about single users any more."""

MEANWHILE = "changed or deleted meanwhile, and recorded"
ASKED_BY = "standby restore"
"""Who asks, as the list of changes tells it. Which person it was, CloudTrail knows."""


@dataclass(frozen=True)
class Restorer(Visitor):
    """A Visitor that hands nobody over: in an active Region any hint about somebody who is still
    missing would capture a deletion. Who is left is named, and the restore can be run again."""

    def hand_over(self, suspect: Suspect, error: StandbyError) -> tuple[Did, str]:
        """Left, and why. The lease is given back already."""
        del suspect
        return Did.LEFT, type(error).__name__


def restore_batch(ctx: RestoreContext, run: Run, name: str, holder: str) -> bool:
    """Restore the subjects of a batch, from where its last part ended. Whether nobody is left.

    `holder`: has the leases. MisconfiguredError: several in a row met one.
    """
    store = ctx.store(run)
    rows = store.batch(name)
    number, last = store.last_did(name)
    first = last.end if last else 0
    work = _Work(first, begun_of(store).request.also_changed_since)
    sync = replace(ctx.sync, wanted=True)
    visitor = Restorer.of(sync, ctx.region.pacer, holder_of(holder, number), _no_housework)
    try:
        for key, action in rows[first:]:
            if ctx.region.pacer.remaining_seconds() < RESERVE_SECONDS:
                break
            work.done.append(_restored(ctx, visitor, run, (key, action), work))
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
    reverts: bool = False
    done: list[Done] = field(default_factory=list)
    misconfigured: int = 0

    def taken(self) -> Part:
        """As a part; the next one begins behind it."""
        part = Part(self.first, tuple(self.done))
        self.first += len(self.done)
        self.done = []
        return part


def _restored(ctx: RestoreContext, visitor: Visitor, run: Run, row: Row, work: _Work) -> Done:
    """ThrottledError: no time is left; who was made already is found so."""
    key, action = row
    done = _brought(ctx, visitor, run, row, work)
    made = action in (Action.CREATE, Action.UNDELETE) and not key.startswith(GROUP_KEY)
    there = done.outcome in (Outcome.RESTORED, Outcome.ALREADY)
    if not (work.reverts and made and there):
        return done
    # Their last state may be what somebody made of them before they were gone.
    if ctx.region.pacer.remaining_seconds() < RESERVE_SECONDS:
        raise ThrottledError("no time is left to put somebody back as they were")
    then = _asked_for(ctx, run, key, Action.REVERT)
    return replace(then, action=action) if then.outcome is Outcome.LEFT else done


def _brought(ctx: RestoreContext, visitor: Visitor, run: Run, row: Row, work: _Work) -> Done:
    key, action = row
    if action in (Action.UNDELETE, Action.REVERT):
        return _asked_for(ctx, run, key, action)
    kind = Drift.MISSING_USER if action is Action.CREATE else Drift.STALE_ATTRIBUTES
    try:
        visit = visitor.visit(Suspect(kind, key))
    except MisconfiguredError as error:
        work.misconfigured += 1
        if work.misconfigured == _MISCONFIGURED:
            del work.done[-(_MISCONFIGURED - 1) :]
            raise
        return Done(key, action, Outcome.LEFT, type(error).__name__)
    work.misconfigured = 0
    return Done(key, action, *_outcome(visit.did, visit.reason))


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


def _asked_for(ctx: RestoreContext, run: Run, key: str, action: Action) -> Done:
    """By the machine of the Admin API. The same restore asks for the same change again."""
    ctx.region.pacer.wait(USER_CREATION if action is Action.UNDELETE else USER_UPDATE)
    try:
        request = _request(ctx, run, Subject.from_key(key), action)
        if request is None:
            return Done(key, action, Outcome.ALREADY)
        taken = ask(ctx.admin, request, ASKED_BY, f"{run.id}:{key}:{action.value}")
    except (ThrottledError, MisconfiguredError):
        raise
    except StandbyError as error:
        return Done(key, action, Outcome.LEFT, type(error).__name__)
    if taken.done:
        return Done(key, action, Outcome.RESTORED)
    return Done(key, action, Outcome.LEFT, taken.why)


def _request(
    ctx: RestoreContext, run: Run, subject: Subject, action: Action
) -> ChangeRequest | None:
    """What is asked for; None: they are as they were."""
    if action is Action.UNDELETE:
        return ChangeRequest(ChangeKind.UNDELETE, origin_sub=subject.id)
    then, now = ctx.past(run.id).winner(subject), resolve(ctx.sync.records.read(subject)[0])
    if then is None or now is None or now.deleted:
        return None
    request = reverting(subject.id, then.fields, now.fields)
    if request is None or request.groups is None:
        return request
    directory = ctx.sync.directory  # a group that was deleted since keeps nobody as they are
    there = (name for name in request.groups if directory.get_group(name) is not None)
    return replace(request, groups=tuple(there))


def _no_housework(
    ctx: SyncContext, subject: Subject, holder: str, kind: Housekeeping
) -> tuple[Did, str]:
    raise NotImplementedError("a restore purges and strips nobody")
