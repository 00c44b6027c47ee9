"""The clock and the random source of the process."""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 60


class SystemClock:
    """Wall-clock time, UTC."""

    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC)


class RandomPasswords:
    """Passwords from the operating system's random source."""

    def new_password(self) -> str:
        """About 357 random bits, with one character of every class a Cognito policy can ask for."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) + "aA1!"
