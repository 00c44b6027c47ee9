"""The console in Chromium, on twins: what axe says, widths, a second tab, keyboard, updates."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cognito_standby.console.web.app import Server, bound
from cognito_standby.core.domain.subjects import digest
from tests.browser import PATIENCE, SIZES, findings, patient, running_browser, too_wide
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.console.furnished import ARN, CONFLICTED, furnish
from tests.unit.operator.operator_world import OTHER, REGION

PATHS = {
    "overview": "/",
    "letters": "/letters",
    "conflicts": "/conflicts",
    "conflict": f"/conflict?subject={digest(CONFLICTED.key)}",
    "decision": f"/do/decide?region={OTHER}&subject={digest(CONFLICTED.key)}"
    "&kind=overridden&decision=keep",
    "executions": "/executions",
    "execution": f"/execution?region={OTHER}&arn={ARN}",
    "people": "/people",
    "reports": "/reports",
    "do": "/do",
    "question": f"/do/failover?to={OTHER}&mode=planned",
    "jobs": "/jobs",
    "refusal": "/do/none",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as made:
        yield made


@pytest.fixture(scope="module")
def world(browser: Browser) -> Iterator[ConsoleWorld]:
    """Something of everything. A browser first: without one nothing is served."""
    del browser
    listening = bound(0)
    made = ConsoleWorld(port=listening.getsockname()[1])
    furnish(made)
    server = Server(made.app, listening)
    thread = server.start()
    yield made
    server.stop()
    thread.join(10)


@pytest.fixture(scope="module")
def entered(browser: Browser, world: ConsoleWorld) -> Iterator[BrowserContext]:
    """Somebody who opened the address that was printed."""
    context = patient(browser.new_context())
    page = context.new_page()
    page.goto(world.keys.address)
    page.wait_for_selector("h1")
    assert page.url == f"http://127.0.0.1:{world.keys.port}/", "the token is in no address bar"
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(entered: BrowserContext) -> Iterator[Page]:
    made = entered.new_page()
    errors: list[str] = []
    made.on("console", lambda each: errors.append(each.text) if each.type == "error" else None)
    made.on("pageerror", lambda each: errors.append(str(each)))
    yield made
    made.close()
    assert not [each for each in errors if "400 (Bad Request)" not in each], errors


def _open(page: Page, world: ConsoleWorld, path: str) -> None:
    page.goto(f"http://127.0.0.1:{world.keys.port}{path}")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.full)])
def test_axe_finds_nothing_at_either_width(page: Page, world: ConsoleWorld, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    width, height = SIZES["phone" if scheme == "dark" else "desk"]
    page.set_viewport_size({"width": width, "height": height})
    for name, path in PATHS.items():
        _open(page, world, path)
        if name == "overview":
            page.wait_for_selector("dl")
        assert not findings(page), (name, findings(page))
        assert too_wide(page) <= 0, (name, scheme)


def test_letters_of_the_figures_can_be_read_on_a_phone(page: Page, world: ConsoleWorld) -> None:
    """At least 12 pixels as they are shown, at every width from a phone's on."""
    _open(page, world, "/")
    page.wait_for_selector("dl")
    for width in (390, 760, 830, 1100, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        sizes = page.evaluate(_SIZES)
        assert len(sizes) > 20
        assert min(sizes) >= 12, (width, sizes)
    page.set_viewport_size({"width": 390, "height": 844})
    _open(page, world, PATHS["execution"])
    left, right = page.evaluate(_EDGES)
    assert 0 <= left < right <= 390, "where it failed is seen first"


_SIZES = """() => [...document.querySelectorAll(".plot svg text")].map((each) =>
    parseFloat(getComputedStyle(each).fontSize) * each.getCTM().a)"""
_EDGES = """() => { const { left, right } =
    document.querySelector("svg.machine .broken rect").getBoundingClientRect();
    return [left, right]; }"""
"""In one go: what is renewed meanwhile is another element."""


def test_a_page_renews_itself_and_keeps_its_place(page: Page, world: ConsoleWorld) -> None:
    _open(page, world, "/")
    link = page.get_by_role("link", name="running").first
    link.focus()
    world.pair[OTHER].world.gauges.parked = 3
    world.seconds += 10
    try:
        expect(page.locator("#live")).to_contain_text("3 parked hints", timeout=PATIENCE)
        focused = page.evaluate("document.activeElement.getAttribute('href')")
        assert focused == "/executions", "whoever goes by the keyboard stays where they are"
        assert "3 parked hints" in page.locator("#news").inner_text(), "and is told what is new"
        assert page.locator("#fresh").inner_text() == "Renewed 2026-01-12 00:00:00 UTC."
    finally:
        world.pair[OTHER].world.gauges.parked = 0
        world.seconds += 10


def test_a_second_tab_is_in_and_another_browser_is_not(
    browser: Browser, entered: BrowserContext, world: ConsoleWorld
) -> None:
    tabs = [entered.new_page() for _ in range(2)]
    for each in tabs:
        _open(each, world, "/letters")
        assert "Dead letters" in each.inner_text("h1")
        each.close()
    stranger = patient(browser.new_context()).new_page()
    stranger.goto(world.keys.address)
    assert stranger.locator("h1").count() == 0
    _open(stranger, world, "/letters")
    assert "lets this browser in" in stranger.inner_text("body")
    stranger.close()


def test_all_can_be_reached_by_the_keyboard(page: Page, world: ConsoleWorld) -> None:
    _open(page, world, "/letters")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Redrive all")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Redrive every dead letter')")


