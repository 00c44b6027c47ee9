"""Cognito's request rates in one Region of an account: all pools, everybody's calls. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.quotas.buckets import Bucket
from local.quotas.categories import (
    CHALLENGE_FACTOR,
    CHALLENGES,
    PER_POOL,
    PER_POOL_RATE,
    RATES,
    Category,
    category_of,
)

_CHALLENGES = ("challenges",)


@dataclass
class Requests:
    """Buckets of one second's depth: AWS publishes rates and no burst."""

    rates: Mapping[Category, float] = field(default_factory=lambda: RATES)
    _buckets: dict[tuple[str, ...], Bucket] = field(default_factory=dict)

    def admits(self, operation: str, pool_id: str, now: float, challenge: str = "") -> bool:
        """Count one request; False, and nothing is counted, when it is one too many.

        `challenge`: what the request answers, if it does. KeyError: an operation without a
        category.
        """
        category = category_of(operation, challenge)
        rate = self.rates[category]
        apart = operation in CHALLENGES and category is Category.USER_AUTHENTICATION
        if apart and self._bucket(_CHALLENGES, rate * CHALLENGE_FACTOR).take(now):
            return True
        wanted = [self._bucket((category,), rate)]
        if category in PER_POOL:
            wanted.append(self._bucket((operation, pool_id), PER_POOL_RATE))
        if not all(bucket.could_take(now) for bucket in wanted):
            return False
        for bucket in wanted:
            bucket.take(now)
        return True

    def _bucket(self, key: tuple[str, ...], rate: float) -> Bucket:
        return self._buckets.setdefault(key, Bucket(rate, rate))
