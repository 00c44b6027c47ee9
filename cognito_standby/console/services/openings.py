"""Regions that are open, by one way of opening them.

What was opened is kept for a minute, so that a page costs its questions and no descriptions of
stacks. To open one takes clients of a dozen services, so whoever needs it while somebody opens it
waits for that one's.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock

from cognito_standby.console.services.reach import Opened, Seen

OPEN_SECONDS = 60.0
"""For so long an opened Region is used."""


@dataclass
class _Kept:
    opened: Future[Opened] = field(default_factory=Future)
    until: float = float("inf")


class Openings:
    """`way` opens a Region, `seconds` counts time that passes."""

    def __init__(self, way: Callable[[str], Opened], seconds: Callable[[], float]) -> None:
        self._way, self._seconds, self._lock = way, seconds, Lock()
        self._kept: dict[str, _Kept] = {}

    def of(self, region: str) -> Opened:
        """As it was opened a moment ago, or opened now. What could not be opened is not kept."""
        with self._lock:
            known = self._kept.get(region)
            if known is not None and known.until > self._seconds():
                mine = None
            else:
                known = mine = self._kept[region] = _Kept()
        if mine is not None:
            self._open(region, mine)
        return known.opened.result()

    def drop(self, region: str) -> None:
        """Open it anew when it is needed, also if it is being opened now."""
        with self._lock:
            self._kept.pop(region, None)

    def _open(self, region: str, mine: _Kept) -> None:
        try:
            opened = self._way(region)
        except BaseException as error:  # whoever waits for it must not wait for ever
            self._forget(region, mine)
            mine.opened.set_exception(error)
            raise
        mine.until = self._seconds() + OPEN_SECONDS
        if not isinstance(opened, Seen):
            self._forget(region, mine)
        mine.opened.set_result(opened)

    def _forget(self, region: str, mine: _Kept) -> None:
        with self._lock:
            if self._kept.get(region) is mine:
                del self._kept[region]
