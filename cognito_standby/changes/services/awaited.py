"""Who is awaited in a pool that is filled on demand: found by their records, shown as they are
going to be, and made before they are changed.

Made by the very replay that would have made them in any other pool, because an administrator asks
for them: a change of somebody who is not there would have nothing to change, and could not be taken
back. Whoever is deleted or erased is not made before: their tombstone keeps everybody from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from cognito_standby.changes.domain.changes import UserView, entity_tag
from cognito_standby.changes.domain.problems import REFUSED_BY_POOL
from cognito_standby.changes.services.context import (
    ChangeContext,
    ClaimedChange,
    refuse,
    take_and_look,
)
from cognito_standby.core.domain.contacts import CONTACTS, PREFERRED
from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    InvalidRecordError,
    NameHeldError,
    NotYetVisibleError,
    RefusedByPoolError,
    RefusedByTriggerError,
)
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import Observation
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    GROUP,
    TRUE,
    Fields,
    Subject,
    attributes_of,
    names_with,
)
from cognito_standby.replication.domain.awaited_names import keeps, signs_in_by
from cognito_standby.replication.domain.creation_names import name_for
from cognito_standby.replication.domain.decide import project
from cognito_standby.replication.domain.on_demand import never_came
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import look
from cognito_standby.replication.services.replay import replay_record

AWAITED = "AWAITED"
"""Beside Cognito's statuses: not in the pool yet."""
_SIGN_IN = (*CONTACTS, PREFERRED)


def find(ctx: SyncContext, name: str) -> View | None:
    """The one who is awaited and signs in by this name; None: nobody, or more than one. As look."""
    found = list(_awaited(ctx, name)) if ctx.on_demand else []
    return found[0] if len(found) == 1 else None


def find_by_origin(ctx: SyncContext, origin_sub: str) -> View | None:
    """The same by the origin sub. A sub of the other pool is no name here."""
    try:
        subject = Subject.user(origin_sub)
    except InvalidRecordError:
        return None
    if not ctx.on_demand or resolve(ctx.records.read(subject)[0]) is None:
        return None
    view = look(ctx, subject, ctx.ledger.read(subject))
    return view if never_came(view) else None


def kept_names(ctx: SyncContext, names: Collection[str], but: Subject | None = None) -> set[str]:
    """Which of these names somebody who is awaited keeps: no pool tells that they are taken. `but`:
    whose own they may be."""
    if not ctx.on_demand:
        return set()
    return {name for name in names if any(view.subject != but for view in _keeping(ctx, name))}


def kept_addresses(
    ctx: SyncContext, seen: Fields, wanted: Fields, but: Subject | None = None
) -> tuple[str, ...]:
    """Attributes that a change gives values which somebody who is awaited keeps."""
    given = {
        each: value
        for each in _SIGN_IN
        if (value := wanted.get(ATTRIBUTE + each)) and value != seen.get(ATTRIBUTE + each)
    }
    kept = kept_names(ctx, given.values(), but)
    return tuple(sorted(each for each, value in given.items() if value in kept))


def as_if_made(view: View) -> View:
    """A look at somebody who is awaited as it would be after their creation."""
    return replace(view, observed=Observation(_shown(view)))


def make(ctx: ChangeContext, work: ClaimedChange, view: View) -> View:
    """Make them under the lease that the change has, and look again.

    ChangeRefusedError: the pool refuses them. NotYetVisibleError: a group has yet to be made, or
    the name is held: by another user, or by this one, where a creation was answered twice; the next
    attempt tells. What is left open the sweep finds. As replay_record.
    """
    asked = replace(ctx.sync, filling=True)
    try:
        replay_record(asked, view.subject, work.holder)
    except (RefusedByPoolError, RefusedByTriggerError):
        refuse(ctx, work, REFUSED_BY_POOL)
    except (DependencyMissingError, NameHeldError) as error:
        raise NotYetVisibleError(f"{type(error).__name__}: they are not made yet") from None
    return take_and_look(ctx, view.subject, work.holder)


def user_of(view: View) -> UserView:
    """As the API shows them."""
    fields = _shown(view)
    name = name_for(view.schema, fields)
    return UserView(
        username="" if isinstance(name, NotHeld) else name,
        origin_sub=view.subject.id,
        status=AWAITED,
        enabled=fields.get(ENABLED) == TRUE,
        attributes=attributes_of(fields),
        groups=tuple(names_with(GROUP, fields)),
        entity_tag=entity_tag(fields),
    )


def _shown(view: View) -> Fields:
    return {} if view.winner is None else project(view, view.winner).fields


def _awaited(ctx: SyncContext, name: str) -> Iterator[View]:
    names = ctx.directory.schema().names
    for view in _indexed(ctx, name):
        if view.winner and signs_in_by(names, view.winner.fields, name):
            yield view


def _keeping(ctx: SyncContext, name: str) -> Iterator[View]:
    """By the rule of PreSignUp."""
    names = ctx.directory.schema().names
    for view in _indexed(ctx, name):
        if keeps(view.winner, name, lambda: names):
            yield view


def _indexed(ctx: SyncContext, name: str) -> Iterator[View]:
    """By the index of names, which is a hint: their records tell."""
    for key in dict.fromkeys(ctx.records.named(name)):
        if view := find_by_origin(ctx, key):
            yield view
