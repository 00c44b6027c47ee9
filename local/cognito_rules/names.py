"""The names by which a user is known: their form, who holds which, who loses one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

from local.cognito_rules.people import Person, Status, verified
from local.cognito_rules.pools import CONTACTS, PoolSettings
from local.cognito_rules.refusals import CognitoError, constraint, invalid

NameKey = tuple[str, str]
"""What a name is (username, email ...) and its folded value."""

MAX_NAME_LENGTH = 128
"""Characters of a username or a group name (API: UsernameType, GroupNameType)."""

_P = TypeVar("_P", bound=Person)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+[0-9]{1,15}")
_LABELS = {"email": "email", "phone_number": "phone number"}


def is_email(value: str) -> bool:
    """Guide, "Working with user attributes": the standard form with @ sign and domain."""
    return _EMAIL.fullmatch(value) is not None


def is_phone(value: str) -> bool:
    """Guide, "Working with user attributes": a plus sign, then digits only; 15 by E.164."""
    return _PHONE.fullmatch(value) is not None


def check_form(name: str, member: str) -> None:
    """API, UsernameType and GroupNameType: 1 to 128 characters of [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}],
    so neither blanks nor control characters."""
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        raise constraint(member, f"have length from 1 to {MAX_NAME_LENGTH}")
    if any(unicodedata.category(c)[0] not in "LMSNP" for c in name):
        pattern = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"
        raise constraint(member, f"satisfy regular expression pattern: {pattern}")


def check_username(pool: PoolSettings, name: str) -> None:
    """Guide, "Customizing sign-in attributes": where addresses are usernames nothing else is
    one; where addresses are aliases, a username must not look like one."""
    check_form(name, "username")
    looks_like = {"email": is_email(name), "phone_number": is_phone(name)}
    if pool.username_attributes:
        if not any(looks_like.get(a) for a in pool.username_attributes):
            wanted = " or ".join(_LABELS[a] for a in pool.username_attributes)
            raise invalid(f"Username should be an {wanted}.")
        return
    for alias in pool.alias_attributes:
        if looks_like.get(alias):
            label = _LABELS[alias]
            raise invalid(
                f"Username cannot be of {label} format, since user pool is configured for "
                f"{label} alias."
            )


def address_kind(pool: PoolSettings, username: str) -> str:
    """Which attribute an address is that stands for a username; "" where usernames are free."""
    if not pool.username_attributes:
        return ""
    return "email" if is_email(username) else "phone_number"


def fold(pool: PoolSettings, kind: str, value: str) -> str:
    """Guide, "User pool case sensitivity": usernames, e-mail and preferred username alike.
    Capitals are what Python takes for them."""
    return value if pool.case_sensitive or kind == "phone_number" else value.lower()


def held(pool: PoolSettings, person: Person) -> list[NameKey]:
    """The names by which a user signs in and is found, the username first.

    Guide, "Customizing sign-in attributes": an address that is a username counts whether verified
    or not, an address that is an alias only when verified, a preferred username at once. Who comes
    through a provider has their username alone where addresses are usernames: users of such pools
    report a second, native user with the same address.
    """
    attributes = person.attributes
    names = [("username", person.username)]
    if found_by_sub(person):
        names += [(kind, attributes.get(kind, "")) for kind in pool.username_attributes]
    names += [
        (kind, attributes.get(kind, ""))
        for kind in _aliases(pool)
        if kind not in CONTACTS or verified(attributes, kind)
    ]
    return [(kind, fold(pool, kind, value)) for kind, value in names if value]


def sought(pool: PoolSettings, name: str) -> list[NameKey]:
    """Where a name given by a caller is looked for, in this order; as a sub after all of them.

    API, AdminGetUser: "any of their alias attributes".
    """
    kinds = ("username", *pool.username_attributes, *_aliases(pool))
    return [(kind, fold(pool, kind, name)) for kind in kinds]


def found_by_sub(person: Person) -> bool:
    """API, AdminGetUser: "the sub of a local user"."""
    return person.status != Status.EXTERNAL_PROVIDER


def find(pool: PoolSettings, people: Iterable[_P], name: str) -> _P | None:
    """Whom a name means, among people without an index of their names."""
    everybody = list(people)
    holders = {key: person for person in everybody for key in held(pool, person)}
    for key in sought(pool, name):
        if key in holders:
            return holders[key]
    by_sub = (person for person in everybody if person.sub == name and found_by_sub(person))
    return next(by_sub, None)


def moves(pool: PoolSettings, person: Person, kind: str, *, creation: bool, forced: bool) -> bool:
    """What becomes of a name that `person` would take from another user: True, it moves.

    UsernameExistsException, AliasExistsException otherwise. Guide, "Customizing sign-in
    attributes": an alias can be verified in one account only. API, AdminCreateUser and
    ConfirmSignUp: ForceAliasCreation moves an address, of which the former user's is then marked
    unverified; a preferred username does not move.
    """
    alias = kind in _aliases(pool)
    if alias and kind in CONTACTS and forced:
        return True
    if alias or not creation:
        raise CognitoError("AliasExistsException", f"An account with the {kind} already exists.")
    if kind != "username":
        text = f"An account with the given {kind} already exists."
    elif person.status == Status.UNCONFIRMED:
        text = "User already exists"
    else:
        text = "User account already exists"
    raise CognitoError("UsernameExistsException", text)


def _aliases(pool: PoolSettings) -> tuple[str, ...]:
    return tuple(a for a in pool.alias_attributes if a not in pool.username_attributes)
