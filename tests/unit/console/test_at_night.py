"""Whoever is woken and opens the console: what matters comes first, in words, and leads on."""

from __future__ import annotations

import re

import pytest

from cognito_standby.console.web.words import lead
from tests.unit.console.console_world import ConsoleWorld, healthy, overview
from tests.unit.console.furnished import ARN, furnish
from tests.unit.operator.operator_world import OTHER, REGION


@pytest.fixture
def world() -> ConsoleWorld:
    return healthy()


def test_a_lost_region_leads_to_the_checks_of_the_failover(world: ConsoleWorld) -> None:
    world.desks.dark.add(REGION)
    text = overview(world).text
    link = f'href="/do/failover?to={OTHER}&amp;mode=outage"'
    assert link in text, "one click from what is wrong to what mends it"


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("standby failover --to eu-west-1 --planned", "/do/failover?to=eu-west-1&mode=planned"),
        ("standby failover --to eu-west-1 --abort", "/do/abort?to=eu-west-1"),
        ("standby redrive --all --region eu-west-1", "/letters"),
        ("standby conflicts list names them; docs/runbooks/conflicts.md says how", "/conflicts"),
        ("standby reports 20260101T000000-a", "/reports"),
        ("standby status --watch  # parked hints drain within a minute", ""),
        ("nothing is lost: when eu-west-1 is back, it catches up by itself", ""),
    ],
)
def test_advice_leads_to_the_page_that_does_the_same(step: str, path: str) -> None:
    found = lead(step)
    assert (found.path if found else "") == path


def test_advice_that_is_no_command_does_not_look_like_one(world: ConsoleWorld) -> None:
    world.desks.dark.add(OTHER)
    text = overview(world).text
    assert re.search(r"<li>\s*nothing is lost", text)
    assert not re.search(r"<code>[^<]*nothing is lost", text)


def test_what_a_dark_region_does_not_answer_is_said_once(world: ConsoleWorld) -> None:
    world.desks.dark.add(REGION)
    dark = overview(world).text.split(f'aria-labelledby="r-{REGION}"')[1].split("</section>")[0]
    assert dark.count("ConnectTimeoutError") == 1
    assert "<h3>" not in dark, "no empty figures"


def test_the_first_rows_are_those_that_ask_for_somebody(world: ConsoleWorld) -> None:
    page = overview(world)
    rows = re.findall(r"<dt>(.*?)</dt>", page.text)
    first = ["Door", "Alarms", "Dead letters", "Runs that ask", "Undecided conflicts"]
    assert rows[: len(first)] == first
    for row in dict.fromkeys(rows):
        assert page.words.count(row) >= 3, f"{row} of both Regions, and what it means"


def test_hours_of_the_figures_are_said_to_be_utc(world: ConsoleWorld) -> None:
    words = overview(world).words
    assert "Replication lag, last 3 hours (UTC)" in words
    assert "Drifted users by run (UTC)" in words


def test_the_failover_is_the_first_of_the_actions(world: ConsoleWorld) -> None:
    world.looks.fresh()
    page = world.browser().get("/do")
    assert page.text.index("/do/failover?") < page.text.index("/do/redrive?")
    assert "nothing is lost" in page.words, "what planned means"
    assert f"{REGION} is not asked" in page.words, "and what outage means"
    abort = re.search(rf'<a class="([^"]*)" href="/do/abort\?to={OTHER}"', page.text)
    assert abort is not None
    assert "quiet" in abort[1], "what is hardly ever meant does not look like the rest"


def test_checks_that_did_not_pass_come_first(world: ConsoleWorld) -> None:
    world.pair[OTHER].world.letters.send("not JSON")
    text = world.browser().get(f"/do/failover?to={OTHER}&mode=planned").text
    outcomes = re.findall(r'data-label="Outcome">([^<]*)<', text)
    assert outcomes[0] == "✕ failed, in the way"
    assert outcomes == sorted(outcomes, key=lambda each: "✕?✓".index(each[0]))
    assert re.search(r"Checks: 1 failed, .*\d+ passed", text)


def test_what_succeeded_is_folded_below_what_failed(world: ConsoleWorld) -> None:
    furnish(world)
    page = world.browser().get("/executions")
    for region in page.text.split("<section")[1:]:
        folded = re.findall(r"<details><summary[^>]*>([^<]*)", region)
        assert all(each.startswith("Succeeded") for each in folded)
        assert "<h3" in region.split("<details>")[0], "what failed and runs is seen at once"
    assert page.text.count("<details>") == page.text.count("</details>")


def test_a_short_execution_did_not_take_nothing(world: ConsoleWorld) -> None:
    furnish(world)
    page = world.browser().get(f"/execution?region={OTHER}&arn={ARN}")
    assert "took" in page.words
    assert "took 0 s" not in page.words
