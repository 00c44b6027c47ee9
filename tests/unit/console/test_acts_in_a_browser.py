"""The console in Chromium, on twins: everything that the pages offer is done. tests/e2e does it on
the local AWS: test_console.py, test_console_actions.py and test_reconcile_commands.py."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect

from cognito_standby.console.services.reach import dr_role
from cognito_standby.core.domain.subjects import digest
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.reconciliation import Run
from tests.browser import PATIENCE
from tests.unit.console.conftest import furnished, let_in, opened
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.console.furnished import CONFLICTED
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import Step
from tests.unit.reconciliation.made_up_run import missing

TARGET, ROLE = "The Region that takes over", "The role by which it is done"


@pytest.fixture(scope="module")
def acting(browser: Browser) -> Iterator[ConsoleWorld]:
    """Its tests go on from each other's."""
    with furnished(browser, beside=True) as made:
        yield made


@pytest.fixture(scope="module")
def tab(browser: Browser, acting: ConsoleWorld) -> Iterator[Page]:
    with let_in(browser, acting) as context:
        yield context.pages[0]


def _yes(tab: Page, **typed: str) -> str:
    """To the question that is shown; what came of it, and the command that would have done it."""
    for label, text in typed.items():
        tab.get_by_label(label).fill(text)
    tab.locator("button.go").click()
    tab.wait_for_url("**/job?id=*")
    expect(tab.locator(".verdict")).not_to_contain_text("Goes on", timeout=PATIENCE)
    return tab.locator("main").inner_text()


@pytest.mark.parametrize("word", ["Approve", "Reject"])
def test_a_run_that_asks_is_answered(tab: Page, acting: ConsoleWorld, word: str) -> None:
    runs = acting.pair[OTHER]
    if not runs.register.questions():
        runs.ask(runs.hold("20260103T030405-5e6f7a8b"))
    (question,) = runs.register.questions()
    acting.changed()
    opened(tab, acting, "/")
    tab.locator(f"a[href*='/do/{word.lower()}?'][href*='{question.run.id}']").click()
    assert "9 users would be deleted" in tab.inner_text("main")
    told = _yes(tab)
    assert f"standby {word.lower()} {question.run.id} --region {OTHER}" in told
    assert {"Approve": "the repairs begin", "Reject": "nothing is changed"}[word] in told
    assert not runs.register.questions()


def test_a_repair_asks_in_another_tab_and_goes_on(tab: Page, acting: ConsoleWorld) -> None:
    """Begun on a page, and approved on another while the first one follows it."""
    runs, answered = acting.pair[REGION], Event()
    story = runs._story

    def waits() -> None:
        answered.wait(PATIENCE / 1000)

    def asked(run: Run) -> list[Step]:
        begun, listed, judged, repaired, _ = story(run)
        return [begun, listed, judged, waits, repaired, lambda: runs.end(run, Answer.APPROVED)]

    runs.asks, runs.drift, runs._story = True, missing(3), asked  # type: ignore[method-assign]
    opened(tab, acting, f"/do/reconcile?region={REGION}")
    tab.locator("button.go").click()
    expect(tab.locator(".lines")).to_contain_text("answer it on the first page", timeout=PATIENCE)
    other = tab.context.new_page()
    try:
        acting.changed()
        opened(other, acting, "/")
        # The page shows the last look at first, which may know of another run that asked.
        other.locator(f"a[href*='/do/approve?'][href*='{REGION}']").first.click()
        assert "9 users would be deleted" in other.inner_text("main")
        assert "the repairs begin" in _yes(other)
    finally:
        runs.asks = False
        answered.set()
        other.close()
    expect(tab.locator(".verdict")).to_contain_text("Done: all drift repaired", timeout=PATIENCE)
    assert f"standby reconcile --region {REGION} --wait" in tab.inner_text("main")
    assert runs.given == [{}]