def test_no_script_of_a_page_runs_but_its_own(page: Page, world: ConsoleWorld) -> None:
    _open(page, world, "/people")
    page.on("console", lambda _: None)
    page.get_by_label("Username").fill("<img src=x onerror=document.title='owned'>")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_selector(".result")
    assert "owned" not in page.title()
    assert page.locator("main img").count() == 0


def test_an_action_is_asked_done_and_followed(page: Page, world: ConsoleWorld) -> None:
    _open(page, world, f"/do/reconcile?region={REGION}&dry=1")
    page.get_by_role("button", name="Compare the pool").click()
    page.wait_for_url("**/job?id=*")
    expect(page.locator(".verdict")).to_contain_text("Done", timeout=PATIENCE)
    assert f"standby reconcile --region {REGION} --dry-run --wait" in page.inner_text("main")


@contextmanager
def _served(world: ConsoleWorld, on: socket.socket) -> Iterator[None]:
    server = Server(world.app, on)
    thread = server.start()
    try:
        yield
    finally:
        server.stop()
        thread.join(60)
    assert not thread.is_alive()


@pytest.mark.full
def test_a_page_goes_on_when_the_console_is_started_again(browser: Browser) -> None:
    """On the same port: first the connection alone was lost, then the secrets are new, too."""
    listening = bound(0)
    port = listening.getsockname()[1]
    world = ConsoleWorld(port=port)
    context = patient(browser.new_context())
    page = context.new_page()
    told = page.locator("#connection")
    with _served(world, listening):
        page.goto(world.keys.address)
        expect(told).to_have_text("Live.", timeout=PATIENCE)
    expect(told).to_contain_text("does not answer", timeout=PATIENCE)
    world.pair[OTHER].world.gauges.parked = 3
    world.seconds += 10
    with _served(world, bound(port)):
        expect(told).to_have_text("Live.", timeout=PATIENCE)
        expect(page.locator("#live")).to_contain_text("! 3", timeout=PATIENCE)
    anew = ConsoleWorld(port=port)
    anew.pair[OTHER].world.gauges.parked = 5
    with _served(anew, bound(port)):
        expect(told).to_contain_text("open the address that it printed", timeout=PATIENCE)
        context.new_page().goto(anew.keys.address)
        expect(told).to_have_text("Live.", timeout=PATIENCE)
        expect(page.locator("#live")).to_contain_text("! 5", timeout=PATIENCE)
    context.close()


def test_no_failover_is_offered_to_where_one_is(page: Page, world: ConsoleWorld) -> None:
    _open(page, world, "/do")
    here, there = (
        page.locator(".cards li", has=page.get_by_text(r, exact=True)) for r in (REGION, OTHER)
    )
    expect(here).to_contain_text("it is the active Region already", timeout=PATIENCE)
    assert here.get_by_role("link").count() == 0
    there.get_by_role("link", name="Planned").click()
    page.wait_for_selector("h1:has-text('Make us-west-2 the active Region')")
