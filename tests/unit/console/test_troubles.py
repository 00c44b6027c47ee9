"""What the pages show when something is dark, refused, late or broken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from cognito_standby.console.ports import LagPoint
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.services.context import Unreachable
from tests.unit.console.console_world import ConsoleWorld, healthy, overview
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.two_regions import TwoRegions
from tests.unit.world import BACKUP, PRIMARY


@pytest.fixture
def world() -> ConsoleWorld:
    return healthy()


def test_a_dark_region_hides_nothing_of_the_other(world: ConsoleWorld) -> None:
    world.desks.dark.add(REGION)
    page = overview(world)
    assert "BROKEN" in page.words
    assert "✕ dark" in page.words
    assert f"standby failover --to {OTHER} --outage --dry-run" in page.words
    assert "Dead letters none" in page.words, "of the other"


@pytest.mark.parametrize("path", ["/letters", "/executions", "/reports", "/person?sub=a", "/do"])
def test_no_page_falls_with_a_region(world: ConsoleWorld, path: str) -> None:
    world.desks.dark |= {REGION, OTHER}
    answer = world.browser().get(path)
    assert answer.status == 200
    assert "ConnectTimeoutError" in answer.words or path == "/do", "and says why"


def test_credentials_that_expired_are_told_and_asked_for_anew(world: ConsoleWorld) -> None:
    why = "MisconfiguredError: DescribeStacks: ExpiredToken"
    world.desks.dark |= {REGION, OTHER}
    world.refusing = {REGION: why, OTHER: why}
    assert "AWS refuses these credentials (ExpiredToken)" in overview(world).words
    world.desks.dark.clear()
    world.seconds += 3
    world.looks.fresh()
    last = world.looks.last
    assert last is not None
    assert last.diagnosis.verdict == "well", "without a start of the console"


_BY_OLD_ONES = {
    "/letters": "letters",
    "/executions": "executions",
    f"/execution?region={REGION}&arn=a": "executions",
    f"/do/undelete?region={REGION}&sub=a": "ledger",
}


@pytest.mark.parametrize("path", _BY_OLD_ONES)
def test_renewed_credentials_are_found_by_each_page_at_once(world: ConsoleWorld, path: str) -> None:
    """A Region that is open has those of when it was opened."""
    part, whole = _BY_OLD_ONES[path], world.desks.desk(REGION).context
    world.contexts[REGION] = replace(whole, **refusing(part))
    browser = world.browser()
    refused = browser.get(path).words
    assert "credentials have ended: " in refused
    assert ": ExpiredToken (MisconfiguredError)" in refused, "the class behind the words"
    world.contexts.clear()
    assert "ExpiredToken" not in browser.get(path).words, "without a minute of waiting"


@pytest.mark.parametrize("part", ["ledger", "records", "people"])
def test_nobody_is_not_nobody_while_something_cannot_be_asked(
    world: ConsoleWorld, part: str
) -> None:
    whole = world.desks.desk(OTHER).context
    world.contexts[OTHER] = replace(whole, **refusing(part))
    browser = world.browser()
    page = browser.get("/person?sub=a")
    assert "? Unknown" in page.words
    assert f"{OTHER} could not be asked in full" in page.words
    assert "never signed up" not in page.words
    question = browser.get("/do/undelete?sub=a").words
    assert "whether they were deleted is not known" in question
    assert "ExpiredToken" in question
    assert browser.get("/do/undelete?sub=").status == 400
    assert "Found" not in browser.get("/person?sub=").words


def test_somebody_found_who_cannot_be_looked_at_is_not_nobody() -> None:
    world, regions = ConsoleWorld(), TwoRegions()
    regions.world.sign_up("ann", {"email": "ann@example.org"})  # captured nowhere
    for here, there in ((REGION, PRIMARY), (OTHER, BACKUP)):
        whole = regions.open(there)
        assert not isinstance(whole, Unreachable)
        world.contexts[here] = whole
    whole = world.contexts[REGION]
    ending: Any = Ending(whole.people)
    world.contexts[REGION] = replace(whole, people=ending)
    browser = world.browser()
    form = browser.fill(browser.get("/people"), "/people", who="ann")
    page = browser.post("/people", form)
    assert "? Unknown" in page.words
    assert f"{PRIMARY} could not be asked in full. pool: " in page.words
    assert "ExpiredToken" in page.words
    world.contexts[REGION] = whole
    assert "✓ Found" in browser.post("/people", form).words, "by credentials that were renewed"


class Ending:
    """A port by credentials that end after the first call."""

    def __init__(self, port: object) -> None:
        self._port, self._asked = port, False

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*given: object) -> object:
            if self._asked:
                raise MisconfiguredError(f"{name}: ExpiredToken")
            self._asked = True
            return getattr(self._port, name)(*given)

        return call


def refusing(part: str) -> dict[str, Any]:
    """In place of a part of a Region's context."""
    return {part: Refusing()}


