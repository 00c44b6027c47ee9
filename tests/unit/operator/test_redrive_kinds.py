"""`standby redrive`: what has no execution of its own, what was named, and what does not answer."""

from __future__ import annotations

import json

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.operator.ports import Envelope
from cognito_standby.operator.services.redrive import HIDE_SECONDS, RegionReport, exit_code
from cognito_standby.operator.services.redrive_job import RedriveOutcome
from tests.unit.operator.operator_world import OperatorWorld, only
from tests.unit.operator.test_letters import SAMPLES

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def world() -> OperatorWorld:
    return OperatorWorld()


def test_stream_records_are_looked_up(world: OperatorWorld) -> None:
    world.stream.written = {800000000003126276362: "ann"}
    world.record("ann")
    world.letters.send(json.dumps(SAMPLES["pipe_records"]["body"]))
    assert only(world.drain()) == ("started afresh", RedriveOutcome.RESOLVED, "in sync")
    assert world.executions.started[0].origin_sub == "ann"


def test_a_batch_of_records_is_resolved_as_a_whole(world: OperatorWorld) -> None:
    body = json.loads(json.dumps(SAMPLES["pipe_records"]["body"]))
    body["DDBStreamBatchInfo"] |= {"startSequenceNumber": "1", "endSequenceNumber": "2"}
    world.stream.written = {1: "ann", 2: "eve", 3: "zoe"}
    world.poison = {"eve"}
    world.record("ann")
    world.record("eve")
    world.letters.send(json.dumps(body))
    assert only(world.drain())[1] is RedriveOutcome.LEFT
    assert len(world.letters.ids) == 1
    world.poison.clear()
    world.drain()
    assert world.letters.ids == []


def test_records_that_the_stream_has_no_more_stay(world: OperatorWorld) -> None:
    world.letters.send(json.dumps(SAMPLES["pipe_records"]["body"]))
    done, outcome, reason = only(world.drain())
    assert (done, outcome) == ("nothing", RedriveOutcome.LEFT)
    assert "reconciliation" in reason


def test_a_missed_schedule_is_explained_and_dropped(world: OperatorWorld) -> None:
    world.letters.send("{}", SAMPLES["schedule"]["attributes"])
    done, outcome, reason = only(world.drain())
    assert (done, outcome, world.letters.ids) == ("dropped", RedriveOutcome.RESOLVED, [])
    assert "2026-03-04T05:00:00Z" in reason


def test_only_what_was_named(world: OperatorWorld) -> None:
    world.record("ann")
    world.record("zoe")
    arn = world.failed("ann")
    world.failed("zoe")
    report = world.drain(executions=frozenset({arn}))
    assert [line.subject for line in report.lines] == ["ann"]
    assert len(world.letters.peek()) == 1, "the other letter went back at once"


def test_a_named_execution_without_a_letter(world: OperatorWorld) -> None:
    world.record("ann")
    arn = world.failed("ann")
    (envelope,) = world.letters.receive(0)
    world.letters.delete(envelope)
    report = world.drain(executions=frozenset({arn}))
    assert only(report) == ("redriven", RedriveOutcome.RESOLVED, "in sync")


def test_an_execution_that_never_existed(world: OperatorWorld) -> None:
    report = world.drain(executions=frozenset({"arn:aws:states:nowhere"}))
    assert only(report) == ("nothing", RedriveOutcome.LEFT, "there is no such execution")
    assert exit_code([report]) == 2


def test_a_dark_region(world: OperatorWorld) -> None:
    world.failed("ann")
    world.switch.dark = True
    report = world.drain()
    assert "ConnectTimeoutError" in report.unreachable
    assert exit_code([report]) == 2
    assert exit_code([report, RegionReport("us-west-2")]) == 1
    world.switch.dark = False
    assert len(world.letters.ids) == 1


def test_a_region_that_goes_dark_meanwhile(
    world: OperatorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        world.record(f"u{number}")
        world.failed(f"u{number}")
    describe = world.executions.describe

    def going_dark(arn: str) -> object:
        if world.executions.redriven:
            world.switch.dark = True
        return describe(arn)

    monkeypatch.setattr(world.executions, "describe", going_dark)
    report = world.drain()
    assert (report.resolved, len(report.lines)) == (0, 5)
    assert all("does not answer" in line.reason for line in report.lines)
    world.switch.dark = False
    monkeypatch.undo()
    world.clock.advance(HIDE_SECONDS)
    assert world.drain().resolved == 5


def test_a_letter_that_cannot_be_deleted_is_not_called_resolved(
    world: OperatorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.record("ann")
    world.failed("ann")

    def refuse(letter: Envelope) -> None:
        raise ServiceUnavailableError("DeleteMessage: ServiceUnavailable")

    monkeypatch.setattr(world.letters, "delete", refuse)
    done, outcome, reason = only(world.drain())
    assert (done, outcome) == ("redriven", RedriveOutcome.LEFT)
    assert reason.endswith("run it again")
    monkeypatch.undo()
    world.clock.advance(HIDE_SECONDS)
    assert only(world.drain())[0] == "had succeeded already"


def test_a_refused_redrive_starts_afresh(
    world: OperatorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.record("ann")
    arn = world.failed("ann")
    execution = world.executions.executions[arn]
    object.__setattr__(execution, "status", ExecutionStatus.FAILED)
    monkeypatch.setattr(world.executions, "redrive", lambda _: "ExecutionNotRedrivable")
    done, outcome, _ = only(world.drain())
    assert done == "started afresh: the redrive was refused (ExecutionNotRedrivable)"
    assert outcome is RedriveOutcome.RESOLVED
