"""How the people of a created pool are known to it: by what they sign in with, and recover by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

SignInName = Literal["username", "email", "phone", "email_or_phone"]
Alias = Literal["email", "phone_number", "preferred_username"]


@dataclass(frozen=True)
class SignIn:
    """usernames  attributes that stand in for a username; none: people choose one
    aliases    what signs in beside a username
    contacts   addresses that Cognito verifies, keeps until a new one is verified, and recovers by
    required   of them, what everybody must have
    """

    usernames: tuple[str, ...]
    contacts: tuple[str, ...]
    required: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def by_phone(self) -> bool:
        """Whether codes go to phones, which takes SMS."""
        return "phone_number" in self.contacts


_EMAIL, _PHONE = ("email",), ("phone_number",)
_MODES: Mapping[SignInName, SignIn] = {
    "username": SignIn((), _EMAIL, _EMAIL),
    "email": SignIn(_EMAIL, _EMAIL, _EMAIL),
    "phone": SignIn(_PHONE, _PHONE, _PHONE),
    "email_or_phone": SignIn((*_EMAIL, *_PHONE), (*_EMAIL, *_PHONE), ()),
}


def sign_in_of(name: SignInName, aliases: Sequence[Alias]) -> SignIn:
    """ValueError: Cognito has no such pool ("Customizing sign-in attributes")."""
    mode = _MODES[name]
    if not aliases:
        return mode
    if mode.usernames:
        raise ValueError("aliases are for sign_in username: a pool has them or such usernames")
    if len(set(aliases)) < len(aliases):
        raise ValueError("aliases: one is named twice")
    more = tuple(each for each in _PHONE if each in aliases)
    return SignIn((), (*mode.contacts, *more), mode.required, tuple(aliases))
