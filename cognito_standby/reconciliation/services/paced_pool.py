"""A pool that is asked no faster than its quotas allow, and each of whose calls is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.pools import PoolSchema
from cognito_standby.core.ports import Clock, UserDirectory
from cognito_standby.reconciliation.domain import request_costs as costs
from cognito_standby.reconciliation.ports import Pacer
from cognito_standby.reconciliation.services.metering import Meter

STEP_SECONDS = 45.0
"""How long a step may go on calling after it renewed its lease of 90 s: with the longest call
(15 s) it is over before the lease is. A step that waited longer for its pace begins again."""

SCHEMA_FOR = timedelta(minutes=5)
"""How long a schema is believed, so how often DescribeUserPool is asked at most."""


class PacedPool:
    """A UserDirectory, each of whose calls waits for its turn and is counted.

    If the turn comes too late for the lease, the call raises ThrottledError instead: see
    STEP_SECONDS.
    """

    def __init__(self, directory: UserDirectory, pacer: Pacer, clock: Clock, meter: Meter) -> None:
        self._directory, self._pacer, self._clock, self.meter = directory, pacer, clock, meter
        self._began = clock.now()
        self._schema: tuple[datetime, PoolSchema] | None = None
        self._saved: Counter[str] = Counter()
        """Turns that were waited for and came too late: the next attempt has them at once, or
        at a slow pace it would never come further."""

    def begin_step(self) -> None:
        """A step is about to renew its lease."""
        self._began = self._clock.now()

    def schema(self) -> PoolSchema:
        """Paced when it may be asked for; every step looks at it, and Cognito allows 15 a second
        to the whole account."""
        now = self._clock.now()
        if self._schema is None or now - self._schema[0] > SCHEMA_FOR:
            found = self._paced("schema", costs.POOL_CALLS["schema"], self._directory.schema, ())
            self._schema = (now, found)
        return self._schema[1]

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call = getattr(self._directory, method)
        categories = costs.POOL_CALLS.get(method, ())
        if not categories:
            return cast(Callable[..., Any], call)
        return lambda *args: self._paced(method, categories, call, args)

    def _paced(
        self, method: str, categories: tuple[str, ...], call: Callable[..., Any], args: Any
    ) -> Any:
        for category in categories:
            if self._saved[category]:
                self._saved[category] -= 1
            else:
                self._pacer.wait(category)
        if (self._clock.now() - self._began).total_seconds() > STEP_SECONDS:
            self._saved.update(categories)
            raise ThrottledError("the turn came too late for the lease")
        self.meter.calls[categories[0]] += 1
        try:
            answer = call(*args)
        except ThrottledError:
            self._refused(categories)
            raise
        self._count(method, categories, answer)
        return answer

    def _refused(self, categories: tuple[str, ...]) -> None:
        for category in categories:
            self.meter.throttled[category] += 1
            self._pacer.throttled(category)

    def _count(self, method: str, categories: tuple[str, ...], answer: Any) -> None:
        if method in costs.POOL_WRITES:
            self.meter.pool_writes += 1
        missed = method in costs.POOL_READS and answer is None
        if not missed:
            self.meter.calls.update(categories[1:])
            self.meter.billed += costs.bills_a_user(method)
