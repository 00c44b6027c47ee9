"""From fields to calls of the pool: the one place that says how a kind of field is written.

`CALLS_OF` is the table: a kind of field (as in core/domain/subjects), and the calls that make a
user who shows some fields of it show others. Its order is the order of the calls. Only two things
about the order matter to somebody: memberships are a step of the replay's own, after the profile
(`PROFILE`), and containment locks before anything else (`LOCK_FIRST`). Read is in
core/domain/pools.py (`user_fields`), decided in replication/domain/projection.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.contacts import (
    FLAGS,
    silent_updates,
    with_flags,
    with_verification,
)
from cognito_standby.core.domain.errors import InvalidRecordError, RefusedByPoolError
from cognito_standby.core.domain.identities import Identity
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import PoolGroup, PoolSchema
from cognito_standby.core.domain.sign_in import PASSKEY, Factor
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    DESCRIPTION,
    ENABLED,
    FACTOR,
    GROUP,
    LINKED,
    PRECEDENCE,
    PREFERRED_FACTOR,
    PRESENT,
    ROLE,
    TRUE,
    USERNAME,
    Fields,
    names_with,
)
from cognito_standby.core.ports import UserDirectory
from cognito_standby.replication.domain.creation_names import name_for

BY_CALL = tuple(FACTOR + each for each in Factor)
"""Fields of the factors that AdminSetUserMFAPreference knows."""

On = Callable[[UserDirectory, str], None]
"""A call of a pool about the user of that username."""


@dataclass(frozen=True)
class Call:
    """One call of the pool.

    about  the fields that it changes
    shows  those of them that are there afterwards, with their values
    make   the call
    """

    about: tuple[str, ...]
    shows: Fields
    make: On


def _attributes(seen: Fields, target: Fields) -> Iterator[Call]:
    """A flag is written together with its address, and is never removed alone."""
    differing = _differing(ATTRIBUTE, seen, target)
    wanted = {name: target[ATTRIBUTE + name] for name in differing if ATTRIBUTE + name in target}
    for given in silent_updates(with_verification(wanted, target), seen):
        shows = {ATTRIBUTE + name: value for name, value in given.items()}
        yield Call(tuple(sorted(shows)), shows, _setting(given))
    gone = tuple(n for n in differing if ATTRIBUTE + n not in target and n not in FLAGS)
    if gone:
        yield Call(tuple(ATTRIBUTE + name for name in gone), {}, _deleting(gone))


def _lock(seen: Fields, target: Fields) -> Iterator[Call]:
    if ENABLED in target and seen.get(ENABLED) != target[ENABLED]:
        enabled = target[ENABLED] == TRUE
        shows = {ENABLED: target[ENABLED]}
        yield Call((ENABLED,), shows, lambda pool, user: pool.set_enabled(user, enabled))


def _links(seen: Fields, target: Fields) -> Iterator[Call]:
    """A pool takes five for each user, so those that go go first."""
    differing = _differing(LINKED, seen, target)
    for field in (LINKED + name for name in differing):
        if field not in target:
            yield Call((field,), {}, _unlinking(_identity_in(seen[field])))
    for field in (LINKED + name for name in differing):
        if field in target:
            shows = {field: target[field]}
            yield Call((field,), shows, _linking(field, _identity_in(target[field])))


def _factors(seen: Fields, target: Fields) -> Iterator[Call]:
    """One call for all of them: Cognito takes one preferred factor, and only one that is on. A
    passkey is not an administrator's."""
    fields = [name for name in BY_CALL if seen.get(name) != target.get(name)]
    before, after = seen.get(PREFERRED_FACTOR), target.get(PREFERRED_FACTOR)
    if before != after:
        fields.append(PREFERRED_FACTOR)
    if not fields:
        return
    about = {name for name in fields if name != PREFERRED_FACTOR}
    about |= {FACTOR + name for name in (before, after) if name and name != PASSKEY}
    wanted = {name.removeprefix(FACTOR): name in target for name in sorted(about)}
    shows = {name: target[name] for name in fields if name in target}
    yield Call(tuple(fields), shows, _turning(tuple(fields), wanted, after or ""))


def _memberships(seen: Fields, target: Fields) -> Iterator[Call]:
    """Left before joined: a user who changes groups has, for a moment, too few rights and not too
    many."""
    differing = _differing(GROUP, seen, target)
    for group in differing:
        if GROUP + group not in target:
            yield Call((GROUP + group,), {}, _leaving(group))
    for group in differing:
        if GROUP + group in target:
            yield Call((GROUP + group,), {GROUP + group: TRUE}, _joining(group))


