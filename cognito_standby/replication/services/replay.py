"""Replay: record -> pool, by the one writer (services/pool_writer.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    PlanStaleError,
    RefusedByPoolError,
    RefusedByTriggerError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import SyncState, refusal_of
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    GROUP,
    PRESENT,
    Fields,
    Subject,
    SubjectKind,
    names_with,
)
from cognito_standby.replication.domain.decide import Apply, Confirm, decide, is_own
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.lease_expiry import expires_lease_on_error
from cognito_standby.replication.services.look import look
from cognito_standby.replication.services.names import making_way
from cognito_standby.replication.services.pool_calls import (
    LOCKED_PROFILE,
    MEMBERSHIPS,
    PROFILE,
    Call,
    calls_between,
)
from cognito_standby.replication.services.pool_writer import PoolWriter, profile_unmoved
from cognito_standby.replication.services.preconditions import require_believable
from cognito_standby.replication.services.sync import (
    SyncOutcome,
    confirm_sync,
    note_conflicts,
    settle,
    witness_absence,
)

REFUSED_BY_TRIGGER = "a Lambda trigger of this pool refuses the user: see its PreSignUp"


def replay_record(ctx: SyncContext, subject: Subject, holder: str) -> SyncOutcome:
    """Everything that the record says; a user whom a trigger of the pool refuses is quarantined,
    and its error raised.

    The machine ends there without a failure: one trigger would otherwise send a letter for each
    user. The row counts for `standby status` and its alarm, and reconciliation tries again.
    """
    try:
        return _replay_record(ctx, subject, holder)
    except RefusedByTriggerError:
        ctx.ledger.note_state(subject, holder, SyncState.QUARANTINED, REFUSED_BY_TRIGGER)
        raise


@expires_lease_on_error
def _replay_record(ctx: SyncContext, subject: Subject, holder: str) -> SyncOutcome:
    """The profile, then the memberships, and the last look. Where nothing has to be written the
    first look is the last one.

    PlanStaleError: a replay is no longer what is needed. LeaseHeldError and NameHeldError: another
    user has to move first; this one waits without its lease, so it is taken here, not renewed.
    DependencyMissingError: a group is not in this pool yet; its own sync was woken.
    NotYetVisibleError: the pool's two views of a deletion differ. NotBelievedError: the records
    may be others, or who is gone may be so by a recovery of the pool.
    """
    view = look(ctx, subject, ctx.ledger.take_lease(subject, holder))
    decision = decide(view)
    if isinstance(decision, Confirm):
        return settle(ctx, view, decision, holder)
    if not isinstance(decision, Apply):
        raise PlanStaleError("a replay is no longer what is needed")
    if not view.observed.present and (view.ledger.expects_presence or is_own(view)):
        # Somebody deleted them; made again beside one who is only not found, they would be two.
        witness_absence(ctx, view)
    require_believable(ctx, view, decision)
    note_conflicts(ctx, decision.conflicts)
    done = _replay(ctx, view, decision, holder)
    last = confirm_sync(ctx, subject, holder, _unwritten_memberships(view, decision.target.fields))
    return replace(last, reason=done, conflict=bool(decision.conflicts))


def _unwritten_memberships(view: View, target: Fields) -> Fields | None:
    """Those that were seen, where none was to be written: they are not looked at again. Whoever
    joins or leaves meanwhile is hinted at, and differs from what is confirmed. None: look."""
    seen = view.observed.fields
    if not seen or calls_between(seen, target, MEMBERSHIPS):
        return None
    return {name: value for name, value in seen.items() if name.startswith(GROUP)}


def _replay(ctx: SyncContext, view: View, decision: Apply, holder: str) -> str:
    """What was done."""
    writer, target = _writer(ctx, view, holder), decision.target
    with _leaving_out(ctx, view, target.fields, holder):
        return _write(writer, view, decision)


def _write(writer: PoolWriter, view: View, decision: Apply) -> str:
    target = decision.target
    if view.subject.kind is SubjectKind.GROUP:
        writer.define_group(target)
        return "group written" if target.fields else "group deleted"
    if not target.fields:
        writer.remove_user()
        return "removed" if PRESENT in target.skipped else "erased"
    kinds = PROFILE if view.ledger.given is None else LOCKED_PROFILE
    user = writer.make_user(target, kinds, password=decision.needs_password)
    # After the profile, and after whatever makes recovery possible: a missing group, for which the
    # state is tried again, must hold up neither.
    for call in calls_between(view.observed.fields, target.fields, MEMBERSHIPS):
        with _waking(writer.ctx, call):
            writer.write_call(call, user)
    return "updated" if view.observed.present else "created"


def _writer(ctx: SyncContext, view: View, holder: str) -> PoolWriter:
    """Whether a replay puts the pool back to this Region's own record tells a look after a crash
    from one at an admin change that is ahead of the record."""
    return PoolWriter(
        *(ctx, view, holder),
        restoring=is_own(view),
        look_again=profile_unmoved,
        claim=making_way,
    )


@contextmanager
def _leaving_out(ctx: SyncContext, view: View, wanted: Fields, holder: str) -> Iterator[None]:
    """What Cognito refuses by name is noted, so that the next plan brings the rest without it.
    PlanStaleError. Not where it is what the user is known by: nobody is made without a name."""
    try:
        yield
    except RefusedByPoolError as error:
        named = {*(ATTRIBUTE + name for name in error.attributes), *error.fields}
        known_by = {ATTRIBUTE + name for name in view.schema.sign_in_attributes}
        if not named or named & known_by:
            raise
        values = {name: refusal_of(ctx.user_pool_id, wanted.get(name, "")) for name in named}
        if all(view.ledger.refused.get(name) == value for name, value in values.items()):
            raise  # it is left out already
        ctx.ledger.note_refused(view.subject, holder, {**view.ledger.refused, **values})
        raise PlanStaleError("the pool refuses a value, which is left out from now on") from None


@contextmanager
def _waking(ctx: SyncContext, call: Call) -> Iterator[None]:
    """A group that is not in this pool yet has a sync of its own."""
    try:
        yield
    except DependencyMissingError:
        now = ctx.clock.now().isoformat()
        for group in names_with(GROUP, call.about):
            ctx.bus.publish(Hint(group=group, cause="needed by a member", hinted_at=now))
        raise
