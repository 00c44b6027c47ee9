"""Looking at both Regions for every tab at once: however many watch, each thing is asked once.

A Region that did not answer, or refused, is opened anew at the next look, by credentials that are
asked for anew: whoever renews theirs need not start again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock, Thread
from typing import Any, TypeVar

from cognito_standby.console.services.openings import Openings
from cognito_standby.console.services.overview import (
    Drift,
    LagDrawn,
    Overview,
    RegionLook,
    drift_of,
    lag_of,
    overview_of,
    view_of,
)
from cognito_standby.console.services.reach import Opened, Reach
from cognito_standby.operator.services.context import Unreachable

LOOK_SECONDS = 6.0
"""Longer than `standby status` waits: a page shows the last look meanwhile."""
PAGE_SECONDS = 6.0
"""So long a page waits for a Region whose services hang one after the other."""
FRESH_SECONDS = 2.0
"""A look that is younger serves another tab, too."""
FIGURES_SECONDS = 60.0
"""Drift and lag change slowly ..."""
NO_FIGURES_SECONDS = 10.0
"""... but the first ones are waited for."""

T = TypeVar("T")
Patience = Callable[[Sequence[Future[Any]]], object]
"""Waits for the answers of Regions, as long as a page does."""


def _patience(answers: Sequence[Future[Any]]) -> object:
    return wait(answers, timeout=PAGE_SECONDS)


@dataclass(frozen=True)
class _Figures:
    drift: Drift
    lag: LagDrawn
    until: float


class Looks:
    """Of one installation. `seconds` counts time that passes, `now` tells the time (UTC)."""

    def __init__(
        self,
        reach: Reach,
        *,
        seconds: Callable[[], float],
        now: Callable[[], datetime],
        patience: Patience = _patience,
    ) -> None:
        self.reach, self._patience = reach, patience
        self.seconds, self.now = seconds, now
        self._patient = Openings(reach.open, seconds)
        self._quick = Openings(reach.glance, seconds)
        self._figures: dict[str, _Figures] = {}
        self._looking, self._last_at = Lock(), float("-inf")
        self._last: Overview | None = None

    def begin(self) -> None:
        """Open both Regions before a page needs them, beside whatever comes next. What goes wrong
        there is told by the page that asks."""
        for region in self.reach.regions:
            Thread(target=self._begin, args=(region,), daemon=True).start()

    @property
    def last(self) -> Overview | None:
        """The last look, at once; None: there was none yet."""
        return self._last

    def fresh(self) -> Overview:
        """A look that is not older than FRESH_SECONDS. Takes a few seconds at most."""
        with self._looking:
            if self._last is None or self.seconds() - self._last_at > FRESH_SECONDS:
                figures, looks = self._figures, self._in_each(self._look)
                self._last, self._last_at = overview_of(self.now(), looks), self.seconds()
                if figures is not self._figures:  # forgotten: it may have seen what was before
                    self._last_at = float("-inf")
            return self._last

    def opened(self, region: str) -> Opened:
        """A Region, patiently."""
        return self._patient.of(region)

    def both(self) -> list[Opened]:
        """Both Regions, side by side."""
        return self._in_each(self.opened)

    def each(self, task: Callable[[Opened], T], regions: Sequence[str] = ()) -> list[T]:
        """Do something in both Regions (or these), a thread a Region. One that hangs holds up the
        other for PAGE_SECONDS, and is then one that does not answer. What comes back with a
        `trouble` was asked by credentials that may have ended: the next one asks anew."""
        regions = regions or self.reach.regions
        pool = ThreadPoolExecutor(len(regions))
        futures = [pool.submit(lambda name: task(self.opened(name)), each) for each in regions]
        self._patience(futures)
        pool.shutdown(wait=False)
        answers: list[T] = []
        for region, future in zip(regions, futures, strict=True):
            late = not future.done()
            why = f"no answer within {PAGE_SECONDS:g} s"
            answer = task(Unreachable(region, why)) if late else future.result()
            if late or bool(getattr(answer, "trouble", "")):
                self.doubt(region)
            answers.append(answer)
        return answers

    def doubt(self, *regions: str) -> None:
        """Open these Regions anew when they are needed, or all: one refused something."""
        for region in regions or self.reach.regions:
            self._patient.drop(region)

    def forget(self) -> None:
        """Look anew: something was changed here. A look under way is not believed either."""
        self._figures = {}  # whoever looks now keeps to the former one
        self._last_at = float("-inf")

    def _begin(self, region: str) -> None:
        for openings in (self._quick, self._patient):
            with suppress(Exception):
                openings.of(region)

    def _look(self, region: str) -> RegionLook:
        kept_figures = self._figures
        opened = self._quick.of(region)
        view = view_of(opened, LOOK_SECONDS)
        if view.unreachable or "MisconfiguredError" in str(view.unknown.get("claims", "")):
            self._quick.drop(region)
        figures = kept_figures.get(region)
        if figures is None or figures.until <= self.seconds():
            drift, lag = drift_of(opened), lag_of(opened, self.now())
            kept = FIGURES_SECONDS if drift.points and lag.points else NO_FIGURES_SECONDS
            until = self.seconds() + (0.0 if view.unreachable else kept)
            figures = _Figures(drift, lag, until)
            kept_figures[region] = figures
        return RegionLook(view, figures.drift, figures.lag)

    def _in_each(self, task: Callable[[str], T]) -> list[T]:
        with ThreadPoolExecutor(len(self.reach.regions)) as pool:
            return list(pool.map(task, self.reach.regions))