CALLS_OF: Mapping[str, Callable[[Fields, Fields], Iterator[Call]]] = {
    ATTRIBUTE: _attributes,
    ENABLED: _lock,
    LINKED: _links,
    FACTOR: _factors,
    GROUP: _memberships,
}
"""Kind of field -> how differences of it become calls. A user's name and presence have no call:
they come and go with the user."""

ALL = tuple(CALLS_OF)
MEMBERSHIPS = (GROUP,)
FACTORS = (FACTOR,)
"""After the password of whoever is new: what Cognito makes of a preference while the password is
temporary is not documented."""
PROFILE = tuple(kind for kind in ALL if kind != GROUP)
"""All that a user has without a group; a missing group must not hold it up."""
LOCK_FIRST = tuple(sorted(ALL, key=lambda kind: kind != ENABLED))
"""Who is to be locked out is so before anything else can fail."""
LOCKED_PROFILE = tuple(kind for kind in LOCK_FIRST if kind != GROUP)
"""A profile of somebody who has just signed in by themselves."""


def calls_between(seen: Fields, target: Fields, kinds: tuple[str, ...] = ALL) -> tuple[Call, ...]:
    """The calls, in order, by which a user who looks like `seen` looks like `target`: of all kinds
    of fields, or of these, in this order."""
    target = with_flags(target)
    return tuple(call for kind in kinds for call in CALLS_OF[kind](seen, target))


def fields_between_updates(seen: Fields, target: Fields) -> dict[str, str]:
    """What the user shows between two of the calls and no longer after them. That is our writing,
    too."""
    final = with_flags(target)
    shown = (call.shows for call in calls_between(seen, target))
    return {name: v for fields in shown for name, v in fields.items() if final.get(name) != v}


def creation_fields(target: Fields) -> Fields:
    """What a pool shows right after the creation call, before all other calls."""
    return {
        name: value
        for name, value in target.items()
        if name in (PRESENT, USERNAME) or name.startswith(ATTRIBUTE)
    } | {ENABLED: TRUE}


def creation_name(schema: PoolSchema, fields: Fields) -> str:
    """What AdminCreateUser must be given: the username, or an address that stands in for it.

    InvalidRecordError: the record has neither. RefusedByPoolError: the pool takes no such username.
    """
    found = name_for(schema, fields)
    if found is NotHeld.LIKE_AN_ADDRESS:
        raise RefusedByPoolError(found)
    if isinstance(found, NotHeld):
        raise InvalidRecordError(f"the record has {found}")
    return found


def group_of(name: str, fields: Fields) -> PoolGroup:
    """A group definition of a state: the reverse of `core.domain.pools.group_fields`."""
    precedence = fields.get(PRECEDENCE)
    number = None if precedence is None else int(precedence)
    return PoolGroup(name, fields.get(DESCRIPTION, ""), number, fields.get(ROLE, ""))


def _differing(prefix: str, seen: Fields, target: Fields) -> list[str]:
    names = names_with(prefix, {*seen, *target})
    return [name for name in names if seen.get(prefix + name) != target.get(prefix + name)]


def _setting(given: Mapping[str, str]) -> On:
    return lambda pool, user: pool.set_attributes(user, given)


def _deleting(names: tuple[str, ...]) -> On:
    return lambda pool, user: pool.delete_attributes(user, names)


def _turning(fields: tuple[str, ...], wanted: Mapping[str, bool], preferred: str) -> On:
    def turn(pool: UserDirectory, user: str) -> None:
        try:
            pool.set_factors(user, wanted, preferred)
        except RefusedByPoolError as error:
            raise RefusedByPoolError(str(error), fields=fields) from None

    return turn


def _identity_in(value: str) -> Identity:
    if (found := Identity.from_text(value)) is None:
        raise InvalidRecordError("a linked identity does not have the documented shape")
    return found


def _linking(field: str, who: Identity) -> On:
    def link(pool: UserDirectory, user: str) -> None:
        try:
            pool.link_identity(user, who.provider, who.subject)
        except RefusedByPoolError as error:
            raise RefusedByPoolError(str(error), fields=(field,)) from None

    return link


def _unlinking(who: Identity) -> On:
    """The user was seen to have it, and an identity is linked to one user only."""
    return lambda pool, _user: pool.unlink_identity(who.provider, who.subject)


def _leaving(group: str) -> On:
    return lambda pool, user: pool.leave_group(user, group)


def _joining(group: str) -> On:
    return lambda pool, user: pool.join_group(user, group)