def test_one_letter_is_redriven(tab: Page, acting: ConsoleWorld) -> None:
    desk = acting.pair[OTHER].world
    opened(tab, acting, "/letters")
    tab.get_by_role("link", name="Redrive this one").first.click()
    told = _yes(tab)
    assert "standby redrive arn:" in told
    assert "of 1 resolved" in told
    assert len(desk.letters.ids) >= 1, "the unreadable one stays"


def test_a_conflict_is_decided(tab: Page, acting: ConsoleWorld) -> None:
    opened(tab, acting, "/conflicts")
    tab.locator(f".cards a[href*='{digest(CONFLICTED.key)}']").first.click()
    tab.get_by_role("link", name="Keep the active pool").first.click()
    assert "decided; off the list" in _yes(tab)
    opened(tab, acting, "/conflicts")
    tab.get_by_role("link", name="Keep the active pool for all").click()
    assert "1 of 1 decided" in _yes(tab)


def test_a_failover_is_typed_done_and_taken_back(tab: Page, acting: ConsoleWorld) -> None:
    """Its checks first; what is in the way is accepted by name; the word by word of both fields."""
    for here, there in ((REGION, OTHER), (OTHER, REGION)):
        acting.changed()
        opened(tab, acting, "/do")
        expect(tab.locator("#live")).to_contain_text("is the active Region", timeout=PATIENCE)
        tab.get_by_role("link", name=f"Planned, to {there}").click()
        assert "✓ passed" in tab.get_by_role("region", name="Checks").inner_text()
        for box in tab.get_by_role("checkbox").all():
            box.check()
        if tab.get_by_role("button", name="Look again").count():
            tab.get_by_role("button", name="Look again").click()
        tab.get_by_label(TARGET).fill(there)
        tab.get_by_label(ROLE).fill(dr_role("standby", here))
        tab.locator("button.go").click()
        assert "Nothing was done" in tab.locator("[role=alert]").inner_text(), "another's role"
        told = _yes(tab, **{TARGET: there, ROLE: dr_role("standby", there)})
        assert f"{there} is active, with epoch" in told


def _tab_to(tab: Page, what: str) -> None:
    """By the Tab key alone, to the element that this selector names."""
    for _ in range(80):
        tab.keyboard.press("Tab")
        if tab.evaluate("(what) => document.activeElement.matches(what)", what):
            seen = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            assert tab.evaluate(seen), "and one sees where one is"
            return
    raise AssertionError(what)


@pytest.mark.full
def test_a_failover_by_the_keyboard_alone(tab: Page, acting: ConsoleWorld) -> None:
    for here, there in ((REGION, OTHER), (OTHER, REGION)):
        acting.changed()
        opened(tab, acting, "/do")
        expect(tab.locator("#live")).to_contain_text(f"{here} ● active", timeout=PATIENCE)
        _tab_to(tab, f"a[href='/do/failover?to={there}&mode=planned']")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/do/failover?*")
        while tab.locator("input[type=checkbox]").count():
            _tab_to(tab, "input[type=checkbox]")
            for _ in tab.locator("input[type=checkbox]").all():
                tab.keyboard.press("Space")
                tab.keyboard.press("Tab")
            tab.keyboard.press("Enter")
            tab.wait_for_url("**accept=*")
        _tab_to(tab, "form input:not([type=hidden])")
        tab.keyboard.type(there)
        tab.keyboard.press("Tab")
        tab.keyboard.type(dr_role("standby", there))
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/job?id=*")
        expect(tab.locator("#live")).to_contain_text(f"{there} is active, with", timeout=PATIENCE)


def test_a_failover_is_given_up(tab: Page, acting: ConsoleWorld) -> None:
    acting.desks.machines[REGION][1].start("stand-down", {"target": OTHER, "asked": "a"})
    acting.changed()
    opened(tab, acting, "/do")
    expect(tab.locator("#live")).to_contain_text("is the active Region", timeout=PATIENCE)
    tab.get_by_role("link", name=f"Abort one to {OTHER}").click()
    typed = {"The Region that was to take over": OTHER, ROLE: dr_role("standby", REGION)}
    assert f"{REGION} is open again" in _yes(tab, **typed)
