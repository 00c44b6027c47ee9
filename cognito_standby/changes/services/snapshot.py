"""Snapshot User: whom a change is about, whether it may be made, and the before-image.

What other people changed before is captured first, so that the record is exactly what a
compensation leads back to. Nothing is written to the pool here, but for who is awaited in it: they
are made first.
"""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.changes.domain.changes import ChangeKind, FieldProblem, entity_tag
from cognito_standby.changes.domain.problems import (
    CHANGED,
    INVALID,
    NAME_TAKEN,
    NOT_ACTIVE,
    NOT_REPLICATED,
    POOL_UNPREPARED,
    STOOD_DOWN,
    USER_NOT_FOUND,
)
from cognito_standby.changes.domain.rules import pointer, schema_problems, spelled_out
from cognito_standby.changes.domain.saga import ChangePlan, plan_of, wanted_state
from cognito_standby.changes.services import awaited
from cognito_standby.changes.services.context import (
    ChangeContext,
    ClaimedChange,
    begin,
    refuse,
    require_free_addresses,
    take_and_look,
)
from cognito_standby.changes.services.undelete import plan_undelete
from cognito_standby.core.domain.contacts import CONTACTS
from cognito_standby.core.domain.errors import (
    ChangeRefusedError,
    NotYetVisibleError,
    PlanStaleError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    PRESENT,
    USERNAME,
    Fields,
    Subject,
    attributes_of,
)
from cognito_standby.replication.domain.decide import Apply, Capture, Skip, decide, project
from cognito_standby.replication.domain.kin import Bind
from cognito_standby.replication.domain.on_demand import never_came
from cognito_standby.replication.domain.projection import TAKEN
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.look import identify, observe
from cognito_standby.replication.services.pool_calls import creation_name
from cognito_standby.replication.services.preconditions import require_confirmed_table
from cognito_standby.replication.services.sync import capture_record, put_own


@dataclass(frozen=True)
class Snapshot:
    """What was planned."""

    subject: Subject
    plan: ChangePlan


def snapshot_user(ctx: ChangeContext, change_id: str, holder: str) -> Snapshot:
    """Claim the change, take the user's lease, plan.

    ChangeRefusedError: told to the caller, or not ours. LeaseHeldError: somebody is at work on
    the user. NotYetVisibleError: the other Region's last change has yet to arrive in this pool.
    PlanStaleError: something moved; call again.
    """
    work = begin(ctx, change_id, holder)
    active = ctx.sync.records.read_active()
    if active.epoch.region != ctx.sync.region:
        refuse(ctx, work, NOT_ACTIVE)
    if active.stood_down:
        # Who asked was told yes before the mark. Begun after the drain it would come too late.
        refuse(ctx, work, STOOD_DOWN)
    subject = _subject(ctx, work)
    creating = work.request.kind is ChangeKind.CREATE
    if work.request.kind is not ChangeKind.UPDATE:
        require_confirmed_table(ctx.sync)
    plan = _creation(ctx, work, subject) if creating else None
    view = take_and_look(ctx, subject, holder)
    try:
        if not view.active:
            refuse(ctx, work, NOT_ACTIVE)
        plan = plan or _alteration(ctx, work, view)
    except (ChangeRefusedError, NotYetVisibleError):
        ctx.sync.ledger.release(subject, holder)
        raise
    ctx.changes.note_plan(change_id, work.execution, plan)
    return Snapshot(subject, plan)


def _subject(ctx: ChangeContext, work: ClaimedChange) -> Subject:
    """Whom it is about. A user of whom nothing is known gets no ledger row."""
    if work.request.kind is ChangeKind.CREATE:
        return Subject.user(work.change.subject)
    if origin_sub := work.request.origin_sub:
        subject = Subject.user(origin_sub)
        partition, _ = ctx.sync.records.read(subject)
        row = ctx.sync.ledger.read(subject)
        known = partition.records or observe(ctx.sync, subject, row).present
        return subject if known else refuse(ctx, work, USER_NOT_FOUND)
    user = ctx.sync.directory.get_user(work.request.username)
    if user is not None:
        return identify(ctx.sync, Hint(local_sub=user.sub))
    view = awaited.find(ctx.sync, work.request.username)
    return view.subject if view else refuse(ctx, work, USER_NOT_FOUND)


def _creation(ctx: ChangeContext, work: ClaimedChange, subject: Subject) -> ChangePlan:
    request, schema = work.request, ctx.sync.directory.schema()
    if ORIGIN_SUB_ATTRIBUTE not in schema.attributes:
        refuse(ctx, work, POOL_UNPREPARED)
    if problems := schema_problems(request, schema, None):
        refuse(ctx, work, INVALID.about(*problems))
    wanted = wanted_state(request, {})
    if schema.free_usernames:
        wanted[USERNAME] = request.username
    name = creation_name(schema, wanted)
    if ctx.sync.directory.get_user(name) is not None:
        refuse(ctx, work, NAME_TAKEN)
    if awaited.kept_names(ctx.sync, {name, request.username} - {""}):
        refuse(ctx, work, NAME_TAKEN)
    require_unawaited(ctx, work, {}, wanted)
    return plan_of(request.kind, subject.key, {}, wanted, {}, "")


