"""What the console does, in Chromium against a running installation, and what takes longer than
tests/e2e/test_console.py: a letter from its list to its end, conflicts, a failover given up."""

from __future__ import annotations

import re
import time

import pytest

from cognito_standby.core.domain.subjects import digest
from local.demo.people import Crowd, Person
from local.demo.roles import claim, stand_down
from local.remote import RemoteStage
from tests.e2e.conftest import until, until_confirmed, until_equal
from tests.e2e.console_window import Window
from tests.e2e.test_containment import letters
from tests.e2e.test_operator import poisoned
from tests.e2e.world import attributes_of, ledger_row, put_raw_record

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws, pytest.mark.full]


@pytest.fixture
def ann(stage: RemoteStage) -> tuple[Person, str]:
    """Somebody who is in sync in the standby."""
    name = f"ann{time.monotonic_ns()}"
    person = Person(name, f"{name}@example.org", "Ann Console")
    sub = Crowd(stage, stage.outputs.primary, "username").sign_up(person)
    until_confirmed(stage, sub)
    return person, sub


def test_a_letter_leads_to_where_it_failed_and_is_redriven_alone(
    stage: RemoteStage, window: Window, ann: tuple[Person, str]
) -> None:
    primary, backup, (_, sub) = stage.outputs.primary, stage.outputs.backup, ann
    page = window.page
    good, execution = poisoned(stage, sub)
    until("the letter is there", lambda: letters(stage, backup, sub))
    stage.client("sqs", backup.region).send_message(
        QueueUrl=backup.dead_letter_queue_url, MessageBody="not JSON"
    )
    mine = page.locator(".cards li", has=page.locator(f"a[href*='sub={sub}']")).first

    def listed() -> bool:
        """A queue may hand out nothing while somebody else has its letters."""
        window.open("/letters")
        return mine.count() > 0

    until("the letter is shown", listed)
    mine.get_by_role("link", name="See where it failed").click()
    window.shows("FAILED", ".verdict")
    window.shows("It failed in “Plan Sync” with InvalidRecordError", ".verdict")
    assert page.locator("svg.machine .broken").count() == 1
    put_raw_record(stage, primary, {**good, "revision": good["revision"] + 2})

    window.follow("Redrive it")
    page.wait_for_url("**/do/redrive?*")
    question = page.url.removeprefix(window.base)

    def resolved() -> bool:
        window.open(question)
        return "1 of 1 resolved" in window.done("Redrive")

    until("the letter is seen and resolved", resolved)
    assert f"redrive {execution['executionArn']}" in page.inner_text("main")
    window.open(f"/execution?region={backup.region}&arn={execution['executionArn']}")
    window.shows("SUCCEEDED", ".verdict")
    assert not re.search(r"\b0 redrives", page.inner_text(".verdict"))
    window.open("/letters")
    window.shows("it is not JSON")


def test_a_conflict_is_kept_and_another_taken(
    stage: RemoteStage, window: Window, ann: tuple[Person, str]
) -> None:
    page, (person, sub) = window.page, ann
    primary, backup = stage.outputs.primary, stage.outputs.backup
    there = Crowd(stage, backup, "username")

    def overruled(name: str) -> None:
        there.set_attributes(person, {"name": name})
        until("it is listed", lambda: ledger_row(stage, backup, f"#conflict#undone#{sub}"))
        until_equal(stage)
        window.open("/conflicts")
        page.locator(f"a[href*='{digest(sub)}']").first.click()
        window.shows("≠")

    overruled("Mallory")
    assert "Mallory" not in page.content(), "masked"
    page.get_by_role("button", name="Show values").click()
    window.shows("Mallory", "td[data-label=Listed]")
    window.shows("Ann Console ≠", "td[data-label^=Active]")
    window.follow("Keep the active pool")
    second = page.context.new_page()
    second.goto(page.url)
    assert "decided; off the list" in window.done("Keep the active pool")
    assert f"conflicts decide {digest(sub)} keep" in page.inner_text("main")
    assert not ledger_row(stage, backup, f"#conflict#undone#{sub}")
    second.locator("button.go").click()
    assert "It cannot be done now" in second.inner_text("main"), "the other tab comes too late"
    second.close()

    overruled("Anna")
    window.follow("Ask for what is listed")
    assert "decided; off the list" in window.done("Ask for what was listed")
    assert attributes_of(stage, primary, person.username)["name"] == "Anna"
    until_equal(stage)


def test_a_region_that_stood_down_opens_again(stage: RemoteStage, window: Window) -> None:
    """With the rights of the DR role alone, which the local AWS judges."""
    primary, backup = stage.outputs.primary, stage.outputs.backup
    claim(stage, primary)
    try:
        stand_down(stage, primary, backup)
        window.open("/")
        window.shows(f"closed, stood down for {backup.region}", "#live")
        window.open("/do")
        window.shows("it is the active Region already", "#live")
        window.follow(f"Abort one to {backup.region}")
        role = window.page.locator("label code").nth(1).inner_text()
        assert role.endswith(f"-dr-{primary.region}")
        typed = {"The Region that was to take over": backup.region}
        told = window.done("Stop the failover", **typed, **{"The role by which it is done": role})
        assert f"{primary.region} is open again" in told
        window.open("/")
        window.shows("open", "dd >> nth=0")
    finally:
        stand_down(stage, primary, None)
    until_equal(stage)
