"""`standby redrive`: what has no execution of its own, what was named, and what does not answer."""

from __future__ import annotations

import json

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.operator.ports import Envelope
from cognito_standby.operator.services.redrive import HIDE_SECONDS, RegionReport, exit_code
from cognito_standby.operator.services.redrive_work import Outcome
from tests.unit.operator.operator import Office, only
from tests.unit.operator.test_letters import SAMPLES

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def office() -> Office:
    return Office()


def test_stream_records_are_looked_up(office: Office) -> None:
    office.stream.written = {800000000003126276362: "ann"}
    office.record("ann")
    office.letters.send(json.dumps(SAMPLES["pipe_records"]["body"]))
    assert only(office.drain()) == ("started afresh", Outcome.RESOLVED, "in sync")
    assert office.executions.started[0].origin_sub == "ann"


def test_a_batch_of_records_is_resolved_as_a_whole(office: Office) -> None:
    body = json.loads(json.dumps(SAMPLES["pipe_records"]["body"]))
    body["DDBStreamBatchInfo"] |= {"startSequenceNumber": "1", "endSequenceNumber": "2"}
    office.stream.written = {1: "ann", 2: "eve", 3: "zoe"}
    office.poison = {"eve"}
    office.record("ann")
    office.record("eve")
    office.letters.send(json.dumps(body))
    assert only(office.drain())[1] is Outcome.LEFT
    assert len(office.letters.ids) == 1
    office.poison.clear()
    office.drain()
    assert office.letters.ids == []


def test_records_that_the_stream_has_no_more_stay(office: Office) -> None:
    office.letters.send(json.dumps(SAMPLES["pipe_records"]["body"]))
    done, outcome, reason = only(office.drain())
    assert (done, outcome) == ("nothing", Outcome.LEFT)
    assert "reconciliation" in reason


def test_a_missed_schedule_is_explained_and_dropped(office: Office) -> None:
    office.letters.send("{}", SAMPLES["schedule"]["attributes"])
    done, outcome, reason = only(office.drain())
    assert (done, outcome, office.letters.ids) == ("dropped", Outcome.RESOLVED, [])
    assert "2026-03-04T05:00:00Z" in reason


def test_only_what_was_named(office: Office) -> None:
    office.record("ann")
    office.record("zoe")
    arn = office.failed("ann")
    office.failed("zoe")
    report = office.drain(executions=frozenset({arn}))
    assert [line.subject for line in report.lines] == ["ann"]
    assert len(office.letters.peek()) == 1, "the other letter went back at once"


def test_a_named_execution_without_a_letter(office: Office) -> None:
    office.record("ann")
    arn = office.failed("ann")
    (envelope,) = office.letters.receive(0)
    office.letters.delete(envelope)
    report = office.drain(executions=frozenset({arn}))
    assert only(report) == ("redriven", Outcome.RESOLVED, "in sync")


def test_an_execution_that_never_existed(office: Office) -> None:
    report = office.drain(executions=frozenset({"arn:aws:states:nowhere"}))
    assert only(report) == ("nothing", Outcome.LEFT, "there is no such execution")
    assert exit_code([report]) == 2


def test_a_dark_region(office: Office) -> None:
    office.failed("ann")
    office.switch.dark = True
    report = office.drain()
    assert "ConnectTimeoutError" in report.unreachable
    assert exit_code([report]) == 2
    assert exit_code([report, RegionReport("us-west-2")]) == 1
    office.switch.dark = False
    assert len(office.letters.ids) == 1


def test_a_region_that_goes_dark_meanwhile(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        office.record(f"u{number}")
        office.failed(f"u{number}")
    describe = office.executions.describe

    def going_dark(arn: str) -> object:
        if office.executions.redriven:
            office.switch.dark = True
        return describe(arn)

    monkeypatch.setattr(office.executions, "describe", going_dark)
    report = office.drain()
    assert (report.resolved, len(report.lines)) == (0, 5)
    assert all("does not answer" in line.reason for line in report.lines)
    office.switch.dark = False
    monkeypatch.undo()
    office.clock.advance(HIDE_SECONDS)
    assert office.drain().resolved == 5


def test_a_letter_that_cannot_be_deleted_is_not_called_resolved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.record("ann")
    office.failed("ann")

    def refuse(letter: Envelope) -> None:
        raise ServiceUnavailableError("DeleteMessage: ServiceUnavailable")

    monkeypatch.setattr(office.letters, "delete", refuse)
    done, outcome, reason = only(office.drain())
    assert (done, outcome) == ("redriven", Outcome.LEFT)
    assert reason.endswith("run it again")
    monkeypatch.undo()
    office.clock.advance(HIDE_SECONDS)
    assert only(office.drain())[0] == "had succeeded already"


def test_a_refused_redrive_starts_afresh(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.record("ann")
    arn = office.failed("ann")
    execution = office.executions.executions[arn]
    object.__setattr__(execution, "status", ExecutionStatus.FAILED)
    monkeypatch.setattr(office.executions, "redrive", lambda _: "ExecutionNotRedrivable")
    done, outcome, _ = only(office.drain())
    assert done == "started afresh: the redrive was refused (ExecutionNotRedrivable)"
    assert outcome is Outcome.RESOLVED
