"""A user, as far as rules look at one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from local.cognito_rules.pools import CONTACTS


class Status(StrEnum):
    """UserStatusType, as far as a rule names it."""

    UNCONFIRMED = "UNCONFIRMED"
    CONFIRMED = "CONFIRMED"
    RESET_REQUIRED = "RESET_REQUIRED"
    FORCE_CHANGE_PASSWORD = "FORCE_CHANGE_PASSWORD"  # noqa: S105 - a status, not a password
    EXTERNAL_PROVIDER = "EXTERNAL_PROVIDER"


class Person(Protocol):
    """Whoever the adapter keeps. `sub` may be among the attributes or not."""

    @property
    def sub(self) -> str:
        """The pool's own id of the user."""

    @property
    def username(self) -> str:
        """The name that never changes."""

    @property
    def status(self) -> str:
        """UserStatusType."""

    @property
    def enabled(self) -> bool:
        """Whether the user may sign in."""

    @property
    def attributes(self) -> Mapping[str, str]:
        """Name -> value."""


def verified(attributes: Mapping[str, str], contact: str) -> bool:
    """Whether the contact is there and verified."""
    flag = attributes.get(f"{contact}_verified", "")
    return bool(attributes.get(contact)) and flag.lower() == "true"


def flags() -> tuple[str, ...]:
    """The attributes that say whether a contact is verified."""
    return tuple(f"{contact}_verified" for contact in CONTACTS)