class Refusing:
    """A port by credentials that have ended."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*_: object, **__: object) -> object:
            raise MisconfiguredError(f"{name}: ExpiredToken")

        return call


@pytest.fixture
def broken(world: ConsoleWorld) -> ConsoleWorld:
    """Its letters and figures break with somebody's address in the error."""

    def breaks(*_: object) -> int:
        raise RuntimeError("ann@example.org")

    for each in world.pair.values():
        each.world.letters.count = breaks  # type: ignore[method-assign]
    for figures in world.lag.values():
        figures.lag_over_time = breaks  # type: ignore[assignment, method-assign]
    return world


def test_what_breaks_is_told_without_what_its_error_says(broken: ConsoleWorld) -> None:
    """Nothing is raised to the server either, which would print it."""
    answer = broken.browser().get("/letters")
    assert answer.status == 500
    assert "It broke: RuntimeError, test_troubles.py line" in answer.words
    assert "ann@example.org" not in answer.text
    assert "The overview" in answer.words


def test_a_page_that_is_open_is_told_what_breaks_and_goes_on(broken: ConsoleWorld) -> None:
    told = broken.browser().first_text("/live/")
    assert "event: broke" in told
    assert "RuntimeError" in told
    assert "ann@example.org" not in told


@pytest.mark.parametrize("path", ["/letters", "/executions", "/person?sub=a"])
def test_a_region_that_hangs_does_not_hold_up_the_other_for_long(path: str) -> None:
    world, gate = ConsoleWorld(patience=lambda asked: asked[0].result(60)), Event()

    class Hangs:
        def __getattr__(self, _: str) -> Callable[..., object]:
            return lambda *_, **__: gate.wait(60) and ()

    whole: Any = world.desks.desk(OTHER).context
    hangs: Any = Hangs()
    world.contexts[OTHER] = replace(whole, letters=hangs, executions=hangs, ledger=hangs)
    try:
        page = world.browser().get(path)
    finally:
        gate.set()
    assert page.status == 200, page.words
    assert "no answer within 6 s" in page.words
    if "sub" not in path:
        assert page.words.count("✓ No") == 1, "of the other"


def test_streams_that_wait_for_a_region_take_no_page_its_thread(world: ConsoleWorld) -> None:
    browser, gate = world.browser(), Event()

    def slow(*_: object) -> tuple[LagPoint, ...]:
        gate.wait(60)
        return ()

    world.lag[OTHER].lag_over_time = slow  # type: ignore[assignment, method-assign]

    async def watched() -> int:
        watching = [asyncio.create_task(browser.stream("/live/")) for _ in range(100)]
        await asyncio.sleep(0)
        try:
            return (await asyncio.wait_for(browser.got("/jobs"), 30)).status
        finally:
            gate.set()
            for each in watching:
                each.cancel()
            await asyncio.gather(*watching, return_exceptions=True)

    assert asyncio.run(watched()) == 200
