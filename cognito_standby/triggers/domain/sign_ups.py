"""Which sign-ups are refused whatever the pool's role is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.contacts import CONTACTS, PREFERRED
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE

BY_PROVIDER = "PreSignUp_ExternalProvider"
BY_ADMINISTRATOR = "PreSignUp_AdminCreateUser"
"""Replay makes its users by this call, and so may administrators."""
REFUSAL = f"{ORIGIN_SUB_ATTRIBUTE} is set by the service alone; sign up without it"


def refusal_of(source: str, attributes: Mapping[str, str]) -> str:
    """Why a sign-up is refused, or nothing. A caller who names an origin sub could otherwise stand
    for somebody else where an app trusts the attribute. A provider's attributes are a caller's."""
    if source == BY_ADMINISTRATOR or not attributes.get(ORIGIN_SUB_ATTRIBUTE):
        return ""
    return REFUSAL


@dataclass(frozen=True)
class Typed:
    """Names that a sign-up takes.

    preferred  one where preferred usernames are aliases, and nothing elsewhere
    """

    names: tuple[str, ...] = ()
    preferred: str = ""


def names_typed(source: str, username: str, attributes: Mapping[str, str]) -> Typed:
    """The names that a sign-up takes, in a pool that is filled on demand; none where that is no
    question: whoever is made with an origin sub is made as one of those who are awaited, and a
    provider's user has names of the provider's.

    An administrator alone can give a preferred username that is an alias: Cognito refuses it of
    whoever is not confirmed (guide, "Working with user attributes").
    """
    if source == BY_PROVIDER or attributes.get(ORIGIN_SUB_ATTRIBUTE):
        return Typed()
    given = (username, *(attributes.get(contact, "") for contact in CONTACTS))
    preferred = attributes.get(PREFERRED, "") if source == BY_ADMINISTRATOR else ""
    return Typed(tuple(dict.fromkeys(name for name in given if name)), preferred)
