"""Compensate Change and Complete Change: take back what is still ours, and tell what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.changes.domain.changes import (
    ChangeKind,
    ChangeResult,
    ChangeStatus,
    entity_tag,
)
from cognito_standby.changes.domain.problems import problem_after
from cognito_standby.changes.domain.saga import ChangePlan, restored
from cognito_standby.changes.services.context import (
    ChangeContext,
    ClaimedChange,
    begin,
    planned,
    take_and_look,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import SyncState, execution_of
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.decide import Apply, Skip, decide
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.pool_writer import PoolWriter
from cognito_standby.replication.services.sync import capture_record, put_own

_CALLERS_FAULT = range(400, 500)


@dataclass(frozen=True)
class Compensated:
    """not_reverted  names of fields that somebody else had changed, and that were left
    irreversible  nothing can be taken back any more, and nothing has to be: the user is gone, as
                  asked
    """

    subject: Subject
    not_reverted: tuple[str, ...] = ()
    irreversible: bool = False


@dataclass(frozen=True)
class ChangeEnd:
    """How a change ended. No `status`: another execution has it, or it had ended before."""

    subject: str
    status: ChangeStatus | None = None
    problem: str = ""


def compensate_change(ctx: ChangeContext, change_id: str, holder: str) -> Compensated:
    """Put back what is still as we wrote it, then capture whatever the pool shows.

    LeaseHeldError; NotYetVisibleError; PlanStaleError: something moved, call again.
    """
    work = begin(ctx, change_id, holder)
    plan = planned(ctx, work)
    subject = Subject.from_key(plan.subject)
    view = take_and_look(ctx, subject, holder)
    if work.request.kind.removes:
        done = _unremove(ctx, work, view, plan)
    else:
        left: tuple[str, ...] = ()
        undeleting = work.request.kind is ChangeKind.UNDELETE
        if undeleting and plan.touched:
            view = _bury(ctx, work, view, plan)
        if view.active or not undeleting:
            left = _restore(ctx, view, plan, holder)
        # Where another Region has become active, its record says who lives: the sync that follows
        # disables whom it has deleted, and keeps whom it has undeleted.
        done = Compensated(subject, left)
    _record(ctx, subject, holder, change_id)
    return done


def complete_change(
    ctx: ChangeContext,
    change_id: str,
    holder: str,
    cause: str,
    not_reverted: tuple[str, ...] = (),
    irreversible: bool = False,
) -> ChangeEnd:
    """Note the end for whoever asked. `cause`: class of the error that ended it; "" for success.

    Neither a change of another execution nor one that has ended is touched.
    """
    found = ctx.changes.with_plan(change_id)
    if found is None:
        return ChangeEnd("")
    change, plan = found
    if change.execution != execution_of(holder) or change.status.final:
        return ChangeEnd(change.subject)
    key = plan.subject if plan else change.subject
    if not cause or irreversible:
        status, problem = ChangeStatus.COMPLETED, None
    else:
        problem = change.problem or problem_after(cause, plan is not None)
        refused = problem.status in _CALLERS_FAULT or plan is None
        status = ChangeStatus.REFUSED if refused else ChangeStatus.COMPENSATED
    result = None
    if key:
        confirmed = ctx.sync.ledger.read(Subject.from_key(key)).confirmed or {}
        result = ChangeResult(key, entity_tag(confirmed), not_reverted)
    ctx.changes.finish(change_id, execution_of(holder), status, problem, result)
    return ChangeEnd(key, status, problem.code if problem else "")


def _restore(ctx: ChangeContext, view: View, plan: ChangePlan, holder: str) -> tuple[str, ...]:
    seen = view.observed.fields
    if not seen:
        return ()
    back = restored(plan, seen)
    if back.fields == seen:
        return back.not_reverted
    writer = PoolWriter(ctx.sync, view, holder)
    if not back.fields:
        writer.remove_user(view.ledger.skipped)
        return ()
    refused = writer.alter_what_can_be(Target(back.fields, view.ledger.skipped))
    return tuple(sorted({*back.not_reverted, *refused}))


def _unremove(ctx: ChangeContext, work: ClaimedChange, view: View, plan: ChangePlan) -> Compensated:
    """While the user is still there, take the tombstone back, with the fields that it carried."""
    seen, own = view.observed.fields, view.partition.own
    gone = view.winner is None or view.winner.deleted
    if not seen or not plan.before:
        # Of somebody whom the pool never had only the tombstone tells that they are gone.
        return Compensated(view.subject, irreversible=not seen and gone)
    if own is not None and own.deleted and own.change_id == work.change.id:
        put_own(ctx.sync, view, {**seen, **plan.carried}, False, work.change.id)
    if work.request.kind is ChangeKind.ERASE:
        ctx.sync.erasures.take_back(view.subject, work.change.id)
    return Compensated(view.subject)


def _bury(ctx: ChangeContext, work: ClaimedChange, view: View, plan: ChangePlan) -> View:
    """The tombstone again, whole, before an undeleted user goes: whoever was recorded as living may
    be in the other pool by now. Not where somebody else has changed the user. The view after it."""
    own = view.partition.own
    theirs = restored(plan, view.observed.fields).not_reverted
    if own is None or own.deleted or view.winner is not own or theirs or not view.active:
        return view
    put_own(ctx.sync, view, {**own.fields, **plan.wanted, **plan.carried}, True, work.change.id)
    return take_and_look(ctx, view.subject, work.holder)


def _record(ctx: ChangeContext, subject: Subject, holder: str, change_id: str) -> None:
    """A capture, unless there is nothing to record. If the other Region's record is the winner by
    now, a sync is started instead."""
    view = take_and_look(ctx, subject, holder)
    decision = decide(view)
    if isinstance(decision, Skip):
        ctx.sync.ledger.note_state(subject, holder, SyncState.SKIPPED, decision.reason)
    elif isinstance(decision, Apply):
        ctx.sync.ledger.release(subject, holder)
        now = ctx.sync.clock.now().isoformat()
        ctx.sync.bus.publish(Hint(origin_sub=subject.key, cause="compensation", hinted_at=now))
    else:
        capture_record(ctx.sync, subject, holder, change_id)
