"""Turns in memory."""

from __future__ import annotations

from cognito_standby.core.ports import Clock


class InMemoryTurns:
    """The line of the replays of one Region."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._next_at = clock, 0.0

    def take(self, seconds: float) -> float:
        """The next turn."""
        now = self._clock.now().timestamp()
        begins = max(now, self._next_at)
        self._next_at = begins + seconds
        return begins - now
