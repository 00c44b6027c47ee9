"""What the pages show: both Regions, a dark one, refused credentials, letters, hostile names."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cognito_standby.console.domain.trace import HistoryEvent
from cognito_standby.console.ports import LagPoint
from cognito_standby.console.web.words import linked
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.operator.ports import Attention, Envelope
from tests.unit.console.console_world import ConsoleWorld, healthy
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.two_regions import TwoRegions
from tests.unit.world import BACKUP, PRIMARY

HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def world() -> ConsoleWorld:
    return healthy()


def test_the_first_page_is_there_before_any_look(world: ConsoleWorld) -> None:
    browser = world.browser()
    assert "Looking" in browser.get("/").words
    assert not world.opened, "nobody was asked"
    assert "WELL" in browser.first_event("/live/")
    assert "WELL" in browser.get("/").words, "and from then on the last look is shown at once"


def test_ten_thousand_letters_cost_what_one_costs(world: ConsoleWorld) -> None:
    letters = world.pair[OTHER].world.letters
    for number in range(10_000):
        letters._letters[str(number)] = Envelope(str(number), "", "not JSON")
    browser = world.browser()
    page = browser.get("/letters")
    assert "10,000 letters , 10 of them shown" in page.words
    assert world.calls == {"count": 2, "peek": 1}, "no letter is asked for by itself"
    world.calls.clear()
    world.looks.fresh()
    assert world.calls == {"count": 2, "peek": 1}
    assert "10,000 letters" in browser.get("/").words


def test_however_many_tabs_watch_each_thing_is_asked_once(world: ConsoleWorld) -> None:
    browser = world.browser()
    for _ in range(5):
        browser.first_event("/live/")
    assert world.opened == {REGION: 1, OTHER: 1}
    assert world.calls["count"] == 2
    world.seconds += 3
    browser.first_event("/live/")
    assert world.calls["count"] == 4, "a later look is a look"
    assert world.opened == {REGION: 1, OTHER: 1}, "by what is open"


def test_both_regions_side_by_side(world: ConsoleWorld) -> None:
    gauges = world.pair[OTHER].world.gauges
    gauges.rows = Attention({"failed": 2}, (HOSTILE,))
    gauges.alarming = ("standby-lag",)
    now = world.clock.now()
    world.lag[OTHER].points = [LagPoint(now - timedelta(minutes=5), 900.0, 2500.0)]
    page = ConsoleWorldPage(world)
    assert "us-east-1 ● active" in page.words
    assert "○ standby" in page.words
    assert "half within 0.5 s, 99 of 100 within 2.0 s" in page.words
    assert "2 failed" in page.words
    assert "✕ standby-lag" in page.words
    assert "99 of 100 within 2.5 s" in page.text, "the curve says what it draws"
    assert "unknown: no figures of the last 3 hours" in page.words, "the other one's"
    assert HOSTILE not in page.text


def test_the_first_figures_are_not_kept_from_a_page_for_long(world: ConsoleWorld) -> None:
    browser = world.browser()
    assert "no figures of the last 3 hours" in browser.first_event("/live/")
    for region in (REGION, OTHER):
        world.lag[region].points = [LagPoint(world.clock.now(), 900.0, 2500.0)]
    world.seconds += 11
    assert "no figures of the last 3 hours" not in browser.first_event("/live/")


def test_an_execution_that_a_history_names_is_a_link() -> None:
    arn = "arn:aws:states:us-west-2:111111111111:execution:standby-sync_user:5c1f0e9a-1"
    told = linked(f"execution failed: {arn}, {HOSTILE}")
    assert f'region=us-west-2&amp;arn={arn.replace(":", "%3A")}">sync_user 5c1f0e9a-1</a>, ' in told
    assert HOSTILE not in told


class ConsoleWorldPage:
    """The overview after a look."""

    def __init__(self, world: ConsoleWorld) -> None:
        world.looks.fresh()
        answer = world.browser().get("/")
        self.text, self.words = answer.text, answer.words


def test_empty_states_say_what_they_mean() -> None:
    browser = ConsoleWorld().browser()
    assert browser.get("/letters").words.count("✓ No dead letters") == 2
    assert browser.get("/executions").words.count("✓ None failed") == 2
    assert browser.get("/reports").words.count("No run has left a report yet") == 2
    assert "Nothing was asked for" in browser.get("/jobs").words


def test_a_letter_leads_to_its_execution_and_its_person(world: ConsoleWorld) -> None:
    arn = world.pair[OTHER].world.failed("s-1")
    page = world.browser().get("/letters")
    assert "failed execution" in page.words
    assert "InvalidRecordError" in page.words
    assert f"arn={arn.replace(':', '%3A')}" in page.text
    assert "/person?sub=s-1" in page.text
    assert "s-1" not in page.words, "an id is a link's, its hash is read"


def test_an_execution_is_drawn_with_where_it_failed(world: ConsoleWorld) -> None:
    arn, now = "arn:aws:states:us-east-1:1:execution:standby-sync_user:x", world.clock.now()
    world.pair[REGION].world.executions.add(
        Execution(arn, ExecutionStatus.FAILED, now, now, "ThrottledError")
    )
    states = {
        "A": {"Type": "Task", "Next": "B", "Comment": "first"},
        "B": {"Type": "Task", "End": True, "Comment": HOSTILE},
    }
    at = now.isoformat()
    world.histories[REGION].machine = json.dumps({"StartAt": "A", "States": states})
    world.histories[REGION].known[arn] = [
        HistoryEvent(1, 0, "ExecutionStarted", at),
        HistoryEvent(2, 1, "TaskStateEntered", at, "A"),
        HistoryEvent(3, 2, "TaskScheduled", at),
        HistoryEvent(4, 3, "TaskFailed", at, error="ThrottledError"),
        HistoryEvent(5, 4, "TaskScheduled", at),
        HistoryEvent(6, 5, "TaskSucceeded", at),
        HistoryEvent(7, 6, "TaskStateExited", at, "A"),
        HistoryEvent(8, 7, "TaskStateEntered", at, "B"),
        HistoryEvent(9, 8, "TaskScheduled", at),
        HistoryEvent(10, 9, "TaskFailed", at, error="InvalidRecordError"),
        HistoryEvent(11, 10, "ExecutionFailed", at, error="InvalidRecordError"),
    ]
    browser = world.browser()
    page = browser.get(f"/execution?region={REGION}&arn={arn}")
    assert "It failed in “B”" in page.words
    assert "✓ A" in page.words
    assert "1 retry" in page.words
    assert "✓ passed, 1 retry" in page.words, "in the drawing, too"
    assert "✕ failed" in page.words
    assert HOSTILE not in page.text
    gone = browser.get(f"/execution?region={REGION}&arn=gone")
    assert "there is no such execution" in gone.words


@pytest.fixture
def two() -> tuple[ConsoleWorld, TwoRegions]:
    made, regions = ConsoleWorld(), TwoRegions()
    for here, there in ((REGION, PRIMARY), (OTHER, BACKUP)):
        opened = regions.open(there)
        assert not hasattr(opened, "reason")
        made.contexts[here] = opened
    return made, regions


def test_somebody_with_a_hostile_name(two: tuple[ConsoleWorld, TwoRegions]) -> None:
    world, regions = two
    sub = regions.sign_up(HOSTILE, email="ann@example.org", email_verified="true")
    browser = world.browser()
    form = browser.fill(browser.get("/people"), "/people", who=HOSTILE)
    found = browser.post("/people", form)
    assert "✓ Found" in found.words
    assert HOSTILE not in found.text
    assert "ann@example.org" not in found.text, "values are masked"
    assert "<***(28)" in found.words
    clear = browser.post("/person", browser.fill(found, "/person"))
    assert f"username {HOSTILE}" in clear.words
    assert HOSTILE not in clear.text
    assert sub in browser.get(f"/person?sub={sub}").words


def test_nobody(two: tuple[ConsoleWorld, TwoRegions]) -> None:
    world, _ = two
    browser = world.browser()
    form = browser.fill(browser.get("/people"), "/people", who="nobody@example.org")
    assert "✕ Not found" in browser.post("/people", form).words


def test_a_report_opens_as_a_page_that_can_do_nothing(world: ConsoleWorld) -> None:
    browser = world.browser()
    page = browser.get("/reports")
    run = page.text.split("run=")[1].split('"')[0]
    report = browser.get(f"/report?region={REGION}&run={run}")
    assert report.status == 200
    assert "sandbox" in report.headers["content-security-policy"]
    assert "script-src" not in report.headers["content-security-policy"]
    assert browser.get(f"/report?region={REGION}&run=none").status == 404
    assert browser.get("/report?region=mars&run=x").status == 404


def test_rehearsals_are_listed_with_what_they_found(world: ConsoleWorld) -> None:
    files = world.pair[OTHER].run_folder.files
    report = {"ok": False, "began_at": "2026-01-01T00:00:00+00:00", "people": "invented", "made": 3}
    wrong = {"differing": {"person 2": [HOSTILE]}, "more of a later release": 1}
    files.write("drills/aa.json", json.dumps({"id": "aa", "report": {**report, **wrong}}).encode())
    files.write("drills/bb.json", json.dumps({"id": "bb"}).encode())
    files.write("drills/cc.json", b"not JSON")
    page = world.browser().get("/reports")
    assert "✕ Not all as the records say" in page.words
    assert f"person 2: {HOSTILE}" in page.words
    assert HOSTILE not in page.text
    assert "it goes on, or ended without a report bb" in page.words
    assert "its note cannot be read" in page.words
