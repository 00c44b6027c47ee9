"""Regions that are opened beside the pages: once, whoever needs them meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore, Thread
from typing import Any

import pytest

from cognito_standby.console.services.openings import OPEN_SECONDS, Openings
from cognito_standby.console.services.reach import Opened
from cognito_standby.operator.services.context import Unreachable
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.operator.operator_world import OTHER, REGION


class Begun(ConsoleWorld):
    """`openings` is released for each Region that was opened, by either way."""

    def __init__(self, breaking: str = "", **given: Any) -> None:
        self.openings, self.breaking = Semaphore(0), breaking
        super().__init__(**given)

    def open(self, region: str) -> Opened:
        try:
            if region == self.breaking:
                self.opened[region] += 1
                raise RuntimeError("ann@example.org")
            return super().open(region)
        finally:
            self.openings.release()

    def begin(self) -> None:
        """And wait until everything was opened."""
        self.looks.begin()
        for _ in range(4):
            assert self.openings.acquire(timeout=60)


def test_the_first_page_opens_nothing() -> None:
    world = Begun()
    browser = world.browser()
    world.begin()
    assert browser.get("/letters").words.count("✓ No dead letters") == 2
    browser.first_event("/live/")
    assert world.opened == {REGION: 2, OTHER: 2}, "patiently for pages, quickly for looks"


def test_what_breaks_there_is_told_by_the_page_that_asks(
    capfd: pytest.CaptureFixture[str],
) -> None:
    world = Begun(breaking=OTHER)
    browser = world.browser()
    world.begin()
    assert browser.get("/letters").status == 500
    assert world.opened == {REGION: 2, OTHER: 3}, "it is tried anew"
    assert capfd.readouterr() == ("", "")
    world.breaking = ""
    assert browser.get("/letters").words.count("✓ No dead letters") == 2


def test_a_region_that_refuses_is_opened_anew() -> None:
    world = Begun()
    world.desks.dark.add(OTHER)
    browser = world.browser()
    world.begin()
    world.desks.dark.clear()
    assert browser.get("/letters").words.count("✓ No dead letters") == 2


class Slow:
    """A way that waits for a sign."""

    def __init__(self) -> None:
        self.begun, self.gate, self.ways = Semaphore(0), Event(), 0

    def __call__(self, region: str) -> Opened:
        self.ways += 1
        way = self.ways
        self.begun.release()
        assert self.gate.wait(60)
        return ConsoleWorld().open(region) if way != 3 else Unreachable(region, "dark")


def test_whoever_needs_a_region_that_is_being_opened_waits_for_it() -> None:
    slow, seconds = Slow(), [0.0]
    openings = Openings(slow, lambda: seconds[0])
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(openings.of, REGION) for _ in range(5)]
        assert slow.begun.acquire(timeout=60)
        slow.gate.set()
        assert len({id(each.result(60)) for each in asked}) == 1
    assert slow.ways == 1
    seconds[0] += OPEN_SECONDS
    openings.of(REGION)
    assert slow.ways == 2, "after a minute it is opened anew"


def test_a_doubt_about_a_region_that_is_being_opened_counts() -> None:
    """Credentials may have been renewed since that was begun."""
    slow = Slow()
    openings = Openings(slow, lambda: 0.0)
    before = Thread(target=openings.of, args=(REGION,))
    before.start()
    assert slow.begun.acquire(timeout=60)
    openings.drop(REGION)
    slow.gate.set()
    before.join(60)
    kept = openings.of(REGION)
    assert slow.ways == 2
    assert openings.of(REGION) is kept
    openings.drop(REGION)
    assert isinstance(openings.of(REGION), Unreachable)
    assert not isinstance(openings.of(REGION), Unreachable), "which is not kept"
