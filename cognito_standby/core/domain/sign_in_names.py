"""By what the people of a pool sign in. Settled when the pool is made: no call changes it later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SignInNames:
    """CreateUserPool's UsernameAttributes and AliasAttributes, of which a pool has one at most, and
    CaseSensitive of its UsernameConfiguration.

    usernames  attributes (email, phone_number) that stand in for a username at creation, whether
               verified or not; none: a username is chosen by the person
    aliases    attributes that sign in beside a username, for one user only: a contact once it is
               verified, a preferred username at once
    case_sensitive  names that differ in capitals are two
    """

    usernames: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    case_sensitive: bool = False


def tells_capitals_apart(pool: Mapping[str, Any]) -> bool:
    """By DescribeUserPool. Pools from before the setting do (CreateUserPool,
    UsernameConfiguration)."""
    return bool((pool.get("UsernameConfiguration") or {}).get("CaseSensitive", True))
