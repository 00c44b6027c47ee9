"""A clock that stands still until it is told otherwise, and passwords that can be repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_START = datetime(2026, 1, 1, tzinfo=UTC)


class ManualClock:
    """Clock: moves only when a test moves it. `skew` is this Region's error, in seconds."""

    def __init__(self, start: datetime = _START, skew: float = 0.0) -> None:
        self._now = start + timedelta(seconds=skew)

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)

    def set(self, now: datetime) -> None:
        """Set the time, backwards too: clocks of computers do that."""
        self._now = now

    def snapshot(self) -> datetime:
        """The state, hashable."""
        return self._now

    def restore(self, snapshot: datetime) -> None:
        """Go back to a state."""
        self._now = snapshot


class NumberedPasswords:
    """PasswordSource: 99 characters of all four kinds, each different, in the same order always.

    99 is the longest minimum that a Cognito password policy can ask for
    (PasswordPolicyType.MinimumLength, 6 to 99).
    """

    def __init__(self, start: int = 0) -> None:
        self.given = start

    def new_password(self) -> str:
        """The next password."""
        self.given += 1
        return f"Aa1!{self.given:095d}"
