"""Request quotas in virtual time, and the meter of calls and billed users.

The 10 reads and 10 writes a second of one user are not enforced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cognito_standby.core.ports import Clock
from local.quotas.categories import BILLED, RATES, Category, category_of
from local.quotas.requests import Requests
from tests.twins.pool.errors import CognitoError

__all__ = ["BILLED", "Category", "Meter", "Quotas"]


class Quotas:
    """Requests against the wall clock of a test. Pools of one account and Region share one."""

    def __init__(self, clock: Clock, rates: Mapping[Category, float] = RATES) -> None:
        self._clock, self._requests = clock, Requests(dict(rates))

    def spend(self, operation: str, pool_id: str, challenge: str = "") -> None:
        """Count one request. TooManyRequestsException: over the rate; nothing is spent."""
        now = self._clock.now().timestamp()
        if not self._requests.admits(operation, pool_id, now, challenge):
            why = str(category_of(operation, challenge))
            raise CognitoError("TooManyRequestsException", why)


@dataclass
class Meter:
    """What a pool was asked. Not part of a snapshot: it only ever grows."""

    calls: Counter[str] = field(default_factory=Counter)
    """By operation, throttled ones included."""
    throttled: Counter[str] = field(default_factory=Counter)
    active: set[tuple[str, str]] = field(default_factory=set)
    """(month as 2026-01, sub): the billed monthly active users."""

    def by_category(self) -> dict[Category, int]:
        """Calls by quota category."""
        sums: Counter[Category] = Counter()
        for operation, count in self.calls.items():
            sums[category_of(operation)] += count
        return dict(sums)

    def billed_users(self, month: str) -> int:
        """Monthly active users of a month (2026-01)."""
        return sum(1 for each, _ in self.active if each == month)
