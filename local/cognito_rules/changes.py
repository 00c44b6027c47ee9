"""What a write makes of a user's attributes besides what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from local.cognito_rules.names import address_kind, fold
from local.cognito_rules.people import flags
from local.cognito_rules.pools import CONTACTS, PoolSettings
from local.cognito_rules.refusals import invalid


@dataclass(frozen=True)
class Update:
    """What an update does.

    attributes   as they are afterwards
    waiting      contact -> value that waits for its verification
    codes        (contact, value) that a code is sent to
    """

    attributes: dict[str, str]
    waiting: dict[str, str]
    codes: tuple[tuple[str, str], ...]


def created(pool: PoolSettings, username: str, attributes: Mapping[str, str]) -> dict[str, str]:
    """The attributes of a new user.

    Guide, "Customizing sign-in attributes": where addresses are usernames, the address becomes the
    attribute (and the username is the sub). InvalidParameterException where both are given and
    differ, which is our reading.
    """
    given = {name: value for name, value in attributes.items() if value}
    for flag in flags():
        if flag in given:
            given[flag] = given[flag].lower()
    kind = address_kind(pool, username)
    if kind and fold(pool, kind, given.setdefault(kind, username)) != fold(pool, kind, username):
        raise invalid(f"The username and the attribute {kind} differ.")
    return given


def signed_up(attributes: Mapping[str, str]) -> dict[str, str]:
    """Whoever signs up has proved no address: the flags are there, as "false" (recorded events of
    CustomMessage_SignUp)."""
    unproved = {f"{c}_verified": "false" for c in CONTACTS if attributes.get(c)}
    return {**unproved, **attributes}


def updated(pool: PoolSettings, current: Mapping[str, str], given: Mapping[str, str]) -> Update:
    """An update's effect.

    API, AdminUpdateUserAttributes: a blank value deletes. API, UserAttributeUpdateSettingsType:
    where verification is required before an update, the old address stays unless the flag comes as
    true in the same call. Guide, "Verifying updates to email addresses and phone numbers": a
    changed address is unverified, and an auto-verified one is sent a code. An address that stays
    the same changes nothing (amazon-cognito-identity-js, issue 350).
    """
    changed, waiting = dict(given), {}
    codes: list[tuple[str, str]] = []
    for contact in CONTACTS:
        address, flag = changed.get(contact), f"{contact}_verified"
        if flag in changed:
            changed[flag] = changed[flag].lower()
        if not address or address == current.get(contact) or changed.get(flag) == "true":
            continue
        if contact in pool.verify_before_update:
            del changed[contact]
            changed.pop(flag, None)
            waiting[contact] = address
        else:
            changed[flag] = "false"
        if contact in pool.auto_verified:
            codes.append((contact, address))
    return Update(_without_blanks({**current, **changed}), waiting, tuple(codes))


def without(current: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """A deletion's effect; an address takes its flag along, and what is not there is no error."""
    return _without_blanks({**current, **dict.fromkeys(names, "")})


def proved(current: Mapping[str, str], contact: str, waiting: str = "") -> dict[str, str]:
    """An address whose code came is verified; the one that waited for it takes effect.
    No contact: nothing was proved."""
    if not contact:
        return dict(current)
    value = {contact: waiting} if waiting else {}
    return {**current, **value, f"{contact}_verified": "true"}


def unverified(current: Mapping[str, str], contact: str) -> dict[str, str]:
    """What is left to a user whose alias has moved to another."""
    return {**current, f"{contact}_verified": "false"}


def _without_blanks(attributes: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in attributes.items() if value}
    for contact in CONTACTS:
        if contact not in kept:
            kept.pop(f"{contact}_verified", None)
    return kept
