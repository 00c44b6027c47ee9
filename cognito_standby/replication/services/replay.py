"""Replay: record -> pool. What is written is named in the ledger before the call (I4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from cognito_standby.core.domain.contacts import fields_between_updates, silent_updates
from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    InvalidRecordError,
    LeaseHeldError,
    NameHeldError,
    PlanStaleError,
    RefusedByPoolError,
    RefusedByTriggerError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Intent, SyncState
from cognito_standby.core.domain.pools import (
    ORIGIN_SUB_ATTRIBUTE,
    Observation,
    PoolGroup,
    PoolSchema,
)
from cognito_standby.core.domain.subjects import (
    USERNAME,
    Fields,
    Subject,
    SubjectKind,
    attributes_of,
    image_of,
)
from cognito_standby.replication.domain.decide import Apply, Confirm, View, decide, is_own
from cognito_standby.replication.domain.projection import (
    Target,
    changes_between,
    creation_fields,
)
from cognito_standby.replication.services.aliases import set_attributes
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.lease_expiry import expires_lease_on_failure
from cognito_standby.replication.services.look import look, observe, observed_user
from cognito_standby.replication.services.names import evict
from cognito_standby.replication.services.preconditions import require_believable
from cognito_standby.replication.services.sync import (
    SyncOutcome,
    intent_for,
    note,
    note_conflicts,
    witness_absence,
)

_T = TypeVar("_T")


REFUSED_BY_TRIGGER = "a Lambda trigger of this pool refuses the user: see its PreSignUp"


def replay_profile(ctx: SyncContext, subject: Subject, holder: str) -> SyncOutcome:
    """The profile; a user whom a trigger of the pool refuses is quarantined, and its error raised.

    The machine ends there without a failure: one trigger would otherwise send a letter for each
    user. The row counts for `standby status` and its alarm, and reconciliation tries again.
    """
    try:
        return _replay_profile(ctx, subject, holder)
    except RefusedByTriggerError:
        ctx.ledger.note_state(subject, holder, SyncState.QUARANTINED, REFUSED_BY_TRIGGER)
        raise


@expires_lease_on_failure
def _replay_profile(ctx: SyncContext, subject: Subject, holder: str) -> SyncOutcome:
    """Everything but memberships: creation, attributes, enabled flag, recoverability.

    PlanStaleError: a replay is no longer what is needed. LeaseHeldError and NameHeldError: another
    user has to move first; this one waits without its lease, so it is taken here, not renewed.
    NotYetVisibleError: the pool's two views of a deletion differ. NotBelievedError: the records
    may be others, or who is gone may be so by a recovery of the pool.
    """
    view = look(ctx, subject, ctx.ledger.take_lease(subject, holder))
    decision = decide(view)
    if isinstance(decision, Confirm):
        return SyncOutcome(subject, "apply", "already there")
    if not isinstance(decision, Apply):
        raise PlanStaleError("a replay is no longer what is needed")
    if not view.observed.present and (view.ledger.expects_presence or is_own(view)):
        # Somebody deleted them; made again beside one who is only not found, they would be two.
        witness_absence(ctx, view)
    require_believable(ctx, view, decision)
    note_conflicts(ctx, decision.conflicts)
    done = _replay(ctx, view, decision, holder)
    return SyncOutcome(subject, "apply", done, view.winner, conflict=bool(decision.conflicts))


def _replay(ctx: SyncContext, view: View, decision: Apply, holder: str) -> str:
    """What was done."""
    if view.subject.kind is SubjectKind.GROUP:
        return _replay_group(ctx, view, decision.target, holder)
    if not decision.target.fields:
        note_and_look_again(ctx, view, _onward(view, decision.target), holder)
        ctx.directory.delete_user(view.observed.username)
        return "erased"
    if view.observed.present:
        intent = profile_intent(view, decision.target)
        note_and_look_again(ctx, view, replace(intent, restoring=is_own(view)), holder)
        seen = view.observed
    else:
        seen = _create(ctx, view, decision.target, holder)
    _write_profile(ctx, view, seen, decision.target, holder)
    if decision.needs_password or not view.observed.present:
        # The last call of the profile: until it succeeds the user stays recognisable as ours
        # and unfinished. Nobody learns this password; it makes "forgot password" possible.
        ctx.directory.set_permanent_password(seen.username, ctx.passwords.new_password())
    return "updated" if view.observed.present else "created"


@expires_lease_on_failure
def replay_memberships(ctx: SyncContext, subject: Subject, holder: str) -> str:
    """Groups joined and left. Returns what was done.

    DependencyMissingError: a group is not in this pool yet; its own sync was woken.
    PlanStaleError: more than memberships differs.
    """
    row = ctx.ledger.renew_lease(subject, holder)
    view = look(ctx, subject, row)
    decision = decide(view)
    if isinstance(decision, Confirm):
        return "already there"
    if not isinstance(decision, Apply) or decision.needs_password:
        raise PlanStaleError("a replay of memberships is no longer what is needed")
    changes = changes_between(view.observed.fields, decision.target.fields)
    if changes.profile or not view.observed.present:
        raise PlanStaleError("the profile moved")
    if row.target != image_of(decision.target.fields):
        note_and_look_again(ctx, view, _onward(view, decision.target), holder)
    for group in changes.leave:
        ctx.directory.leave_group(view.observed.username, group)
    for group in changes.join:
        _join(ctx, view.observed.username, group)
    return f"joined {len(changes.join)}, left {len(changes.leave)}"


def creation_name(schema: PoolSchema, fields: Fields) -> str:
    """What AdminCreateUser must be given: the username, or an address that stands in for it.

    InvalidRecordError: the record has neither.
    """
    if schema.free_usernames:
        name = fields.get(USERNAME, "")
    else:
        attributes = attributes_of(fields)
        name = next((attributes[a] for a in schema.sign_in_attributes if attributes.get(a)), "")
    if not name:
        raise InvalidRecordError("the record has no name by which this pool could sign the user in")
    return name


def _create(ctx: SyncContext, view: View, target: Target, holder: str) -> Observation:
    schema = ctx.directory.schema()
    name = creation_name(schema, target.fields)
    created = creation_fields(target.fields)
    intent = Intent({}, image_of(created), target.skipped, name, restoring=is_own(view))
    note_and_look_again(ctx, view, intent, holder)
    attributes = attributes_of(target.fields)
    if ORIGIN_SUB_ATTRIBUTE in schema.attributes:
        attributes[ORIGIN_SUB_ATTRIBUTE] = view.subject.id
    names = [name, *_addresses(attributes)]
    with _refusals_naming(attributes):
        user = _evicting(
            ctx, view, names, holder, lambda: ctx.directory.create_user(name, attributes)
        )
    seen = observed_user(ctx, user)
    onward = replace(
        _onward(view, target), base=image_of(seen.fields), local_username=user.username
    )
    ctx.ledger.note_created(view.subject, holder, onward, user.sub, user.username)
    return seen


def _write_profile(
    ctx: SyncContext, view: View, seen: Observation, target: Target, holder: str
) -> None:
    changes = changes_between(seen.fields, target.fields)
    for attributes in silent_updates(changes.set_attributes, seen.fields):
        with _refusals_naming(attributes):
            _evicting(
                ctx,
                view,
                _addresses(attributes),
                holder,
                lambda given=attributes: set_attributes(ctx, seen, given),  # type: ignore[misc]
            )
    if changes.delete_attributes:
        with _refusals_naming(changes.delete_attributes):
            ctx.directory.delete_attributes(seen.username, changes.delete_attributes)
    if changes.enabled is not None:
        ctx.directory.set_enabled(seen.username, changes.enabled)


def profile_intent(view: View, target: Target) -> Intent:
    """What to note before a profile is updated: an address may for a moment count as verified,
    and that is ours, too."""
    intent = intent_for(view, target)
    changes = changes_between(view.observed.fields, target.fields)
    passing = fields_between_updates(changes.set_attributes, view.observed.fields)
    return replace(intent, base={**intent.base, **image_of(passing)})


def _onward(view: View, target: Target) -> Intent:
    """What to note before a replay: whether it puts the pool back to this Region's own record
    tells a look after a crash from one at an admin change that is ahead of the record."""
    return replace(intent_for(view, target), restoring=is_own(view))


@contextmanager
def _refusals_naming(attributes: Iterable[str]) -> Iterator[None]:
    """Tell an operator which attributes a refused call was about: names, never values."""
    try:
        yield
    except RefusedByPoolError as error:
        names = ", ".join(sorted(attributes)) or "none"
        raise RefusedByPoolError(f"the pool refused a call ({error}) with: {names}") from None


def _evicting(
    ctx: SyncContext, view: View, names: list[str], holder: str, call: Callable[[], _T]
) -> _T:
    """Call; where a name is held by one who should no longer hold it, free it and call again.

    Whoever has to wait gives the own lease back (I5): two users who want each other's names would
    otherwise each hold what the other needs to go on.
    """
    try:
        return call()
    except NameHeldError:
        try:
            evict(ctx, view, names, holder)
            return call()
        except (NameHeldError, LeaseHeldError):
            ctx.ledger.release(view.subject, holder)
            raise


def note_and_look_again(ctx: SyncContext, view: View, intent: Intent, holder: str) -> None:
    """Name a write in the ledger (I4), and see that it is still wanted. PlanStaleError."""
    note(ctx, view, intent, holder)
    if observe(ctx, view.subject, view.ledger).fields != view.observed.fields:
        raise PlanStaleError("the pool moved under the plan")


def _replay_group(ctx: SyncContext, view: View, target: Target, holder: str) -> str:
    note_and_look_again(ctx, view, _onward(view, target), holder)
    if not target.fields:
        ctx.directory.delete_group(view.subject.id)
        return "group deleted"
    precedence = target.fields.get("precedence")
    with _refusals_naming(target.fields):
        ctx.directory.put_group(
            PoolGroup(
                view.subject.id,
                target.fields.get("description", ""),
                None if precedence is None else int(precedence),
            )
        )
    return "group written"


def _join(ctx: SyncContext, username: str, group: str) -> None:
    try:
        ctx.directory.join_group(username, group)
    except DependencyMissingError:
        ctx.bus.publish(
            Hint(group=group, cause="needed by a member", hinted_at=ctx.clock.now().isoformat())
        )
        raise


def _addresses(attributes: Fields) -> list[str]:
    return [attributes[name] for name in ("email", "phone_number") if attributes.get(name)]
