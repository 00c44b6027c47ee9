"""`standby redrive`: the event of a failure that no rule could deliver does what the letter of the
same failure would have done, whichever machine failed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.failures.domain.failures import Failure, machine_named
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import FailedExecution, UntreatedFailure
from cognito_standby.operator.services.redrive_job import RedriveOutcome
from tests.unit.operator.operator_world import REGION, OperatorWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")

WORKFLOWS = Path(__file__).parents[3] / "workflows"
INSTALLATION = "eu-standby"
"""With a hyphen, as an installation's name may have one."""
GIVEN: dict[str, tuple[dict[str, Any], str]] = {
    "sync_user": ({"origin_sub": "ann", "change_id": "c-1"}, "ann"),
    "apply_admin_change": ({"change_id": "change-1"}, ""),
    "hint_members": ({"group": "staff", "cause": "DeleteGroup"}, "#group#staff"),
    "contain_failure": ({"execution_arn": "arn", "status": "FAILED"}, ""),
    "reconcile_pool": ({"scheduled": True}, ""),
    "sweep_failures": ({}, ""),
    "measure_rpo": ({}, ""),
    "fail_over": ({"mode": "planned"}, ""),
    "restore_pool": ({"run": True}, ""),
    "stand_down": ({"target": "us-west-2"}, ""),
    "publish_active": ({}, ""),
}
"""Machine -> what it was given, and whom that is about as far as the input alone tells."""
TOO_OLD = timedelta(days=15)


@pytest.fixture
def world() -> OperatorWorld:
    return OperatorWorld()


def execution_of(world: OperatorWorld, machine: str, name: str = "e-1") -> Execution:
    arn = f"arn:aws:states:us-east-1:111111111111:execution:{INSTALLATION}-{machine}:{name}"
    now, given = world.clock.now(), json.dumps(GIVEN[machine][0])
    return Execution(arn, ExecutionStatus.FAILED, now, now, "InvalidRecordError", given)


def event_of(execution: Execution, *, told: bool = True) -> str:
    """Step Functions leaves out an input that makes the event too long."""
    assert execution.stopped_at is not None
    machine = execution.arn.rpartition(":")[0].replace(":execution:", ":stateMachine:")
    detail = {
        "executionArn": execution.arn,
        "stateMachineArn": machine,
        "status": execution.status.value,
        "stopDate": int(execution.stopped_at.timestamp() * 1000),
        "input": execution.input if told else None,
        "inputDetails": {"included": told},
        "error": execution.error,
        "redriveCount": execution.redrive_count,
    }
    kind = {"source": "aws.states", "detail-type": "Step Functions Execution Status Change"}
    return json.dumps({**kind, "region": REGION, "detail": detail})


def letter_of(execution: Execution, subject: str) -> str:
    return json.dumps(Failure.of(execution, subject).letter(INSTALLATION, REGION))


def test_a_machine_is_known_without_its_installation() -> None:
    machines = {path.name.removesuffix(".asl.json") for path in WORKFLOWS.glob("*.asl.json")}
    assert machines == set(GIVEN)
    assert [machine_named(f"{INSTALLATION}-{name}") for name in GIVEN] == [*GIVEN]


@pytest.mark.parametrize("machine", GIVEN)
def test_both_letters_say_the_same(world: OperatorWorld, machine: str) -> None:
    execution = replace(execution_of(world, machine), redrive_count=2)
    ordinary = parse_letter(letter_of(execution, GIVEN[machine][1]), {})
    untreated = parse_letter(event_of(execution), {})
    assert isinstance(ordinary, FailedExecution)
    assert isinstance(untreated, UntreatedFailure)
    assert untreated.machine == machine
    assert untreated.to_dict() == ordinary.to_dict()


def outcome(machine: str, body: str, *, old: bool, gone: bool = False) -> tuple[Any, ...]:
    """What was done about such a letter, and what it led to."""
    world = OperatorWorld()
    if not gone:
        world.executions.add(execution_of(world, machine))
    if subject := GIVEN[machine][1]:
        world.record(subject)
    world.letters.send(body)
    if old:
        world.clock.advance(TOO_OLD.total_seconds())
    (line,) = world.drain().lines
    executions = world.executions
    led_to = (executions.redriven, executions.started, executions.changes, executions.members)
    return line.done, line.outcome, line.reason, led_to, len(world.letters.ids)


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("machine", sorted({*GIVEN} - {"apply_admin_change"}))
def test_both_letters_do_the_same(
    world: OperatorWorld, machine: str, old: bool, told: bool
) -> None:
    execution = execution_of(world, machine)
    ordinary = outcome(machine, letter_of(execution, GIVEN[machine][1]), old=old)
    untreated = outcome(machine, event_of(execution, told=told), old=old)
    # The cause's change id is that of the letter, or of the input: the same one.
    assert untreated == ordinary
    if not old:
        assert ordinary[3][0] == [execution.arn]


@pytest.mark.parametrize("told", [True, False])
def test_a_failed_change_is_redriven_from_either(world: OperatorWorld, told: bool) -> None:
    execution = execution_of(world, "apply_admin_change")
    ordinary = outcome("apply_admin_change", letter_of(execution, ""), old=False)
    assert outcome("apply_admin_change", event_of(execution, told=told), old=False) == ordinary
    assert ordinary[1] is RedriveOutcome.RESOLVED


@pytest.mark.parametrize(("old", "gone"), [(True, False), (False, True)])
def test_a_change_that_cannot_be_redriven_stays_until_it_is_known_whom_it_was_about(
    world: OperatorWorld, old: bool, gone: bool
) -> None:
    """Its letter says whom, if anybody; the event cannot, so nothing is thrown away by it."""
    body = event_of(execution_of(world, "apply_admin_change"))
    done, became, reason, led_to, letters = outcome("apply_admin_change", body, old=old, gone=gone)
    assert (became, led_to, letters) == (RedriveOutcome.LEFT, ([], [], [], []), 1)
    assert done.startswith("not made, because")
    assert "whom it was about is not known" in reason


def test_the_letter_of_the_same_change_makes_up_for_what_its_event_lacks(
    world: OperatorWorld,
) -> None:
    execution = execution_of(world, "apply_admin_change")
    for body in (event_of(execution, told=False), letter_of(execution, "ann")):
        world.letters.send(body)
    world.record("ann")
    report = world.drain()
    assert (report.resolved, world.letters.ids) == (2, [])
    assert [hint.origin_sub for hint in world.executions.started] == ["ann"]


def test_a_failed_search_for_members_is_no_matter_of_the_group_alone(
    world: OperatorWorld,
) -> None:
    """A sync of the group that succeeded makes up for none, and a fresh one is a search."""
    group = "#group#staff"
    world.record(group)
    world.failed(group, "sync-1")
    searching = execution_of(world, "hint_members")
    world.executions.add(searching)
    world.letters.send(letter_of(searching, group))
    world.drain()
    assert searching.arn in world.executions.redriven
    assert len(world.executions.redriven) == 2


def test_a_search_that_cannot_be_redriven_is_begun_again(world: OperatorWorld) -> None:
    searching = execution_of(world, "hint_members")
    world.letters.send(letter_of(searching, "#group#staff"))
    (line,) = world.drain().lines
    assert (line.outcome, world.letters.ids) == (RedriveOutcome.RESOLVED, [])
    assert world.executions.started == []
    (hint,) = world.executions.members
    assert (hint.group, hint.origin_sub) == ("staff", "")
