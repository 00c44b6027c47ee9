"""What the pages do after asking, by the commands' own services."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from cognito_standby.console.services.orders import GONE
from cognito_standby.console.services.reach import dr_role
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.reconciliation.domain.brake import EMPTIED
from tests.unit.cli.test_undelete import Two
from tests.unit.console.asgi import Answer, Browser
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.world import PRIMARY

TARGET, ROLE = "typed-The Region that takes over", "typed-The role by which it is done"


@pytest.fixture
def world() -> ConsoleWorld:
    return ConsoleWorld()


def _yes(browser: Browser, question: str, **typed: str) -> Answer:
    """Ask, and answer with a yes; what came of it."""
    kind = question.split("?", maxsplit=1)[0]
    page = browser.get(question)
    assert page.status == 200, page.words
    sent = browser.post(kind, browser.fill(page, "/do/", **typed))
    return browser.get(sent.headers["location"]) if sent.status == 303 else sent


def _active(world: ConsoleWorld) -> str:
    return world.desks.items[REGION].standing().claims.highest().region


def test_every_letter_is_redriven(world: ConsoleWorld) -> None:
    desk = world.pair[REGION].world
    for key in ("s-1", "s-2"):
        desk.record(key)
        desk.failed(key)
    world.contexts[REGION] = replace(desk.context, region=REGION)
    browser = world.browser()
    question = browser.get(f"/do/redrive?region={REGION}")
    assert f"standby redrive --all --region {REGION}" in question.words
    assert desk.letters.ids, "asking does nothing"
    done = _yes(browser, f"/do/redrive?region={REGION}")
    assert "Done : 2 of 2 resolved" in done.words
    assert not desk.letters.ids
    assert "Redrive every dead letter" in browser.get("/jobs").words


def test_one_letter_is_redriven(world: ConsoleWorld) -> None:
    desk = world.pair[REGION].world
    for key in ("s-1", "s-2"):
        desk.record(key)
        desk.failed(key)
    world.contexts[REGION] = replace(desk.context, region=REGION)
    arn = desk.executions.PREFIX + "failed-s-1"
    done = _yes(world.browser(), f"/do/redrive?region={REGION}&execution={arn}")
    assert "Done : 1 of 1 resolved" in done.words
    assert f"standby redrive {arn}" in done.words
    assert len(desk.letters.ids) == 1


def test_a_form_sent_twice_is_one_job(world: ConsoleWorld) -> None:
    browser = world.browser()
    form = browser.fill(browser.get(f"/do/reconcile?region={REGION}"), "/do/")
    first, second = (browser.post("/do/reconcile", form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(world.pair[REGION].given) == 1


def test_a_run_is_begun_and_followed(world: ConsoleWorld) -> None:
    done = _yes(world.browser(), f"/do/reconcile?region={OTHER}&dry=1")
    assert "Done" in done.words
    assert world.pair[OTHER].given == [{"dry_run": True}]
    assert f"standby reconcile --region {OTHER} --dry-run --wait" in done.words


@pytest.mark.parametrize("word", ["approve", "reject"])
def test_the_brake_is_answered(world: ConsoleWorld, word: str) -> None:
    run_world = world.pair[REGION]
    run = run_world.hold("20260101T000000-aa")
    run_world.ask(run)
    world.looks.fresh()
    browser = world.browser()
    overview = browser.get("/")
    assert "A reconciliation asks" in overview.words
    path = f"/do/{word}?region={REGION}&run={run.id}"
    assert path.replace("&", "&amp;") in overview.text
    assert "9 users would be deleted" in browser.get(path).words
    done = _yes(browser, path)
    assert f"Done : {word}" in done.words
    assert not run_world.register.questions()
    assert "It cannot be done now" in browser.get(path).words, "asked a second time"


def test_nobody_deletes_a_whole_pool_by_a_click(world: ConsoleWorld) -> None:
    run_world = world.pair[REGION]
    run = run_world.hold("20260101T000000-aa")
    run_world.ask(run, reasons=(f"{EMPTIED}: it has 1 of 1,000 users",))
    world.looks.fresh()
    browser = world.browser()
    assert "Rejected, nobody is deleted. Reject … Delete them all …" in browser.get("/").words
    path = f"/do/approve?region={REGION}&run={run.id}"
    assert f"standby restore --region {REGION} --dry-run" in browser.get(path).words
    assert _yes(browser, path).status == 422
    assert run_world.register.questions()
    typed = {f"typed-{label}": text for label, text in GONE.items()}
    assert "Done : approved" in _yes(browser, path, **typed).words


def test_events_are_sent_again(world: ConsoleWorld) -> None:
    browser = world.browser()
    done = _yes(browser, f"/do/resend?region={REGION}&since=2h")
    assert "completed" in done.words
    assert len(world.pair[REGION].world.archive.started) == 1
    assert "is not a time" in browser.get(f"/do/resend?region={REGION}&since=yesterday").words


def test_somebody_deleted_comes_back(world: ConsoleWorld) -> None:
    two = Two()
    sub = two.gone()
    for here, there in ((REGION, PRIMARY), (OTHER, OTHER)):
        opened = two.open(there)
        world.contexts[here] = opened  # type: ignore[assignment]
    browser = world.browser()
    person = browser.get(f"/person?sub={sub}")
    assert "Bring them back" in person.words
    done = _yes(browser, f"/do/undelete?sub={sub}")
    assert "Done : undeleted in" in done.words
    assert "Bring them back" not in browser.get(f"/person?sub={sub}").words, "they are there"
    assert "nobody deleted is known" in browser.get(f"/do/undelete?sub={sub}").words


def test_a_planned_failover_and_back(world: ConsoleWorld) -> None:
    world.desks.make_healthy()
    browser = world.browser()
    page = browser.get(f"/do/failover?to={OTHER}&mode=planned")
    assert "✓ passed" in page.words
    assert f"standby failover --to {OTHER} --planned" in page.words
    for typed in (
        {},
        {TARGET: REGION, ROLE: dr_role("standby", OTHER)},
        {TARGET: OTHER, ROLE: "x"},
    ):
        wrong = _yes(browser, f"/do/failover?to={OTHER}&mode=planned", **typed)
        assert wrong.status == 422
        assert "Nothing was done" in wrong.words
    assert _active(world) == REGION
    world.roles.clear()
    told = {TARGET: OTHER, ROLE: dr_role("standby", OTHER)}
    done = _yes(browser, f"/do/failover?to={OTHER}&mode=planned", **told)
    assert f"{OTHER} is active, with epoch" in done.words
    assert _active(world) == OTHER
    assert {(OTHER, OTHER), (REGION, OTHER)} <= set(world.roles), "with the rights of that role"
    told = {TARGET: REGION, ROLE: dr_role("standby", REGION)}
    _yes(browser, f"/do/failover?to={REGION}&mode=planned", **told)
    assert _active(world) == REGION


def test_no_failover_is_offered_to_where_one_is(world: ConsoleWorld) -> None:
    browser = world.browser()
    assert browser.get("/do").words.count("? role unknown") == 2, "before any look all is offered"
    assert browser.get("/do").words.count("takes over") == 2
    part = browser.first_event("/live/do")
    assert "No failover goes there: it is the active Region already" in part
    assert f"/do/failover?to={REGION}" not in part
    assert f"/do/failover?to={OTHER}" in part
    world.desks.dark.add(REGION)
    world.seconds += 100
    part = browser.first_event("/live/do")
    assert f"/do/failover?to={REGION}" not in part, "the other one knows who is active"
    assert f"Outage: {OTHER} takes over" in part
    world.desks.dark.add(OTHER)
    world.seconds += 100
    assert browser.first_event("/live/do").count("? role unknown") == 2


def test_what_is_in_the_way_is_shown_and_accepted_by_name(world: ConsoleWorld) -> None:
    world.desks.make_healthy()
    world.pair[OTHER].world.letters.send("not JSON")
    browser = world.browser()
    page = browser.get(f"/do/failover?to={OTHER}&mode=planned")
    assert "in the way: letters" in page.words
    assert "To be typed" not in page.words
    form = browser.fill(page, "/do/failover") | {"to": OTHER, "mode": "planned", TARGET: OTHER}
    told = {**form, ROLE: dr_role("standby", OTHER)}
    assert browser.post("/do/failover", told).status == 409
    assert _active(world) == REGION
    path = f"/do/failover?to={OTHER}&mode=planned&accept=letters"
    typed = {TARGET: OTHER, ROLE: dr_role("standby", OTHER)}
    assert f"{OTHER} is active" in _yes(browser, path, **typed).words


def test_an_outage_asks_the_lost_region_nothing(world: ConsoleWorld) -> None:
    world.desks.make_healthy()
    world.desks.dark.add(REGION)
    typed = {TARGET: OTHER, ROLE: dr_role("standby", OTHER)}
    done = _yes(world.browser(), f"/do/failover?to={OTHER}&mode=outage", **typed)
    assert f"{OTHER} is active" in done.words
    assert f"standby reconcile --region {REGION} --wait" in done.words, "what comes next"
    assert REGION not in {region for region, _ in world.roles}


def test_a_failover_is_aborted(world: ConsoleWorld) -> None:
    world.desks.make_healthy()
    world.desks.ends["fail_over"] = None
    world.desks.machines[REGION][1].start("epoch-2", {"target": OTHER, "asked": "a"})
    told = {"typed-The Region that was to take over": OTHER, ROLE: dr_role("standby", REGION)}
    done = _yes(world.browser(), f"/do/abort?to={OTHER}", **told)
    assert f"{REGION} is open again" in done.words
    assert not world.desks.items[REGION].standing().makes_way


ACTS: tuple[Callable[[], str], ...] = (
    lambda: f"/do/redrive?region={REGION}",
    lambda: f"/do/reconcile?region={REGION}",
    lambda: f"/do/resend?region={REGION}&since=2h",
    lambda: f"/do/failover?to={OTHER}&mode=planned",
)


@pytest.mark.parametrize("act", ACTS)
def test_read_only_shows_the_command_and_does_nothing(act: Callable[[], str]) -> None:
    world = ConsoleWorld(actions=False)
    world.desks.make_healthy()
    browser, path = world.browser(), act()
    page = browser.get(path)
    assert "read-only" in page.words
    assert re.search(r"standby (redrive|reconcile|resend-events|failover) --", page.words)
    form = {"form_key": world.keys.form, "id": "1", "region": REGION, "to": OTHER, "since": "2h"}
    refused = browser.post(path.split("?")[0], {**form, "mode": "planned"})
    assert refused.status == 403
    assert "--allow-actions" in refused.words
    assert not world.pair[REGION].given
    assert not world.pair[REGION].world.archive.started
    assert not world.jobs.all


def test_a_job_that_breaks_says_so_and_names_nobody(world: ConsoleWorld) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("ann@example.org")

    world.pair[REGION].machine.start = broken  # type: ignore[method-assign, assignment]
    done = _yes(world.browser(), f"/do/reconcile?region={REGION}")
    assert "RuntimeError" in done.words
    assert "ann@example.org" not in done.text


def test_credentials_that_end_on_the_way_are_not_nothing_done(world: ConsoleWorld) -> None:
    """What was begun goes on: a page that says that nothing was done would have it begun twice."""
    world.desks.make_healthy()
    following = world.desks.machines[OTHER][0]

    def refused(_: str) -> str:
        raise MisconfiguredError("GetExecutionHistory: ExpiredTokenException")

    following.place = refused  # type: ignore[assignment, method-assign]
    world.desks.ends["fail_over"] = None
    told = {TARGET: OTHER, ROLE: dr_role("standby", OTHER)}
    done = _yes(world.browser(), f"/do/failover?to={OTHER}&mode=planned", **told)
    assert following.find("epoch-2") is not None, "it was begun"
    assert "Nothing was done" not in done.words
    assert "Not all, or something is left : it broke off: credentials have ended: " in done.words
    assert "ExpiredTokenException" in done.words
    assert "what was begun may go on" in done.words


def test_what_is_no_action_is_refused(world: ConsoleWorld) -> None:
    browser = world.browser()
    for path in ("/do/drop", "/do/redrive", "/do/redrive?region=mars", "/do/failover?to=x"):
        assert browser.get(path).status == 400, path
    assert "say which run" in browser.get(f"/do/approve?region={REGION}").words
