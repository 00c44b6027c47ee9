"""A stream's records as a pipe gets them on a bad day: some again, some after later ones."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from typing import Any

from local.faults.model import FaultKind
from local.faults.registry import Faults

Event = dict[str, Any]
Read = Callable[[int], list[Event]]


class Disturbed:
    """Reads a stream for one pipe; what was held back comes with a later reading."""

    def __init__(
        self, faults: Faults, region: str, read: Read, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._faults, self._region, self._read, self._clock = faults, region, read, clock
        self._held: list[tuple[float, int, Event]] = []
        self._order = itertools.count()

    def __call__(self, limit: int) -> list[Event]:
        """What arrives now."""
        now, events = self._clock(), []
        while self._held and self._held[0][0] <= now:
            events.append(heapq.heappop(self._held)[2])
        for event in self._read(limit):
            again = self._faults.late_by(FaultKind.DUPLICATE, self._region)
            if again is not None:
                self._hold(event, now + again)
            late = self._faults.late_by(FaultKind.REORDER, self._region)
            if late is not None:
                self._hold(event, now + late)
            else:
                events.append(event)
        return events

    def _hold(self, event: Event, until: float) -> None:
        heapq.heappush(self._held, (until, next(self._order), event))