def _alteration(ctx: ChangeContext, work: ClaimedChange, view: View) -> ChangePlan:
    comes_first = never_came(view)
    if comes_first and not work.request.kind.removes:
        view = _made_first(ctx, work, view)
        comes_first = False
    view = _settled(ctx, work, view)
    request = work.request
    # Whoever is removed before they came leaves what their record says.
    seen = (awaited.as_if_made(view) if comes_first else view).observed.fields
    if request.if_match and request.if_match != entity_tag(seen):
        refuse(ctx, work, CHANGED)
    winner = view.winner
    if winner is not None and request.kind is ChangeKind.UNDELETE:
        return plan_undelete(ctx, work, view, winner)
    if winner is None or (winner.deleted and request.kind is not ChangeKind.ERASE):
        refuse(ctx, work, USER_NOT_FOUND)
    left_out = project(view, winner).skipped
    carried = {name: winner.fields[name] for name in left_out if name in winner.fields}
    wanted = seen if winner.deleted or comes_first else _altered(ctx, work, view)
    if winner.region != ctx.sync.region and not comes_first:
        # From here on this Region's record is the one that counts: whoever looks after a crash
        # captures what the pool holds instead of overwriting it with the other Region's.
        put_own(ctx.sync, view, winner.fields, winner.deleted, work.change.id)
    tag = entity_tag(seen)
    return plan_of(request.kind, view.subject.key, seen, wanted, carried, tag)


def _made_first(ctx: ChangeContext, work: ClaimedChange, view: View) -> View:
    """Somebody who is awaited, made: nobody is whom the change could not be made of."""
    shown, request = awaited.as_if_made(view), work.request
    if request.if_match and request.if_match != entity_tag(shown.observed.fields):
        refuse(ctx, work, CHANGED)
    if request.kind is ChangeKind.UPDATE:
        _altered(ctx, work, shown)
    return awaited.make(ctx, work, view)


def _altered(ctx: ChangeContext, work: ClaimedChange, view: View) -> Fields:
    seen = view.observed.fields
    request = spelled_out(work.request, view.schema, attributes_of(seen))
    wanted = wanted_state(request, seen)
    problems = list(schema_problems(request, view.schema, attributes_of(seen)))
    problems += [
        FieldProblem(f"/verified/{contact}", "the user has no such address")
        for contact in CONTACTS
        if contact in request.verified and ATTRIBUTE + contact not in wanted
    ]
    if problems:
        refuse(ctx, work, INVALID.about(*problems))
    require_free_addresses(ctx, work, view, wanted)
    require_unawaited(ctx, work, seen, wanted, view.subject)
    return wanted


def require_unawaited(
    ctx: ChangeContext,
    work: ClaimedChange,
    seen: Fields,
    wanted: Fields,
    but: Subject | None = None,
) -> None:
    """Whoever is awaited keeps the addresses that they sign in by. ChangeRefusedError."""
    if kept := awaited.kept_addresses(ctx.sync, seen, wanted, but):
        about = (FieldProblem(pointer("attributes", each), TAKEN) for each in kept)
        refuse(ctx, work, NAME_TAKEN.about(*about))


def _settled(ctx: ChangeContext, work: ClaimedChange, view: View) -> View:
    """Pool and record agree, or the change waits, or is refused."""
    decision = decide(view)
    if isinstance(decision, Capture):
        capture_record(ctx.sync, view.subject, work.holder, work.change.id)
        view = take_and_look(ctx, view.subject, work.holder)
        decision = decide(view)
    if isinstance(decision, Capture):
        raise PlanStaleError("the user keeps changing")
    if isinstance(decision, Apply | Bind):
        now = ctx.sync.clock.now().isoformat()
        hint = Hint(origin_sub=view.subject.key, cause="an admin change waits", hinted_at=now)
        ctx.sync.bus.publish(hint)
        raise NotYetVisibleError("the other Region's change has yet to be replayed")
    if isinstance(decision, Skip):
        refuse(ctx, work, NOT_REPLICATED if view.observed.present else USER_NOT_FOUND)
    left_out = PRESENT in decision.target.skipped and not never_came(view)
    if left_out and work.request.kind is not ChangeKind.ERASE:
        refuse(ctx, work, USER_NOT_FOUND)  # federated, and never signed in in this pool
    return view
