"""A worker's share of Cognito's request quotas, spent evenly.

Workers do not know of each other: each gets the configured share divided by the number of workers
at once. Other callers can use the quota, too. If AWS therefore refuses a request, the worker halves
its rate, and then raises it by a tenth of its full rate for every ten seconds without a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

_SLOWEST = 1 / 16
"""Of the full rate: how far refusals can slow a worker."""

_LONGEST_PAUSE = 10.0
"""Seconds between two requests because of refusals, so that a worker sees its deadline in time."""

_RECOVERY_SECONDS = 10.0
_RECOVERY_STEP = 0.1


@dataclass
class _Meter:
    """One category: requests a second, now and at most, and when the next may be made."""

    full: float
    rate: float
    next_at: float
    changed_at: float


class SharePacer:
    """Pacer. `rates` are this worker's own, in requests a second, by quota category; what is not
    among them is not paced. `now` and `deadline` are seconds of the same clock."""

    def __init__(
        self,
        rates: Mapping[str, float],
        *,
        deadline: float,
        now: Callable[[], float],
        sleep: Callable[[float], object],
    ) -> None:
        begin = now()
        self._meters = {name: _Meter(rate, rate, begin, begin) for name, rate in rates.items()}
        self._deadline, self._now, self._sleep = deadline, now, sleep

    def wait(self, category: str) -> None:
        """Return when one more request of this quota category may be made."""
        meter = self._meters.get(category)
        if meter is None:
            return
        now = self._now()
        _recover(meter, now)
        turn = max(now, meter.next_at)
        meter.next_at = turn + 1 / meter.rate
        if turn > now:
            self._sleep(turn - now)

    def throttled(self, category: str) -> None:
        """Halve the rate, down to a sixteenth."""
        meter = self._meters.get(category)
        if meter is None:
            return
        least = min(meter.full, max(meter.full * _SLOWEST, 1 / _LONGEST_PAUSE))
        meter.rate = max(meter.rate / 2, least)
        meter.changed_at = self._now()
        meter.next_at = meter.changed_at + 1 / meter.rate

    def remaining_seconds(self) -> float:
        """Time left to this worker before it should write its checkpoint."""
        return max(0.0, self._deadline - self._now())


def shares(quotas: Mapping[str, float], share: float, width: int) -> dict[str, float]:
    """One worker's rates: so many work at once, and together they may use this share."""
    return {name: rate * share / max(1, width) for name, rate in quotas.items()}


def _recover(meter: _Meter, now: float) -> None:
    steps = int((now - meter.changed_at) / _RECOVERY_SECONDS)
    if steps > 0 and meter.rate < meter.full:
        meter.rate = min(meter.full, meter.rate + steps * _RECOVERY_STEP * meter.full)
        meter.changed_at += steps * _RECOVERY_SECONDS
