"""`standby redrive`: every letter is dealt with or left, none is lost, and twice is as once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cognito_standby.operator.services.redrive import HIDE_SECONDS, RegionReport, exit_code
from cognito_standby.operator.services.redrive_work import Outcome
from tests.unit.operator.operator import REGION, Office, only
from tests.unit.operator.test_letters import SAMPLES, SUB

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def office() -> Office:
    return Office()


def test_no_letters(office: Office) -> None:
    report = office.drain()
    assert report == RegionReport(REGION)
    assert exit_code([report]) == 0


def test_a_failed_execution_is_redriven(office: Office) -> None:
    office.record("ann")
    arn = office.failed("ann")
    report = office.drain()
    assert only(report) == ("redriven", Outcome.RESOLVED, "in sync")
    assert office.executions.redriven == [arn]
    assert (office.letters.ids, exit_code([report])) == ([], 0)


def test_twice_is_as_once(office: Office) -> None:
    office.record("ann")
    office.failed("ann")
    office.drain()
    assert office.drain().lines == ()
    assert len(office.executions.redriven) == 1


def test_a_crash_between_redrive_and_delete(office: Office) -> None:
    """The letter is seen again, and the second run only verifies."""
    office.record("ann")
    arn = office.failed("ann")
    office.letters.receive(HIDE_SECONDS)
    office.executions.redrive(arn)  # and here the first run ended
    assert office.drain().lines == (), "hidden from others meanwhile"
    office.clock.advance(HIDE_SECONDS)
    assert only(office.drain()) == ("had succeeded already", Outcome.RESOLVED, "in sync")
    assert (office.letters.ids, office.executions.redriven) == ([], [arn])


def test_poison_stays_and_stops_nobody(office: Office) -> None:
    office.poison = {"eve"}
    for key in ("ann", "eve", "zoe"):
        office.record(key)
        office.failed(key)
    report = office.drain()
    left = [line for line in report.lines if line.outcome is Outcome.LEFT]
    assert [line.subject for line in left] == ["eve"]
    assert left[0].reason == "failed again: InvalidRecordError"
    assert (report.resolved, exit_code([report])) == (2, 1)
    assert len(office.letters.peek()) == 1, "given back, for the next run"

    office.poison.clear()
    assert office.drain().resolved == 1
    assert office.letters.ids == []


def test_unreadable_letters_stay_and_are_named(office: Office) -> None:
    office.record("ann")
    office.failed("ann")
    kept = [
        office.letters.send(body) for body in ("not JSON", "{}", '{"kind": "failed_execution"}')
    ]
    report = office.drain()
    assert office.letters.ids == kept
    assert {line.what for line in report.lines} >= {f"unreadable letter {name}" for name in kept}
    assert exit_code([report]) == 1


def test_nothing_could_be_done(office: Office) -> None:
    office.letters.send("not JSON")
    assert exit_code([office.drain()]) == 2


def test_many_letters_about_one_subject_are_one_redrive(office: Office) -> None:
    office.record(SUB)
    office.failed(SUB, "first")
    last = office.failed(SUB, "last")
    for name in ("rule_hint", "parked_hint"):
        sample = SAMPLES[name]
        office.letters.send(json.dumps(sample["body"]), sample["attributes"])
    report = office.drain()
    assert (report.resolved, office.letters.ids) == (4, [])
    assert (office.executions.redriven, office.executions.started) == ([last], [])


def test_more_letters_than_one_answer_holds(office: Office) -> None:
    for number in range(35):
        office.record(f"u{number}")
        office.failed(f"u{number}")
    assert office.drain().resolved == 35
    assert office.letters.ids == []


def test_too_old_for_a_redrive_starts_afresh(office: Office) -> None:
    office.record("ann")
    office.failed("ann")
    office.clock.advance(timedelta(days=15).total_seconds())
    done, outcome, _ = only(office.drain())
    assert done == "started afresh: it ended more than 14 days ago and cannot be redriven"
    assert outcome is Outcome.RESOLVED
    (hint,) = office.executions.started
    assert (hint.origin_sub, hint.cause, hint.change_id) == ("ann", "redrive", "c-1")


def test_an_execution_that_is_gone_starts_afresh(office: Office) -> None:
    office.record("ann")
    arn = office.failed("ann")
    del office.executions.executions[arn]
    done, outcome, _ = only(office.drain())
    assert (done.startswith("started afresh: the execution is not there"), outcome) == (
        True,
        Outcome.RESOLVED,
    )


def test_a_letter_without_a_subject_uses_the_executions_input(office: Office) -> None:
    office.record("ann")
    office.failed("ann", subject="")
    office.clock.advance(timedelta(days=15).total_seconds())
    assert only(office.drain())[1] is Outcome.RESOLVED
    assert office.executions.started[0].origin_sub == "ann"


def test_a_gone_execution_without_a_subject_stays(office: Office) -> None:
    arn = office.failed("ann", subject="")
    del office.executions.executions[arn]
    assert only(office.drain()) == ("nothing", Outcome.LEFT, "there is no such execution")
    assert len(office.letters.ids) == 1


def test_success_is_not_enough(office: Office) -> None:
    """The record moved on after the execution had confirmed the one before."""
    office.record("ann")
    arn = office.failed("ann")
    office.executions.redrive(arn)
    office.record("ann")
    done, outcome, _ = only(office.drain())
    assert done == "started afresh: it had succeeded, but a newer change is not confirmed yet"
    assert outcome is Outcome.RESOLVED


def test_waiting_is_bounded(office: Office) -> None:
    office.record("ann")
    office.failed("ann")
    office.slow = {"ann"}
    before = office.clock.now()
    done, outcome, reason = only(office.drain(wait_seconds=10))
    assert (done, outcome) == ("redriven", Outcome.LEFT)
    assert reason == "still running after 10 s; run the command again"
    assert office.clock.now() - before < timedelta(seconds=12)

    second = only(office.drain(wait_seconds=0))
    assert second[0] == "waited for it", "and is not redriven twice"


def test_dry_run_changes_nothing(office: Office) -> None:
    office.record("ann")
    office.failed("ann")
    office.letters.send("{}", SAMPLES["schedule"]["attributes"])
    report = office.drain(dry_run=True)
    assert {line.outcome for line in report.lines} == {Outcome.PLANNED}
    assert (office.executions.redriven, office.executions.started) == ([], [])
    assert len(office.letters.peek()) == 2, "given back at once"
    assert exit_code([report]) == 1
