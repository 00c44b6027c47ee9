"""The console in Chromium, on twins: what axe says, widths, a second tab, keyboard, updates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cognito_standby.console.web.app import bound
from cognito_standby.core.domain.subjects import digest
from tests.browser import PATIENCE, SIZES, enter, findings, patient, too_wide
from tests.unit.console.conftest import opened, served
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.console.furnished import ARN, CONFLICTED
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


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.full)])
def test_axe_finds_nothing_at_either_width(page: Page, world: ConsoleWorld, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    width, height = SIZES["phone" if scheme == "dark" else "desk"]
    page.set_viewport_size({"width": width, "height": height})
    for name, path in PATHS.items():
        opened(page, world, path)
        if name == "overview":
            page.wait_for_selector("dl")
        assert not findings(page), (name, findings(page))
        assert too_wide(page) <= 0, (name, scheme)


def test_letters_of_the_figures_can_be_read_on_a_phone(page: Page, world: ConsoleWorld) -> None:
    """At least 12 pixels as they are shown, at every width from a phone's on."""
    opened(page, world, "/")
    page.wait_for_selector("dl")
    for width in (390, 760, 830, 1100, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        sizes = page.evaluate(_SIZES)
        assert len(sizes) > 20
        assert min(sizes) >= 12, (width, sizes)
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, world, PATHS["execution"])
    left, right = page.evaluate(_EDGES)
    assert 0 <= left < right <= 390, "where it failed is seen first"


_SIZES = """() => [...document.querySelectorAll(".plot svg text")].map((each) =>
    parseFloat(getComputedStyle(each).fontSize) * each.getCTM().a)"""
_EDGES = """() => { const { left, right } =
    document.querySelector("svg.machine .broken rect").getBoundingClientRect();
    return [left, right]; }"""
"""In one go: what is renewed meanwhile is another element."""


@contextmanager
def _parked(world: ConsoleWorld, hints: int) -> Iterator[None]:
    """So many wait, and the next look sees it; afterwards none does."""
    try:
        world.pair[OTHER].world.gauges.parked = hints
        world.changed()
        yield
    finally:
        world.pair[OTHER].world.gauges.parked = 0
        world.changed()


def test_a_page_renews_itself_and_keeps_its_place(page: Page, world: ConsoleWorld) -> None:
    opened(page, world, "/")
    link = page.get_by_role("link", name="running").first
    link.focus()
    with _parked(world, 3):
        expect(page.locator("#live")).to_contain_text("3 parked hints", timeout=PATIENCE)
        focused = page.evaluate("document.activeElement.getAttribute('href')")
        assert focused == "/executions", "whoever goes by the keyboard stays where they are"
        assert "3 parked hints" in page.locator("#news").inner_text(), "and is told what is new"
        assert page.locator("#fresh").inner_text() == "Renewed 2026-01-12 00:00:00 UTC."


def test_what_did_not_change_is_not_touched(page: Page, world: ConsoleWorld) -> None:
    """Else a click between press and release, and the place of a screen reader, are lost."""
    opened(page, world, "/")
    page.wait_for_selector("dl")
    page.evaluate("document.querySelectorAll('#live *').forEach((each) => { each.seen = true; })")
    with _parked(world, 4):
        expect(page.locator("#live")).to_contain_text("4 parked hints", timeout=PATIENCE)
        new = "[...document.querySelectorAll('#live *')].filter((each) => !each.seen).length"
        assert page.evaluate(new) < 15, "a reason, its advice, and a number"
        links = "[...document.querySelectorAll('#live dl a')].every((each) => each.seen)"
        assert page.evaluate(links)


_HEARD = """const Source = EventSource;
window.EventSource = class extends Source {
  set onmessage(take) { super.onmessage = (event) => {
    take(event);
    document.documentElement.dataset.heard = event.data;
  }; }
};"""


def test_what_comes_while_somebody_selects_is_shown_afterwards(
    page: Page, world: ConsoleWorld
) -> None:
    """Also if it is the last that comes: the end of a job, say."""
    page.add_init_script(_HEARD)
    opened(page, world, "/")
    page.wait_for_selector("dl")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#live h2'))")
    with _parked(world, 6):
        page.wait_for_selector("html[data-heard*='6 parked hints']", state="attached")
        assert page.evaluate("getSelection().toString()"), "it is still selected"
        assert "6 parked hints" not in page.inner_text("#live")
        page.evaluate("getSelection().removeAllRanges()")
        expect(page.locator("#live")).to_contain_text("6 parked hints", timeout=PATIENCE)


def test_a_second_tab_is_in_and_another_browser_is_not(
    browser: Browser, entered: BrowserContext, world: ConsoleWorld
) -> None:
    tabs = [entered.new_page() for _ in range(2)]
    for each in tabs:
        opened(each, world, "/letters")
        assert "Dead letters" in each.inner_text("h1")
        each.close()
    stranger = patient(browser.new_context()).new_page()
    stranger.goto(world.keys.address)
    assert stranger.locator("h1").count() == 0
    opened(stranger, world, "/letters")
    assert "lets this browser in" in stranger.inner_text("body")
    stranger.close()


def test_all_can_be_reached_by_the_keyboard(page: Page, world: ConsoleWorld) -> None:
    opened(page, world, "/letters")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Redrive all")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Redrive every dead letter')")


def test_no_script_of_a_page_runs_but_its_own(page: Page, world: ConsoleWorld) -> None:
    opened(page, world, "/people")
    page.on("console", lambda _: None)
    page.get_by_label("Username").fill("<img src=x onerror=document.title='owned'>")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_selector(".result")
    assert "owned" not in page.title()
    assert page.locator("main img").count() == 0


def test_an_action_is_asked_done_and_followed(page: Page, world: ConsoleWorld) -> None:
    opened(page, world, f"/do/reconcile?region={REGION}&dry=1")
    page.get_by_role("button", name="Compare the pool").click()
    page.wait_for_url("**/job?id=*")
    expect(page.locator(".verdict")).to_contain_text("Done", timeout=PATIENCE)
    assert f"standby reconcile --region {REGION} --dry-run --wait" in page.inner_text("main")


@pytest.mark.full
def test_a_page_goes_on_when_the_console_is_started_again(browser: Browser) -> None:
    """On the same port: first the connection alone was lost, then the secrets are new, too."""
    listening = bound(0)
    port = listening.getsockname()[1]
    world = ConsoleWorld(port=port)
    context = patient(browser.new_context())
    page = context.new_page()
    told = page.locator("#connection")
    with served(world, listening):
        enter(page, world.keys.address)
        expect(told).to_have_text("Live.", timeout=PATIENCE)
    expect(told).to_contain_text("does not answer", timeout=PATIENCE)
    world.pair[OTHER].world.gauges.parked = 3
    world.changed()
    with served(world, bound(port)):
        expect(told).to_have_text("Live.", timeout=PATIENCE)
        expect(page.locator("#live")).to_contain_text("! 3", timeout=PATIENCE)
    anew = ConsoleWorld(port=port)
    anew.pair[OTHER].world.gauges.parked = 5
    with served(anew, bound(port)):
        expect(told).to_contain_text("open the address that it printed", timeout=PATIENCE)
        enter(context.new_page(), anew.keys.address)
        expect(told).to_have_text("Live.", timeout=PATIENCE)
        expect(page.locator("#live")).to_contain_text("! 5", timeout=PATIENCE)
    context.close()
