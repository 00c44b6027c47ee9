"""Apply Change and Write Record: what was planned, into the active pool and into the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cognito_standby.changes.domain.changes import ChangeKind, FieldProblem, Problem, entity_tag
from cognito_standby.changes.domain.problems import (
    CHANGED,
    GROUP_NOT_FOUND,
    NAME_TAKEN,
    NOT_ACTIVE,
    OVERTAKEN,
    REFUSED_BY_POOL,
    USER_NOT_FOUND,
)
from cognito_standby.changes.domain.rules import pointer
from cognito_standby.changes.domain.saga import ChangePlan, applied, overtaken, restored
from cognito_standby.changes.services.context import (
    ChangeContext,
    ClaimedChange,
    begin,
    planned,
    refuse,
    take_and_look,
)
from cognito_standby.changes.services.undelete import living_target, require_undeletable
from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    NameHeldError,
    RefusedByPoolError,
    StandbyError,
)
from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    GROUP,
    Fields,
    Subject,
    names_with,
)
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.pool_writer import PoolWriter, Refused
from cognito_standby.replication.services.sync import SyncOutcome, capture_record, put_own


def apply_change(ctx: ChangeContext, change_id: str, holder: str) -> ChangePlan:
    """Write to the pool; for a removal, to the record first. Goes on where an earlier attempt was
    cut off.

    ChangeRefusedError, RefusedByPoolError, NameHeldError, DependencyMissingError: what is to be
    told is noted, and what was written is to be taken back. LeaseHeldError. PlanStaleError: call
    again.
    """
    work = begin(ctx, change_id, holder)
    plan = planned(ctx, work)
    view = take_and_look(ctx, Subject.from_key(plan.subject), holder)
    if not view.active:
        refuse(ctx, work, NOT_ACTIVE)
    if work.request.kind.removes:
        _remove(ctx, work, view, plan)
        return plan
    seen, left_out = view.observed.fields, view.ledger.skipped
    if work.request.kind is ChangeKind.UNDELETE and plan.touched and view.winner is not None:
        require_undeletable(ctx, work, view)
        left_out = living_target(view, view.winner).skipped
    if not (seen or plan.creates):
        refuse(ctx, work, USER_NOT_FOUND)
    if theirs := overtaken(plan, seen):
        refuse(ctx, work, OVERTAKEN.about(*_pointers(theirs, "changed meanwhile")))
    _check_tag(ctx, work, plan, restored(plan, seen).fields)
    if not plan.touched:
        return plan
    with _refusals_noted(ctx, work, plan):
        writer = PoolWriter(ctx.sync, view, holder)
        target = Target(applied(plan, seen), left_out)
        if plan.creates:
            unfinished = view.observed.status is UserStatus.FORCE_CHANGE_PASSWORD
            writer.make_user(target, password=unfinished)
        else:
            writer.alter_user(target)
    return plan


def write_record(ctx: ChangeContext, change_id: str, holder: str) -> SyncOutcome:
    """Pool -> record, whatever the pool shows by now, and confirm.

    As `capture_record`; LeaseHeldError.
    """
    work = begin(ctx, change_id, holder)
    subject = Subject.from_key(planned(ctx, work).subject)
    ctx.sync.ledger.take_lease(subject, holder)
    return capture_record(ctx.sync, subject, holder, change_id)


def _remove(ctx: ChangeContext, work: ClaimedChange, view: View, plan: ChangePlan) -> None:
    """Write the tombstone first: it keeps the state, and until the user is gone it can be taken
    back."""
    seen, erasing = view.observed.fields, work.request.kind is ChangeKind.ERASE
    if seen:
        _check_tag(ctx, work, plan, seen)
    kept: Fields = {} if erasing else {**(seen or plan.before), **plan.carried}
    own = view.partition.own
    if own is None or not own.deleted or (erasing and own.fields):
        put_own(ctx.sync, view, kept, True, work.change.id)
    if erasing:
        ctx.sync.erasures.add(view.subject, work.change.id)
    if seen:
        with _refusals_noted(ctx, work, plan):
            PoolWriter(ctx.sync, view, work.holder).remove_user(view.ledger.skipped)


def _check_tag(
    ctx: ChangeContext, work: ClaimedChange, plan: ChangePlan, without_ours: Fields
) -> None:
    """Check the entity tag once more before the write: has nobody changed anything since the
    snapshot?"""
    if work.request.if_match and entity_tag(without_ours) != plan.tag:
        refuse(ctx, work, CHANGED)


@contextmanager
def _refusals_noted(ctx: ChangeContext, work: ClaimedChange, plan: ChangePlan) -> Iterator[None]:
    """Note for the caller which fields Cognito refused, without any text of Cognito's."""
    try:
        yield
    except Refused as error:
        problem = _problem_of(error, plan)
        ctx.changes.note_problem(work.change.id, work.execution, problem)
        raise


def _problem_of(error: StandbyError, plan: ChangePlan) -> Problem:
    if isinstance(error, NameHeldError):
        return NAME_TAKEN
    if isinstance(error, DependencyMissingError):
        joined = [GROUP + name for name in names_with(GROUP, plan.wanted)]
        return GROUP_NOT_FOUND.about(*_pointers(joined, "one of these does not exist"))
    if isinstance(error, RefusedByPoolError) and error.attributes:
        named = [ATTRIBUTE + name for name in error.attributes]
        return REFUSED_BY_POOL.about(*_pointers(sorted(named), "the user pool refuses this value"))
    return REFUSED_BY_POOL.about(*_pointers(sorted(plan.touched), "part of the refused change"))


def _pointers(fields: list[str], text: str) -> list[FieldProblem]:
    """The parts of the request that fields of the state came from."""
    return [FieldProblem(_pointer(name), text) for name in fields]


def _pointer(field: str) -> str:
    if field.startswith(ATTRIBUTE):
        return pointer("attributes", field.removeprefix(ATTRIBUTE))
    if field.startswith(GROUP):
        return pointer("groups", field.removeprefix(GROUP))
    return pointer(field)
