"""The people of a rehearsal: invented, or of records with everything personal replaced. Pure.

Nobody's address gets in. Mail goes to Amazon SES's mailbox simulator, which takes it and throws it
away (SES developer guide, "Using the mailbox simulator"). Numbers are among those that are reserved
for fiction (North American Numbering Plan, 555-0100 to 555-0199).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from cognito_standby.core.domain.attribute_limits import AttributeRule, AttributeType
from cognito_standby.core.domain.contacts import CONTACTS, FLAGS, PREFERRED
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.pools import NEVER_REPLICATED, PoolSchema
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    FALSE,
    FEDERATED,
    GROUP,
    PRECEDENCE,
    PRESENT,
    TRUE,
    USERNAME,
    Fields,
    Subject,
    attributes_of,
    names_with,
)

MOST = 200
"""People of a rehearsal, at most: each is a monthly active user, and more prove no more."""

CLEAR = frozenset({*FLAGS, "locale", "zoneinfo"})
"""Attributes that are taken from a record as they are: they tell nobody. All others are replaced,
custom ones as well: nobody here knows what is in them."""

_AREAS = (201, 989)
"""The fictional numbers are in every area code; 79 thousand of them are enough."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PLAIN_LENGTH, _WIDEST = 12, 2048
_DISABLED, _UNVERIFIED = 4, 5
"""Every how many people of those invented are so."""
_FIXED = {
    "birthdate": "1990-01-01",
    "updated_at": "1700000000",
    "picture": "https://example.com/picture",
    "profile": "https://example.com/profile",
    "website": "https://example.com/",
}
"""Attributes of a form of their own (OpenID Connect Core, "Standard Claims")."""


@dataclass(frozen=True)
class Person:
    """Somebody of a rehearsal: an id that nobody else has, and what their record says."""

    subject: Subject
    fields: Fields


def subject_of(drill_id: str, number: int) -> Subject:
    """Made of the rehearsal and a number, so that no id of a real person gets in."""
    told = hashlib.sha256(f"{drill_id}:{number}".encode()).hexdigest()
    parts = (told[:8], told[8:12], told[12:16], told[16:20], told[20:32])
    return Subject.user("-".join(parts))


def email_of(drill_id: str, number: int) -> str:
    """An address whose mail is thrown away."""
    return f"success+{drill_id}-{number}@simulator.amazonses.com"


def phone_of(number: int) -> str:
    """A number that rings nowhere. ValueError: there are no more."""
    area, line = divmod(number, 100)
    first, last = _AREAS
    if area > last - first:
        raise ValueError("there are not so many fictional numbers")
    return f"+1{first + area}55501{line:02d}"


def invented(drill_id: str, count: int, schema: PoolSchema, groups: Sequence[str]) -> list[Person]:
    """People of every kind that a pool can have, one after the other: verified or not, disabled,
    in none, one or two of the groups, with attributes as short and as long as they may be."""
    return [_invented(drill_id, number, schema, groups) for number in range(count)]


def rewritten(drill_id: str, number: int, fields: Fields, schema: PoolSchema) -> Person | None:
    """Somebody whose record has these fields, as nobody; None: a provider's user, of whom nobody
    is made. Second factors and identities are left out: no pool of a rehearsal has any."""
    if FEDERATED in fields:
        return None
    kept = {name: fields[name] for name in (PRESENT, ENABLED) if name in fields}
    kept |= {name: TRUE for name in fields if name.startswith(GROUP)}
    if USERNAME in fields:
        kept[USERNAME] = f"drill-{drill_id}-{number}"
    for name, value in attributes_of(fields).items():
        kept[ATTRIBUTE + name] = _replaced(drill_id, number, name, value, schema)
    return Person(subject_of(drill_id, number), kept)


def group_names(people: Sequence[Person]) -> list[str]:
    """Groups that somebody is in, and that a replay puts people into."""
    named = {name for each in people for name in names_with(GROUP, each.fields)}
    return sorted(name for name in named if not is_of_provider(name))


def group_fields_of(fields: Fields) -> Fields:
    """Of a group's record what a rehearsal defines: no role, which it may not pass on, and no
    description, which may tell of people."""
    return {name: fields[name] for name in (PRESENT, PRECEDENCE) if name in fields}


def _replaced(drill_id: str, number: int, name: str, value: str, schema: PoolSchema) -> str:
    if name in CLEAR:
        return value
    if name in CONTACTS:
        return _contact(drill_id, number, name)
    if name in _FIXED:
        return _FIXED[name]
    if name == PREFERRED:
        return f"nick-{drill_id}-{number}"
    rule, seed = schema.attributes.get(name), f"{drill_id}:{number}:{name}"
    if rule is None or rule.type is AttributeType.STRING:
        return _text(seed, len(value))  # too long for the pool, where the record's is
    return _value(rule, seed, len(value))


def _invented(drill_id: str, number: int, schema: PoolSchema, groups: Sequence[str]) -> Person:
    fields = {PRESENT: TRUE, ENABLED: FALSE if number % _DISABLED == 1 else TRUE}
    if schema.free_usernames:
        fields[USERNAME] = f"drill-{drill_id}-{number}"
    for name, rule in sorted(schema.attributes.items()):
        if name in FLAGS or name in NEVER_REPLICATED or name.startswith("dev:"):
            continue
        if name in CONTACTS:
            fields |= _with_contact(drill_id, number, name, schema)
        elif rule.required or name.startswith("custom:"):
            fields[ATTRIBUTE + name] = _FIXED.get(name) or _value(
                rule, f"{number}", _length(number)
            )
    chosen = groups[number % len(groups) :][: number % 3] if groups else ()
    return Person(subject_of(drill_id, number), {**fields, **{GROUP + g: TRUE for g in chosen}})


def _with_contact(drill_id: str, number: int, name: str, schema: PoolSchema) -> dict[str, str]:
    """Everybody has what the pool knows them by, or asks for; every second one the other, too."""
    needed = name in schema.sign_in_attributes[:1] or schema.attributes[name].required
    if not (needed or name == "email" or number % 2 == 0):
        return {}
    verified = FALSE if number % _UNVERIFIED == 1 else TRUE
    told = _contact(drill_id, number, name)
    return {ATTRIBUTE + name: told, f"{ATTRIBUTE}{name}_verified": verified}


def _contact(drill_id: str, number: int, name: str) -> str:
    return email_of(drill_id, number) if name == "email" else phone_of(number)


def _length(number: int) -> int:
    """Short, long, and in between."""
    return (1, _WIDEST, _PLAIN_LENGTH)[number % 3]


def _value(rule: AttributeRule, seed: str, length: int) -> str:
    """A value that the rule allows; a text of this length, as far as the rule lets it."""
    least = rule.least or 0
    match rule.type:
        case AttributeType.NUMBER:
            most = rule.most if rule.most is not None else least + 1_000_000
            return str(least + _number(seed) % max(1, most - least + 1))
        case AttributeType.BOOLEAN:
            return TRUE if _number(seed) % 2 else FALSE
        case AttributeType.DATE_TIME:
            return "1700000000"
        case AttributeType.STRING | AttributeType.UNKNOWN:
            most = rule.most if rule.most is not None else _WIDEST
            return _text(seed, max(1, least, min(most, length)))
        case _:
            assert_never(rule.type)


def _text(seed: str, length: int) -> str:
    digits = hashlib.shake_256(seed.encode()).digest(length)
    return "".join(_LETTERS[each % len(_LETTERS)] for each in digits)


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6])
