"""Noting, treating and sweeping failures, on the in-memory twins."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from cognito_standby.adapters.memory.changes import InMemoryChangeStore
from cognito_standby.adapters.memory.clock import ManualClock
from cognito_standby.adapters.memory.events import InMemoryHintBus
from cognito_standby.adapters.memory.failures import (
    InMemoryAttentionIndex,
    InMemoryExecutions,
    InMemoryFailureNotes,
)
from cognito_standby.adapters.memory.ledger import InMemoryLedger
from cognito_standby.domain.errors import InvalidRecordError, LeaseHeldError
from cognito_standby.domain.executions import Execution, ExecutionStatus
from cognito_standby.domain.failures import (
    TAKE_OVER_AFTER,
    Failure,
    Marker,
    Stage,
    error_class,
    machine_of,
    marker_key,
)
from cognito_standby.domain.hints import Hint
from cognito_standby.domain.ledger import Intent, SyncState, holder_of
from cognito_standby.domain.letters import FailedExecution, parse_letter
from cognito_standby.domain.subjects import Subject
from cognito_standby.services.contain import Contained, Containment
from cognito_standby.services.note_failure import NoteContext, Noted, note_failure
from cognito_standby.services.sweep import HORIZON, SweepContext, sweep
from cognito_standby.services.sync import plan_sync
from cognito_standby.services.treat_failure import treat_failure
from tests.unit.world import Side, World

PREFIX = "arn:aws:states:us-east-1:111111111111:execution"
ARN = f"{PREFIX}:alpha-sync_user:one"
MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:alpha-sync_user"
ANN = Subject.user("origin-ann")
INTENT = Intent(base={}, target={"present": "x"}, skipped={})


def failed(clock: ManualClock, arn: str = ARN, hint: Any = None, **more: Any) -> Execution:
    given = {"origin_sub": ANN.key, "change_id": "c-1"} if hint is None else hint
    facts = {
        "status": ExecutionStatus.FAILED,
        "started_at": clock.now(),
        "stopped_at": clock.now(),
        "error": "InvalidRecordError",
        "input": json.dumps(given),
    }
    return Execution(arn=arn, **(facts | more))


class Desk:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.executions = InMemoryExecutions()
        self.notes = InMemoryFailureNotes(self.clock)
        self.ledger = InMemoryLedger(self.clock, 90)
        self.changes = InMemoryChangeStore(self.clock)
        self.bus = InMemoryHintBus()

    def note(self, arn: str = ARN, owner: str = "contain-1") -> Noted:
        known = (self.executions, self.notes, self.ledger, self.changes)
        ctx = NoteContext("alpha", *known, self.clock)
        return note_failure(ctx, arn, owner)

    def sweep(self) -> Any:
        attention = InMemoryAttentionIndex(self.ledger)
        return sweep(
            SweepContext([MACHINE], self.executions, self.notes, attention, self.bus, self.clock)
        )

    def strand(self, subject: Subject = ANN) -> None:
        self.ledger.take_lease(subject, "dead")
        self.ledger.note_intent(subject, "dead", INTENT)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_failure_is_claimed_and_its_letter_can_be_read(desk: Desk) -> None:
    desk.executions.executions = [failed(desk.clock, redrive_count=2)]
    noted = desk.note()
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
        redrive_count=2,
        failed_at=desk.clock.now().isoformat(),
    )


def test_a_second_event_finds_the_claim(desk: Desk) -> None:
    desk.executions.executions = [failed(desk.clock)]
    desk.note()
    again = desk.note(owner="contain-2").turn
    assert (again.send, again.contain) == (False, False)


def test_its_own_repetition_goes_on(desk: Desk) -> None:
    desk.executions.executions = [failed(desk.clock)]
    assert desk.note().turn == desk.note().turn


def test_a_crash_before_the_letter_is_taken_over(desk: Desk) -> None:
    desk.executions.executions = [failed(desk.clock)]
    desk.note()
    desk.clock.advance(TAKE_OVER_AFTER.total_seconds())
    assert desk.note(owner="contain-2").turn.send


def test_a_crash_after_the_letter_is_taken_over_without_another_one(desk: Desk) -> None:
    desk.executions.executions = [failed(desk.clock)]
    desk.note()
    desk.notes.advance(marker_key(ARN, 0), Stage.SENT)
    desk.clock.advance(TAKE_OVER_AFTER.total_seconds())
    turn = desk.note(owner="contain-2").turn
    assert (turn.send, turn.contain) == (False, True)


def test_a_failure_after_a_redrive_is_another_one(desk: Desk) -> None:
    desk.executions.executions = [failed(desk.clock)]
    desk.note()
    desk.executions.executions = [failed(desk.clock, redrive_count=1)]
    assert desk.note(owner="contain-2").turn.send


@pytest.mark.parametrize(
    "status", [ExecutionStatus.RUNNING, ExecutionStatus.SUCCEEDED, ExecutionStatus.PENDING_REDRIVE]
)
def test_what_does_not_fail_any_more_gets_no_letter(desk: Desk, status: ExecutionStatus) -> None:
    desk.executions.executions = [failed(desk.clock, status=status)]
    noted = desk.note()
    assert (noted.failure, noted.turn.send, noted.turn.contain) == (None, False, False)


def test_an_execution_that_is_gone_gets_no_letter(desk: Desk) -> None:
    assert desk.note().failure is None


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
def test_whom_it_was_about(desk: Desk, hint: Any, subject: str) -> None:
    desk.ledger.take_lease(ANN, "one")
    desk.ledger.note_created(ANN, "one", INTENT, "made-here", "ann")
    desk.executions.executions = [failed(desk.clock, hint=hint)]
    noted = desk.note()
    assert noted.failure is not None
    assert noted.failure.subject == subject
    assert (noted.turn.send, noted.turn.contain) == (True, bool(subject))


def test_failures_of_other_machines_get_a_letter_only(desk: Desk) -> None:
    arn = f"{PREFIX}:alpha-reconcile:one"
    desk.executions.executions = [failed(desk.clock, arn)]
    noted = desk.note(arn)
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


def treat(side: Side, desk: Desk, count: int = 0, by: str = "contain-1") -> Contained | str:
    notes, holder = (desk.notes, desk.changes), holder_of(by, 0)
    return treat_failure(side.context, desk.executions, *notes, ARN, count, holder)


def test_a_failure_is_settled_when_it_is_contained(desk: Desk) -> None:
    side = World().backup
    desk.executions.executions = [failed(desk.clock)]
    desk.note()
    outcome = treat(side, desk)
    assert isinstance(outcome, Contained)
    assert outcome.done is Containment.MOVED, "nobody holds a lease"
    marker = desk.notes.read(marker_key(ARN, 0))
    assert marker is not None
    assert marker.stage is Stage.SETTLED


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({"status": ExecutionStatus.RUNNING}, 0),
        ({"redrive_count": 1}, 0),
        ({"input": "{}"}, 0),
    ],
)
def test_what_is_not_the_failure_any_more_is_left_alone(
    desk: Desk, facts: dict[str, Any], count: int
) -> None:
    side = World().backup
    desk.executions.executions = [failed(desk.clock, **facts)]
    assert isinstance(treat(side, desk, count), str)
    assert side.bus.hints == ()


def test_what_nobody_can_read_is_noted_as_failed(desk: Desk) -> None:
    world = World()
    side = world.backup
    spoilt(world)
    with pytest.raises(InvalidRecordError):
        plan_sync(side.context, Hint(origin_sub=ANN.key), holder_of(ARN, 0))
    desk.executions.executions = [failed(desk.clock)]
    outcome = treat(side, desk)
    assert isinstance(outcome, Contained)
    row = side.ledger.read(ANN)
    assert (row.state, row.reason, row.lease) == (SyncState.FAILED, "InvalidRecordError", None)


def spoilt(world: World) -> None:
    from cognito_standby.adapters.memory.records import ItemKey, UnreadableItem  # noqa: PLC0415

    region = world.primary.region
    world.table.write(region, ItemKey(ANN.key, region), UnreadableItem(InvalidRecordError))
    world.table.replicate_all()


# Sweeping


def test_the_sweep_has_neglected_failures_treated(desk: Desk) -> None:
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(5)]
    desk.executions.executions = [failed(desk.clock, arn) for arn in arns]
    desk.notes.claim(marker_key(arns[0], 0), None, Marker("x", Stage.SETTLED, 0))
    desk.notes.claim(
        marker_key(arns[1], 0), None, Marker("x", Stage.SENDING, desk.clock.now().timestamp())
    )
    desk.notes.claim(marker_key(arns[2], 0), None, Marker("x", Stage.SENT, 0))
    assert desk.sweep().treated == 3
    assert {run.arn for run in desk.executions.treated} == set(arns[2:])


def test_a_treatment_that_failed_itself_is_begun_again(desk: Desk) -> None:
    side = World().backup
    side.ledger.take_lease(ANN, holder_of(ARN, 0))
    desk.executions.executions = [failed(desk.clock)]
    assert desk.note(owner="contain-1").turn.send
    desk.notes.advance(marker_key(ARN, 0), Stage.SENT)
    with pytest.raises(LeaseHeldError):  # and so on, until the policy gives up
        treat(side, desk)
    assert desk.sweep().treated == 0, "it may still be at it"
    for clock in (desk.clock, side.context.clock):
        clock.advance(TAKE_OVER_AFTER.total_seconds())  # type: ignore[attr-defined]
    assert desk.sweep().treated == 1
    turn = desk.note(owner="contain-2").turn
    assert (turn.send, turn.contain) == (False, True)
    outcome = treat(side, desk, by="contain-2")
    assert isinstance(outcome, Contained)
    assert outcome.done is Containment.LEFT
    assert side.ledger.read(ANN).lease is None
    assert desk.sweep().treated == 0


def test_old_failures_are_left_to_their_letters(desk: Desk) -> None:
    started = desk.clock.now() - HORIZON - timedelta(seconds=1)
    desk.executions.executions = [failed(desk.clock, started_at=started)]
    assert desk.sweep().treated == 0


def test_a_long_list_is_gone_through_in_several_sweeps(desk: Desk) -> None:
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(25)]
    desk.executions.executions = [failed(desk.clock, arn) for arn in arns]
    found = [desk.sweep() for _ in range(3)]
    assert [one.treated for one in found] == [10, 10, 5]
    assert [one.more for one in found] == [True, True, False]
    assert {run.arn for run in desk.executions.treated} == set(arns)


def test_no_sweep_starts_more_than_it_should(desk: Desk) -> None:
    desk.executions = InMemoryExecutions(page_size=100)
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(60)]
    desk.executions.executions = [failed(desk.clock, arn) for arn in arns]
    found = desk.sweep()
    assert (found.treated, found.more) == (50, True)


def test_a_stranded_row_is_woken_once_in_a_while(desk: Desk) -> None:
    desk.strand()
    assert desk.sweep().stranded == 0, "its lease has not run out long enough"
    desk.clock.advance(90 + 15 * 60)
    found = desk.sweep()
    assert (found.stranded, found.woken) == (1, 1)
    assert found.oldest_unapplied_seconds == 15 * 60
    assert [hint.origin_sub for hint in desk.bus.hints] == [ANN.key]
    desk.clock.advance(300)
    assert (desk.sweep().stranded, len(desk.bus.hints)) == (1, 1)
    desk.clock.advance(6 * 3600)
    assert desk.sweep().woken == 1


def test_the_sweep_counts_what_waits_for_an_operator(desk: Desk) -> None:
    for name, state in (("a", SyncState.FAILED), ("b", SyncState.QUARANTINED)):
        subject = Subject.user(name)
        desk.ledger.take_lease(subject, "one")
        desk.ledger.note_state(subject, "one", state, "why")
    found = desk.sweep()
    assert (found.failed, found.quarantined, found.oldest_unapplied_seconds) == (1, 1, 0)


def test_a_failure_needs_no_hint_to_be_told_of() -> None:
    clock = ManualClock()
    failure = Failure.of(failed(clock, input="not JSON", stopped_at=None))
    letter = failure.letter("alpha", "us-east-1")
    assert (letter["subject"], letter["change_id"], letter["failed_at"]) == ("", "", "")
