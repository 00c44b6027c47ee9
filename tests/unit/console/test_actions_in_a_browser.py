"""Each action in Chromium, on twins: from the page that offers it, by the question, to its end.

tests/e2e/test_console.py and test_console_actions.py do the same on the local AWS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cognito_standby.console.services.reach import dr_role
from cognito_standby.console.web.app import Server, bound
from cognito_standby.core.domain.subjects import digest
from tests.browser import PATIENCE, patient, running_browser
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.console.furnished import CONFLICTED, furnish
from tests.unit.operator.operator_world import OTHER, REGION

TARGET, ROLE = "The Region that takes over", "The role by which it is done"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as made:
        yield made


@pytest.fixture(scope="module")
def world(browser: Browser) -> Iterator[ConsoleWorld]:
    """Something of everything; the tests go on from each other's."""
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
def page(browser: Browser, world: ConsoleWorld) -> Page:
    made = patient(browser.new_context()).new_page()
    made.goto(world.keys.address)
    made.wait_for_selector("dl")
    return made


def _open(page: Page, world: ConsoleWorld, path: str) -> None:
    page.goto(f"http://127.0.0.1:{world.keys.port}{path}")


def _yes(page: Page, **typed: str) -> str:
    """To the question that is shown; what came of it, and the command that would have done it."""
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    page.locator("button.go").click()
    page.wait_for_url("**/job?id=*")
    expect(page.locator(".verdict")).not_to_contain_text("Goes on", timeout=PATIENCE)
    return page.locator("main").inner_text()


@pytest.mark.parametrize("word", ["Approve", "Reject"])
def test_a_run_that_asks_is_answered(page: Page, world: ConsoleWorld, word: str) -> None:
    runs = world.pair[OTHER]
    if not runs.register.questions():
        runs.ask(runs.hold("20260103T030405-5e6f7a8b"))
    (question,) = runs.register.questions()
    world.seconds += 10
    _open(page, world, "/")
    page.locator(f"a[href*='/do/{word.lower()}?'][href*='{question.run.id}']").click()
    assert "9 users would be deleted" in page.inner_text("main")
    told = _yes(page)
    assert f"standby {word.lower()} {question.run.id} --region {OTHER}" in told
    assert {"Approve": "the repairs begin", "Reject": "nothing is changed"}[word] in told
    assert not runs.register.questions()


def test_one_letter_is_redriven(page: Page, world: ConsoleWorld) -> None:
    desk = world.pair[OTHER].world
    _open(page, world, "/letters")
    page.get_by_role("link", name="Redrive this one").first.click()
    told = _yes(page)
    assert "standby redrive arn:" in told
    assert "of 1 resolved" in told
    assert len(desk.letters.ids) >= 1, "the unreadable one stays"


def test_events_are_sent_again(page: Page, world: ConsoleWorld) -> None:
    _open(page, world, "/do")
    page.get_by_label("Send again those since").first.fill("30m")
    page.get_by_role("button", name="Send again").first.click()
    assert f"standby resend-events --since 30m --region {REGION}" in _yes(page)


def test_a_conflict_is_decided(page: Page, world: ConsoleWorld) -> None:
    _open(page, world, "/conflicts")
    page.locator(f".cards a[href*='{digest(CONFLICTED.key)}']").first.click()
    page.get_by_role("link", name="Keep the active pool").first.click()
    assert "decided; off the list" in _yes(page)
    _open(page, world, "/conflicts")
    page.get_by_role("link", name="Keep the active pool for all").click()
    assert "1 of 1 decided" in _yes(page)


def test_a_failover_is_typed_done_and_taken_back(page: Page, world: ConsoleWorld) -> None:
    """Its checks first; what is in the way is accepted by name; the word by word of both fields."""
    for here, there in ((REGION, OTHER), (OTHER, REGION)):
        world.seconds += 100
        _open(page, world, "/do")
        expect(page.locator("#live")).to_contain_text("is the active Region", timeout=PATIENCE)
        page.get_by_role("link", name=f"Planned, to {there}").click()
        assert "✓ passed" in page.get_by_role("region", name="Checks").inner_text()
        for box in page.get_by_role("checkbox").all():
            box.check()
        if page.get_by_role("button", name="Look again").count():
            page.get_by_role("button", name="Look again").click()
        page.get_by_label(TARGET).fill(there)
        page.get_by_label(ROLE).fill(dr_role("standby", here))
        page.locator("button.go").click()
        assert "Nothing was done" in page.locator("[role=alert]").inner_text(), "another's role"
        told = _yes(page, **{TARGET: there, ROLE: dr_role("standby", there)})
        assert f"{there} is active, with epoch" in told


def test_a_failover_is_given_up(page: Page, world: ConsoleWorld) -> None:
    world.desks.machines[REGION][1].start("stand-down", {"target": OTHER, "asked": "a"})
    world.seconds += 100
    _open(page, world, "/do")
    expect(page.locator("#live")).to_contain_text("is the active Region", timeout=PATIENCE)
    page.get_by_role("link", name=f"Abort one to {OTHER}").click()
    typed = {"The Region that was to take over": OTHER, ROLE: dr_role("standby", REGION)}
    assert f"{REGION} is open again" in _yes(page, **typed)
