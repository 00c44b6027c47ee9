"""`standby redrive`: letters about administrators' changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import UndeliveredChange
from cognito_standby.operator.services.redrive_job import RedriveOutcome
from tests.twins.operator.operations import InMemoryExecutions
from tests.unit.operator.operator_world import OperatorWorld, letter, only

pytestmark = pytest.mark.usefixtures("socket_disabled")
EVENT = {
    "source": "cognito-standby",
    "detail-type": "AdminChangeRequested",
    "detail": {"change_id": "change-1"},
}
RULE = {"RULE_ARN": "arn:aws:events:us-east-1:111111111111:rule/b/standby-admin-changes"}


@pytest.fixture
def world() -> OperatorWorld:
    return OperatorWorld()


def failed_change(world: OperatorWorld, name: str, key: str = "") -> str:
    """An execution of apply_admin_change that failed, and its letter; the ARN."""
    arn = world.failed("ann", name, machine="apply_admin_change", subject=key, change_id=name)
    execution = world.executions.executions[arn]
    given = json.dumps({"change_id": name})
    world.executions.add(replace(execution, input=given))
    return arn


def test_each_failed_change_is_redriven_by_itself(world: OperatorWorld) -> None:
    """A newer failure about the same user makes up for an older one, but not for a change."""
    arns = [failed_change(world, name, "ann") for name in ("change-1", "change-2")]
    world.failed("ann", "sync-1")
    world.sync("ann")
    report = world.drain()
    assert {*arns} <= set(world.executions.redriven)
    assert report.resolved == 3
    assert world.letters.ids == []


def test_a_change_that_was_never_planned_is_redriven(world: OperatorWorld) -> None:
    arn = failed_change(world, "change-1")
    assert only(world.drain()) == ("redriven", RedriveOutcome.RESOLVED, "it succeeded")
    assert world.executions.redriven == [arn]


def test_a_change_that_is_too_old_is_not_made_but_the_user_synced(world: OperatorWorld) -> None:
    arn = failed_change(world, "change-1", "ann")
    world.record("ann")
    world.clock.advance(timedelta(days=15).total_seconds())
    done, outcome, reason = only(world.drain())
    assert (outcome, reason) == (RedriveOutcome.RESOLVED, "in sync")
    assert done.startswith("not made, because")
    assert world.executions.redriven == [] != [arn]
    assert world.executions.started[0].origin_sub == "ann"


def test_a_change_that_is_gone_and_wrote_nothing_is_dropped(world: OperatorWorld) -> None:
    gone = InMemoryExecutions.PREFIX + "gone"
    world.letters.send(letter(gone, "", machine="apply_admin_change"))
    plan = only(world.drain(dry_run=True))
    assert (plan[1], len(world.letters.ids)) == (RedriveOutcome.PLANNED, 1)
    done, outcome, reason = only(world.drain())
    assert (outcome, world.letters.ids) == (RedriveOutcome.RESOLVED, [])
    assert done.startswith("not made") and "nothing was written" in reason


def test_a_change_that_succeeded_meanwhile_is_only_looked_after(world: OperatorWorld) -> None:
    arn = failed_change(world, "change-1", "ann")
    succeeded = replace(world.executions.executions[arn], status=ExecutionStatus.SUCCEEDED)
    world.executions.add(succeeded)
    world.record("ann")
    done, outcome, _ = only(world.drain())
    assert outcome is RedriveOutcome.RESOLVED
    assert done == "started afresh: it had succeeded, but the ledger says new"


@pytest.mark.parametrize("body", [EVENT, EVENT["detail"]])
def test_an_event_that_started_nothing_starts_its_change(
    world: OperatorWorld, body: object
) -> None:
    world.letters.send(json.dumps(body), RULE)
    read = parse_letter(json.dumps(body), RULE)
    assert read == UndeliveredChange("change-1", "standby-admin-changes")
    assert only(world.drain(dry_run=True))[:2] == ("would be started", RedriveOutcome.PLANNED)
    assert only(world.drain())[:2] == ("started", RedriveOutcome.RESOLVED)
    assert world.executions.changes == ["change-1"]


def test_a_letter_without_an_id_stays(world: OperatorWorld) -> None:
    world.letters.send(json.dumps({**EVENT, "detail": {}}), RULE)
    assert only(world.drain())[1] is RedriveOutcome.LEFT
