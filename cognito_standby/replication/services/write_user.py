"""Write a user's pool entry for an admin change: named in the ledger before each call (I4)."""

from __future__ import annotations

from collections.abc import Callable

from cognito_standby.core.domain.contacts import silent_updates
from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    NameHeldError,
    NotYetVisibleError,
    RefusedByPoolError,
    RefusedByTriggerError,
)
from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, Observation, UserStatus
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ATTRIBUTE,
    GROUP,
    Fields,
    attributes_of,
    image_of,
)
from cognito_standby.replication.domain.decide import View
from cognito_standby.replication.domain.projection import (
    Changes,
    Target,
    changes_between,
    creation_fields,
)
from cognito_standby.replication.services.aliases import set_attributes
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import observed_user
from cognito_standby.replication.services.replay import (
    creation_name,
    note_and_look_again,
    profile_intent,
)

Refused = (RefusedByPoolError, RefusedByTriggerError, NameHeldError, DependencyMissingError)
"""What Cognito answers to a call that no repetition makes better."""


def alter_user(ctx: SyncContext, view: View, state: Fields, holder: str) -> None:
    """Make a present user look like this. PlanStaleError: the pool moved under the plan;
    otherwise as the calls of the pool."""
    note_and_look_again(ctx, view, _intent(view, state), holder)
    for call in _calls(ctx, view.observed, state):
        call()


def alter_what_can_be(ctx: SyncContext, view: View, state: Fields, holder: str) -> tuple[str, ...]:
    """The same, call by call: what Cognito refuses is left as it is. Returns the fields left."""
    seen, left = view.observed, list[str]()
    note_and_look_again(ctx, view, _intent(view, state), holder)
    for call in _calls(ctx, seen, state):
        try:
            call()
        except Refused:
            left += call.about
    return tuple(left)


def create_user(ctx: SyncContext, view: View, state: Fields, holder: str) -> None:
    """Make a user, or go on with one whose creation was cut off. The password comes last: until
    then the user stays recognisable as unfinished. Nobody learns it; it makes "forgot password"
    possible."""
    seen = view.observed
    if seen.present:
        note_and_look_again(ctx, view, _intent(view, state), holder)
    else:
        seen = _create(ctx, view, state, holder)
    for call in _calls(ctx, seen, state):
        call()
    if seen.status is UserStatus.FORCE_CHANGE_PASSWORD:
        ctx.directory.set_permanent_password(seen.username, ctx.passwords.new_password())


def remove_user(ctx: SyncContext, view: View, holder: str) -> None:
    """Remove a present user."""
    intent = Intent(image_of(view.observed.fields), {}, view.ledger.skipped)
    note_and_look_again(ctx, view, intent, holder)
    ctx.directory.delete_user(view.observed.username)


def _create(ctx: SyncContext, view: View, state: Fields, holder: str) -> Observation:
    schema = ctx.directory.schema()
    name = creation_name(schema, state)
    intent = Intent({}, image_of(creation_fields(state)), {}, name)
    note_and_look_again(ctx, view, intent, holder)
    attributes = {**attributes_of(state), ORIGIN_SUB_ATTRIBUTE: view.subject.id}
    seen = observed_user(ctx, ctx.directory.create_user(name, attributes))
    onward = Intent(image_of(seen.fields), image_of(state), {}, seen.username)
    ctx.ledger.note_created(view.subject, holder, onward, seen.local_sub, seen.username)
    return seen


def _intent(view: View, state: Fields) -> Intent:
    return profile_intent(view, Target(state, view.ledger.skipped))


class _Call:
    """One call of the pool, and the fields that it is about."""

    def __init__(self, about: list[str], call: Callable[[], None]) -> None:
        self.about, self._call = about, call

    def __call__(self) -> None:
        self._call()


def _calls(ctx: SyncContext, seen: Observation, state: Fields) -> list[_Call]:
    if state == ABSENT:
        raise NotYetVisibleError("the user is gone")
    changes = changes_between(seen.fields, state)
    return [*_profile(ctx, seen, changes), *_memberships(ctx, seen.username, changes)]


def _profile(ctx: SyncContext, seen: Observation, changes: Changes) -> list[_Call]:
    pool, name, calls = ctx.directory, seen.username, list[_Call]()
    for attributes in silent_updates(changes.set_attributes, seen.fields):
        about = [ATTRIBUTE + n for n in sorted(attributes)]
        calls.append(_Call(about, lambda given=attributes: set_attributes(ctx, seen, given)))  # type: ignore[misc]
    if gone := changes.delete_attributes:
        about = [ATTRIBUTE + n for n in gone]
        calls.append(_Call(about, lambda: pool.delete_attributes(name, gone)))
    if (enabled := changes.enabled) is not None:
        calls.append(_Call(["enabled"], lambda: pool.set_enabled(name, enabled)))
    return calls


def _memberships(ctx: SyncContext, name: str, changes: Changes) -> list[_Call]:
    pool = ctx.directory
    leave = [_Call([GROUP + g], lambda g=g: pool.leave_group(name, g)) for g in changes.leave]  # type: ignore[misc]
    join = [_Call([GROUP + g], lambda g=g: pool.join_group(name, g)) for g in changes.join]  # type: ignore[misc]
    return [*leave, *join]
