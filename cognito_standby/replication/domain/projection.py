"""From the winner's state to what one pool can show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.contacts import with_flags
from cognito_standby.core.domain.pools import Observation, PoolSchema
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ATTRIBUTE,
    ENABLED,
    FALSE,
    USERNAME,
    Fields,
    SubjectKind,
)


@dataclass(frozen=True)
class Target:
    """What the pool should show, and the fields that it cannot show, each with the reason."""

    fields: Fields
    skipped: Mapping[str, str]


TAKEN = "another user signs in with this address"
"""Why an unverified address stays out. Unless marked as verified, it could only be set by a call
that sends its owner a code, and marking it would take it from them."""


def target_in(
    winner: Record,
    observed: Observation,
    schema: PoolSchema,
    carried: Mapping[str, str],
    taken: Fields = ABSENT,
) -> Target:
    """Project the winner onto a pool.

    `carried` are fields (with reasons) that stay out although the pool could hold them by now:
    this Region's own record carries them for the other Region, and only a foreign winner brings
    them in. `taken` are addresses (by field) that another user of the pool signs in with. The flag
    of one that stays out is the winner's: nobody recovers by an address that they left.

    A deletion shows as an absent subject, or as a disabled user until the grace period ends; an
    erasure as an absent one at once.
    """
    seen = observed.fields
    if winner.deleted:
        at_once = winner.subject.kind is SubjectKind.GROUP or winner.erased
        if at_once or not observed.present:
            return Target(ABSENT, {})
        return Target({**seen, ENABLED: FALSE}, {})
    if winner.subject.kind is SubjectKind.GROUP:
        # UpdateGroup can set a precedence and never unset one.
        kept = {"precedence": seen["precedence"]} if "precedence" in seen else {}
        return Target({**kept, **winner.fields}, {})
    fields: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for name in {*winner.fields, *seen}:
        reason = _cannot_hold(name, winner.fields.get(name), observed, schema)
        reason = reason or _taken(name, winner, observed, taken)
        if name not in seen:
            reason = reason or carried.get(name, "")
        if reason and name in winner.fields:
            skipped[name] = reason
        source = seen if reason else winner.fields
        if name in source:
            fields[name] = source[name]
    return Target(with_flags(fields), skipped)


def _taken(name: str, winner: Record, observed: Observation, taken: Fields) -> str:
    """Why an address, or the flag of one without which the user is left, is not set."""
    contact = name.removesuffix("_verified")
    wanted, seen = winner.fields.get(contact), observed.fields.get(contact)
    if contact not in taken or taken[contact] != wanted or wanted == seen:
        return ""
    return TAKEN if name == contact or seen is None else ""


def _cannot_hold(name: str, wanted: str | None, observed: Observation, schema: PoolSchema) -> str:
    """Why the pool cannot take this value of a field, or nothing when it can."""
    seen = observed.fields.get(name)
    if seen == wanted:
        return ""
    if name == USERNAME:
        if not schema.free_usernames:
            return "the pool makes usernames itself"
        return "a username cannot change" if observed.present else ""
    if not name.startswith(ATTRIBUTE):
        return ""
    rule = schema.attributes.get(name.removeprefix(ATTRIBUTE))
    if rule is None:
        return "not in the pool's schema"
    if observed.present and not rule.mutable:
        return "immutable, and the user exists"
    if wanted is None and rule.required:
        return "required by the pool's schema"
    return ""
