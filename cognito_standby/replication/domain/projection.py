"""From the winner's state to what one pool can show of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.attribute_limits import misfit
from cognito_standby.core.domain.contacts import CONTACT_OF, with_flags
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.identities import Identity
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import Observation, PoolSchema
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ATTRIBUTE,
    ENABLED,
    FALSE,
    FEDERATED,
    GROUP,
    LINKED,
    PRECEDENCE,
    ROLE,
    USERNAME,
    Fields,
    SubjectKind,
    is_about_factors,
)
from cognito_standby.replication.domain.factors import Choice, factors_in


@dataclass(frozen=True)
class Target:
    """What the pool should show, and each field in which that differs from the winner, with the
    reason (`domain.not_held`). One that the winner lacks is there because it cannot be removed."""

    fields: Fields
    skipped: Mapping[str, str]

    @property
    def staged(self) -> bool:
        """Whether it is the profile of a provider's user who is waited for (`domain.staging`)."""
        return bool(self.fields) and self.skipped.get(FEDERATED) == NotHeld.STAGED

    @property
    def own_link(self) -> str:
        """The field of the identity whose profile that is; "" of all others."""
        noted = (n for n, why in self.skipped.items() if _is_link(n) and why == NotHeld.STAGED)
        return next(noted, "") if self.staged else ""


TAKEN = NotHeld.TAKEN

_CANNOT_BE_UNSET = (PRECEDENCE, ROLE)
"""UpdateGroup can set them, and what it does not send stays."""


def target_in(
    winner: Record,
    observed: Observation,
    schema: PoolSchema,
    carried: Mapping[str, str],
    taken: Fields = ABSENT,
    changed: Collection[str] = (),
    refused: Collection[str] = (),
    unrecorded: Collection[str] = (),
    *,
    standby: bool = False,
) -> Target:
    """Project the winner onto a pool.

    `carried` are fields (with reasons) that stay out although the pool could hold them by now:
    this Region's own record carries them for the other Region, and only a foreign winner brings
    them in. `taken` are addresses (by field) that another user of the pool signs in with. The flag
    of one that stays out is the winner's: nobody recovers by an address that they left. `changed`
    are fields that somebody changed in an active pool: what the winner says of them is overtaken,
    whether the pool could hold it or not. `refused` are fields whose value this pool has refused,
    `unrecorded` second factors that the pool shows and no record ever told of; `standby`: nobody
    is to be kept out of this pool (`domain.factors`).
    Whether a provider made the user is as it is, no call changes it; nor are the links of such a
    user ours.

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
        return _group(winner.fields, seen, schema, changed)
    fields: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for name in {*winner.fields, *seen}:
        if is_about_factors(name):
            continue
        wanted, reason = winner.fields.get(name), ""
        if name not in changed:
            reason = _cannot_hold(name, wanted, observed, schema)
            reason = reason or _taken(name, winner, observed, taken)
        if name not in seen:
            reason = reason or carried.get(name, "")
        if name in refused and wanted != seen.get(name):
            reason = reason or (NotHeld.LINK_REFUSED if _is_link(name) else NotHeld.REFUSED)
        given = _is_given(name, observed) and name not in changed
        if given and _is_link(name) and wanted != seen.get(name):
            reason = reason or NotHeld.PROVIDERS_LINK
        if reason:
            skipped[name] = reason
        source = seen if reason or given else winner.fields
        if name in source:
            fields[name] = source[name]
    target = _with_flags_of(winner.fields, fields, skipped, changed)
    choice = Choice(winner.fields, observed, target.fields, schema, standby=standby)
    held, left_out = factors_in(choice, carried, changed, refused, unrecorded)
    return Target({**target.fields, **held}, {**target.skipped, **left_out})


def _with_flags_of(
    wanted: Fields, fields: Fields, skipped: dict[str, str], changed: Collection[str]
) -> Target:
    """A flag is about its address: whoever is left with another one than the winner's does not
    recover by it, for the winner may have left it to somebody else."""
    told = dict(fields)
    for flag, contact in CONTACT_OF.items():
        if contact in skipped and told.get(contact) != wanted.get(contact) and flag not in changed:
            told[flag] = FALSE
    told = with_flags(told)
    for flag, contact in CONTACT_OF.items():
        if contact in skipped and told.get(flag) != wanted.get(flag):
            skipped.setdefault(flag, NotHeld.OTHER_ADDRESS)
    return Target(told, skipped)


def _group(wanted: Fields, seen: Fields, schema: PoolSchema, changed: Collection[str]) -> Target:
    """The role is one of those that are mapped, or stays what it is."""
    fields, skipped = dict(wanted), dict[str, str]()
    role = wanted.get(ROLE, "")
    if role not in ("", seen.get(ROLE), *schema.group_roles) and ROLE not in changed:
        skipped[ROLE] = NotHeld.UNMAPPED_ROLE
        del fields[ROLE]
    for name in _CANNOT_BE_UNSET:
        if name in seen and name not in fields and name not in changed:
            fields[name] = seen[name]
            skipped.setdefault(name, NotHeld.CANNOT_UNSET)
    return Target(fields, skipped)


def without_links(target: Target) -> Target:
    """The same with no identity linked to a local user; those of a provider's user are not ours."""
    if FEDERATED in target.fields:
        return target
    left = {name: value for name, value in target.fields.items() if not _is_link(name)}
    return Target(left, target.skipped)


def _is_given(name: str, observed: Observation) -> bool:
    theirs = _is_link(name) and FEDERATED in observed.fields
    return observed.present and (name == FEDERATED or theirs)


def _is_link(name: str) -> bool:
    return name.startswith(LINKED)


def _taken(name: str, winner: Record, observed: Observation, taken: Fields) -> str:
    """Why an address is not set, or the flag of an address that the user does not get."""
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
            return NotHeld.MADE_USERNAME
        return NotHeld.FIXED_USERNAME if observed.present else ""
    if name.startswith(GROUP) and is_of_provider(name.removeprefix(GROUP)):
        return NotHeld.PROVIDERS_GROUP
    if _is_link(name):
        return _cannot_link(Identity.from_text(wanted or ""), schema)
    if not name.startswith(ATTRIBUTE):
        return ""
    rule = schema.attributes.get(name.removeprefix(ATTRIBUTE))
    if rule is None:
        return NotHeld.NOT_IN_SCHEMA
    if observed.present and not rule.mutable:
        return NotHeld.IMMUTABLE
    if wanted is None:
        return NotHeld.REQUIRED if rule.required else ""
    return misfit(rule, wanted) or ""


def _cannot_link(who: Identity | None, schema: PoolSchema) -> str:
    if who is None:
        return ""
    if who.provider in schema.pairwise:
        return NotHeld.PAIRWISE
    return "" if who.provider in schema.providers else NotHeld.NO_PROVIDER
