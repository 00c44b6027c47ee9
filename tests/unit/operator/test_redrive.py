"""`standby redrive`: every letter is dealt with or left, none is lost, and twice is as once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cognito_standby.operator.services.redrive import HIDE_SECONDS, RegionReport, exit_code
from cognito_standby.operator.services.redrive_job import RedriveOutcome
from tests.unit.operator.operator_world import REGION, OperatorWorld, only
from tests.unit.operator.test_letters import SAMPLES, SUB

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def world() -> OperatorWorld:
    return OperatorWorld()


def test_no_letters(world: OperatorWorld) -> None:
    report = world.drain()
    assert report == RegionReport(REGION)
    assert exit_code([report]) == 0


def test_a_failed_execution_is_redriven(world: OperatorWorld) -> None:
    world.record("ann")
    arn = world.failed("ann")
    report = world.drain()
    assert only(report) == ("redriven", RedriveOutcome.RESOLVED, "in sync")
    assert world.executions.redriven == [arn]
    assert (world.letters.ids, exit_code([report])) == ([], 0)


def test_twice_is_as_once(world: OperatorWorld) -> None:
    world.record("ann")
    world.failed("ann")
    world.drain()
    assert world.drain().lines == ()
    assert len(world.executions.redriven) == 1


def test_a_crash_between_redrive_and_delete(world: OperatorWorld) -> None:
    """The letter is seen again, and the second run only verifies."""
    world.record("ann")
    arn = world.failed("ann")
    world.letters.receive(HIDE_SECONDS)
    world.executions.redrive(arn)  # and here the first run ended
    hidden = world.drain()
    assert hidden == RegionReport(REGION, hidden=1), "from others meanwhile, and that is told"
    assert exit_code([hidden]) == 1
    world.clock.advance(HIDE_SECONDS)
    assert only(world.drain()) == ("had succeeded already", RedriveOutcome.RESOLVED, "in sync")
    assert (world.letters.ids, world.executions.redriven) == ([], [arn])


def test_poison_stays_and_stops_nobody(world: OperatorWorld) -> None:
    world.poison = {"eve"}
    for key in ("ann", "eve", "zoe"):
        world.record(key)
        world.failed(key)
    report = world.drain()
    left = [line for line in report.lines if line.outcome is RedriveOutcome.LEFT]
    assert [line.subject for line in left] == ["eve"]
    assert left[0].reason == "failed again: InvalidRecordError"
    assert (report.resolved, exit_code([report])) == (2, 1)
    assert len(world.letters.peek()) == 1, "given back, for the next run"

    world.poison.clear()
    assert world.drain().resolved == 1
    assert world.letters.ids == []


def test_unreadable_letters_stay_and_are_named(world: OperatorWorld) -> None:
    world.record("ann")
    world.failed("ann")
    kept = [world.letters.send(body) for body in ("not JSON", "{}", '{"kind": "failed_execution"}')]
    report = world.drain()
    assert world.letters.ids == kept
    assert {line.what for line in report.lines} >= {f"unreadable letter {name}" for name in kept}
    assert exit_code([report]) == 1


def test_nothing_could_be_done(world: OperatorWorld) -> None:
    world.letters.send("not JSON")
    assert exit_code([world.drain()]) == 2


def test_many_letters_about_one_subject_are_one_redrive(world: OperatorWorld) -> None:
    world.record(SUB)
    world.failed(SUB, "first")
    last = world.failed(SUB, "last")
    for name in ("rule_hint", "parked_hint"):
        sample = SAMPLES[name]
        world.letters.send(json.dumps(sample["body"]), sample["attributes"])
    report = world.drain()
    assert (report.resolved, world.letters.ids) == (4, [])
    assert (world.executions.redriven, world.executions.started) == ([last], [])


def test_more_letters_than_one_answer_holds(world: OperatorWorld) -> None:
    for number in range(35):
        world.record(f"u{number}")
        world.failed(f"u{number}")
    assert world.drain().resolved == 35
    assert world.letters.ids == []


def test_too_old_for_a_redrive_starts_afresh(world: OperatorWorld) -> None:
    world.record("ann")
    world.failed("ann")
    world.clock.advance(timedelta(days=15).total_seconds())
    done, outcome, _ = only(world.drain())
    assert done == "started afresh: it ended more than 14 days ago and cannot be redriven"
    assert outcome is RedriveOutcome.RESOLVED
    (hint,) = world.executions.started
    assert (hint.origin_sub, hint.cause, hint.change_id) == ("ann", "redrive", "c-1")


def test_an_execution_that_is_gone_starts_afresh(world: OperatorWorld) -> None:
    world.record("ann")
    arn = world.failed("ann")
    del world.executions.executions[arn]
    done, outcome, _ = only(world.drain())
    assert (done.startswith("started afresh: the execution is not there"), outcome) == (
        True,
        RedriveOutcome.RESOLVED,
    )


def test_a_letter_without_a_subject_uses_the_executions_input(world: OperatorWorld) -> None:
    world.record("ann")
    world.failed("ann", subject="")
    world.clock.advance(timedelta(days=15).total_seconds())
    assert only(world.drain())[1] is RedriveOutcome.RESOLVED
    assert world.executions.started[0].origin_sub == "ann"


def test_a_gone_execution_without_a_subject_stays(world: OperatorWorld) -> None:
    arn = world.failed("ann", subject="")
    del world.executions.executions[arn]
    assert only(world.drain()) == ("nothing", RedriveOutcome.LEFT, "there is no such execution")
    assert len(world.letters.ids) == 1


def test_success_is_not_enough(world: OperatorWorld) -> None:
    """The record moved on after the execution had confirmed the one before."""
    world.record("ann")
    arn = world.failed("ann")
    world.executions.redrive(arn)
    world.record("ann")
    done, outcome, _ = only(world.drain())
    assert done == "started afresh: it had succeeded, but a newer change is not confirmed yet"
    assert outcome is RedriveOutcome.RESOLVED


def test_waiting_is_bounded(world: OperatorWorld) -> None:
    world.record("ann")
    world.failed("ann")
    world.slow = {"ann"}
    before = world.clock.now()
    done, outcome, reason = only(world.drain(wait_seconds=10))
    assert (done, outcome) == ("redriven", RedriveOutcome.LEFT)
    assert reason == "still running after 10 s; run the command again"
    assert world.clock.now() - before < timedelta(seconds=12)

    second = only(world.drain(wait_seconds=0))
    assert second[0] == "waited for it", "and is not redriven twice"


def test_dry_run_changes_nothing(world: OperatorWorld) -> None:
    world.record("ann")
    world.failed("ann")
    world.letters.send("{}", SAMPLES["schedule"]["attributes"])
    report = world.drain(dry_run=True)
    assert {line.outcome for line in report.lines} == {RedriveOutcome.PLANNED}
    assert (world.executions.redriven, world.executions.started) == ([], [])
    assert len(world.letters.peek()) == 2, "given back at once"
    assert exit_code([report]) == 1
