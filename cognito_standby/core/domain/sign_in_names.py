"""By what the people of a pool sign in. Settled when the pool is made: no call changes it later."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SignInNames:
    """CreateUserPool's UsernameAttributes and AliasAttributes, of which a pool has one at most.

    usernames  attributes (email, phone_number) that stand in for a username at creation, whether
               verified or not; none: a username is chosen by the person
    aliases    attributes that sign in beside a username, for one user only: a contact once it is
               verified, a preferred username at once
    """

    usernames: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
