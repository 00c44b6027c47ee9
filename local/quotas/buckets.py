"""Token buckets, as AWS throttles with them. Pure: the time is passed in, in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field

_ROUNDING = 1e-6
"""A clock tells microseconds."""


@dataclass
class Bucket:
    """Holds `size` tokens, full at first; `rate` come back each second."""

    size: float
    rate: float
    _tokens: float = field(init=False)
    _at: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._tokens = self.size

    def take(self, now: float) -> bool:
        """Spend one token; False, and nothing is spent, without a whole one."""
        self._fill(now)
        if self._tokens < 1 - _ROUNDING:
            return False
        self._tokens -= 1
        return True

    def wait(self, now: float) -> float:
        """Spend one token on credit; the seconds until it is there."""
        self._fill(now)
        self._tokens -= 1
        return max(0.0, -self._tokens / self.rate)

    def could_take(self, now: float) -> bool:
        """Whether `take` would succeed."""
        self._fill(now)
        return self._tokens >= 1 - _ROUNDING

    def _fill(self, now: float) -> None:
        passed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._tokens = min(self.size, self._tokens + passed * self.rate)
        self._at = now if self._at is None else max(self._at, now)


@dataclass
class Daily:
    """At most `limit` in each day of UTC."""

    limit: int
    _day: int = field(default=-1, init=False)
    _used: int = field(default=0, init=False)

    def take(self, now: float) -> bool:
        """Count one; False, and nothing is counted, when the day is used up."""
        day = int(now // 86400)
        if day != self._day:
            self._day, self._used = day, 0
        if self._used >= self.limit:
            return False
        self._used += 1
        return True

    def give_back(self) -> None:
        """What was counted did not happen."""
        self._used = max(0, self._used - 1)
