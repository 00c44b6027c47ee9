"""Noting and treating failures, on the in-memory twins."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError, LeaseHeldError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import SyncState, holder_of
from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.failures.domain.failures import (
    TAKE_OVER_AFTER,
    Failure,
    MarkerStage,
    error_class,
    machine_of,
    marker_key,
)
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import FailedExecution
from cognito_standby.failures.services.contain import Contained, Containment
from cognito_standby.failures.services.treat import treat_failure
from cognito_standby.replication.services.sync import plan_sync
from tests.twins.clock import ManualClock
from tests.unit.failures.failure_region import ANN, ARN, INTENT, PREFIX, FailureRegion, failed
from tests.unit.world import Side, World


@pytest.fixture
def region() -> FailureRegion:
    return FailureRegion()


def test_a_failure_is_claimed_and_its_letter_can_be_read(region: FailureRegion) -> None:
    region.executions.executions = [failed(region.clock, redrive_count=2)]
    noted = region.note()
    assert (noted.turn.send, noted.turn.contain) == (True, True)
    assert noted.failure is not None
    letter = noted.failure.letter("alpha", "us-west-2")
    assert letter["region"] == "us-west-2"
    assert parse_letter(json.dumps(letter), {}) == FailedExecution(
        execution_arn=ARN,
        machine="sync_user",
        status="FAILED",
        error="InvalidRecordError",
        subject=ANN.key,
        change_id="c-1",
        region="us-west-2",
        redrive_count=2,
        failed_at=region.clock.now().isoformat(),
    )


def test_a_second_event_finds_the_claim(region: FailureRegion) -> None:
    region.executions.executions = [failed(region.clock)]
    region.note()
    again = region.note(owner="contain-2").turn
    assert (again.send, again.contain) == (False, False)


def test_its_own_repetition_goes_on(region: FailureRegion) -> None:
    region.executions.executions = [failed(region.clock)]
    assert region.note().turn == region.note().turn


def test_a_crash_before_the_letter_is_taken_over(region: FailureRegion) -> None:
    region.executions.executions = [failed(region.clock)]
    region.note()
    region.clock.advance(TAKE_OVER_AFTER.total_seconds())
    assert region.note(owner="contain-2").turn.send


def test_a_crash_after_the_letter_is_taken_over_without_another_one(region: FailureRegion) -> None:
    region.executions.executions = [failed(region.clock)]
    region.note()
    region.notes.advance(marker_key(ARN, 0), MarkerStage.SENT)
    region.clock.advance(TAKE_OVER_AFTER.total_seconds())
    turn = region.note(owner="contain-2").turn
    assert (turn.send, turn.contain) == (False, True)


def test_a_failure_after_a_redrive_is_another_one(region: FailureRegion) -> None:
    region.executions.executions = [failed(region.clock)]
    region.note()
    region.executions.executions = [failed(region.clock, redrive_count=1)]
    assert region.note(owner="contain-2").turn.send


@pytest.mark.parametrize(
    "status", [ExecutionStatus.RUNNING, ExecutionStatus.SUCCEEDED, ExecutionStatus.PENDING_REDRIVE]
)
def test_what_does_not_fail_any_more_gets_no_letter(
    region: FailureRegion, status: ExecutionStatus
) -> None:
    region.executions.executions = [failed(region.clock, status=status)]
    noted = region.note()
    assert (noted.failure, noted.turn.send, noted.turn.contain) == (None, False, False)


def test_an_execution_that_is_gone_gets_no_letter(region: FailureRegion) -> None:
    assert region.note().failure is None


@pytest.mark.parametrize(
    ("hint", "subject"),
    [
        ({"group": "staff"}, "#group#staff"),
        ([{"hint": {"local_sub": "sub-1"}}], "sub-1"),
        ({"local_sub": "made-here"}, "origin-ann"),
        ({"origin_sub": "#claim"}, ""),
        ({"origin_sub": "x" * 200}, ""),
        ({"origin_sub": 7}, ""),
        ("no hint", ""),
    ],
)
def test_whom_it_was_about(region: FailureRegion, hint: Any, subject: str) -> None:
    region.ledger.take_lease(ANN, "one")
    region.ledger.note_created(ANN, "one", INTENT, "made-here", "ann")
    region.executions.executions = [failed(region.clock, hint=hint)]
    noted = region.note()
    assert noted.failure is not None
    assert noted.failure.subject == subject
    assert (noted.turn.send, noted.turn.contain) == (True, bool(subject))


def test_failures_of_other_machines_get_a_letter_only(region: FailureRegion) -> None:
    arn = f"{PREFIX}:alpha-reconcile:one"
    region.executions.executions = [failed(region.clock, arn)]
    noted = region.note(arn)
    assert noted.failure is not None
    assert noted.failure.machine("alpha") == "reconcile"
    assert (noted.turn.send, noted.turn.contain) == (True, False)


@pytest.mark.parametrize(
    ("error", "named"),
    [
        ("InvalidRecordError", "InvalidRecordError"),
        ("States.Timeout", "States.Timeout"),
        ("Lambda.AWSLambdaException", "Lambda.AWSLambdaException"),
        ("", ""),
        ("ann@example.org was refused", "Unexplained"),
        ("x" * 200, "Unexplained"),
    ],
)
def test_only_a_class_is_told_of_an_error(error: str, named: str) -> None:
    assert error_class(error) == named


def test_a_machine_is_read_from_an_arn() -> None:
    assert machine_of(ARN) == "alpha-sync_user"
    assert machine_of("nonsense") == ""


# Treating


def treat(
    side: Side, region: FailureRegion, count: int = 0, by: str = "contain-1"
) -> Contained | str:
    notes, holder = (region.notes, region.changes), holder_of(by, 0)
    return treat_failure(side.context, region.executions, *notes, ARN, count, holder)


def test_a_failure_is_settled_when_it_is_contained(region: FailureRegion) -> None:
    side = World().backup
    region.executions.executions = [failed(region.clock)]
    region.note()
    outcome = treat(side, region)
    assert isinstance(outcome, Contained)
    assert outcome.done is Containment.MOVED, "nobody holds a lease"
    marker = region.notes.read(marker_key(ARN, 0))
    assert marker is not None
    assert marker.stage is MarkerStage.SETTLED


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({"status": ExecutionStatus.RUNNING}, 0),
        ({"redrive_count": 1}, 0),
        ({"input": "{}"}, 0),
    ],
)
def test_what_is_not_the_failure_any_more_is_left_alone(
    region: FailureRegion, facts: dict[str, Any], count: int
) -> None:
    side = World().backup
    region.executions.executions = [failed(region.clock, **facts)]
    assert isinstance(treat(side, region, count), str)
    assert side.bus.hints == ()


def test_what_nobody_can_read_is_noted_as_failed(region: FailureRegion) -> None:
    world = World()
    side = world.backup
    spoilt(world)
    with pytest.raises(InvalidRecordError):
        plan_sync(side.context, Hint(origin_sub=ANN.key), holder_of(ARN, 0))
    region.executions.executions = [failed(region.clock)]
    outcome = treat(side, region)
    assert isinstance(outcome, Contained)
    row = side.ledger.read(ANN)
    assert (row.state, row.reason, row.lease) == (SyncState.FAILED, "InvalidRecordError", None)
    assert (outcome.woken, side.bus.hints) == (False, ()), "or the same would fail again, for ever"


def spoilt(world: World) -> None:
    from tests.twins.stores.records import ItemKey, UnreadableItem  # noqa: PLC0415

    region = world.primary.region
    world.table.write(region, ItemKey(ANN.key, region), UnreadableItem(InvalidRecordError))
    world.table.replicate_all()


def test_a_treatment_that_failed_itself_is_begun_again(region: FailureRegion) -> None:
    side = World().backup
    side.ledger.take_lease(ANN, holder_of(ARN, 0))
    region.executions.executions = [failed(region.clock)]
    assert region.note(owner="contain-1").turn.send
    region.notes.advance(marker_key(ARN, 0), MarkerStage.SENT)
    with pytest.raises(LeaseHeldError):  # and so on, until the policy gives up
        treat(side, region)
    assert region.sweep().treated == 0, "it may still be at it"
    for clock in (region.clock, side.context.clock):
        clock.advance(TAKE_OVER_AFTER.total_seconds())  # type: ignore[attr-defined]
    assert region.sweep().treated == 1
    turn = region.note(owner="contain-2").turn
    assert (turn.send, turn.contain) == (False, True)
    outcome = treat(side, region, by="contain-2")
    assert isinstance(outcome, Contained)
    assert outcome.done is Containment.LEFT
    assert side.ledger.read(ANN).lease is None
    assert region.sweep().treated == 0


def test_a_failure_needs_no_hint_to_be_told_of() -> None:
    clock = ManualClock()
    failure = Failure.of(failed(clock, input="not JSON", stopped_at=None))
    letter = failure.letter("alpha", "us-east-1")
    assert (letter["subject"], letter["change_id"], letter["failed_at"]) == ("", "", "")
