"""`standby redrive`: letters about administrators' changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import UndeliveredChange
from cognito_standby.operator.services.redrive_work import Outcome
from tests.twins.operator.operations import InMemoryExecutions
from tests.unit.operator.operator import Office, letter, only

pytestmark = pytest.mark.usefixtures("socket_disabled")
EVENT = {
    "source": "cognito-standby",
    "detail-type": "AdminChangeRequested",
    "detail": {"change_id": "change-1"},
}
RULE = {"RULE_ARN": "arn:aws:events:us-east-1:111111111111:rule/b/standby-admin-changes"}


@pytest.fixture
def office() -> Office:
    return Office()


def failed_change(office: Office, name: str, key: str = "") -> str:
    """An execution of apply_admin_change that failed, and its letter; the ARN."""
    arn = office.failed("ann", name, machine="apply_admin_change", subject=key, change_id=name)
    execution = office.executions.executions[arn]
    given = json.dumps({"change_id": name})
    office.executions.add(replace(execution, input=given))
    return arn


def test_each_failed_change_is_redriven_by_itself(office: Office) -> None:
    """A newer failure about the same user makes up for an older one, but not for a change."""
    arns = [failed_change(office, name, "ann") for name in ("change-1", "change-2")]
    office.failed("ann", "sync-1")
    office.sync("ann")
    report = office.drain()
    assert {*arns} <= set(office.executions.redriven)
    assert report.resolved == 3
    assert office.letters.ids == []


def test_a_change_that_was_never_planned_is_redriven(office: Office) -> None:
    arn = failed_change(office, "change-1")
    assert only(office.drain()) == ("redriven", Outcome.RESOLVED, "it succeeded")
    assert office.executions.redriven == [arn]


def test_a_change_that_is_too_old_is_not_made_but_the_user_synced(office: Office) -> None:
    arn = failed_change(office, "change-1", "ann")
    office.record("ann")
    office.clock.advance(timedelta(days=15).total_seconds())
    done, outcome, reason = only(office.drain())
    assert (outcome, reason) == (Outcome.RESOLVED, "in sync")
    assert done.startswith("not made, because")
    assert office.executions.redriven == [] != [arn]
    assert office.executions.started[0].origin_sub == "ann"


def test_a_change_that_is_gone_and_wrote_nothing_is_dropped(office: Office) -> None:
    gone = InMemoryExecutions.PREFIX + "gone"
    office.letters.send(letter(gone, "", machine="apply_admin_change"))
    plan = only(office.drain(dry_run=True))
    assert (plan[1], len(office.letters.ids)) == (Outcome.PLANNED, 1)
    done, outcome, reason = only(office.drain())
    assert (outcome, office.letters.ids) == (Outcome.RESOLVED, [])
    assert done.startswith("not made") and "nothing was written" in reason


def test_a_change_that_succeeded_meanwhile_is_only_looked_after(office: Office) -> None:
    arn = failed_change(office, "change-1", "ann")
    succeeded = replace(office.executions.executions[arn], status=ExecutionStatus.SUCCEEDED)
    office.executions.add(succeeded)
    office.record("ann")
    done, outcome, _ = only(office.drain())
    assert outcome is Outcome.RESOLVED
    assert done == "started afresh: it had succeeded, but the ledger says new"


@pytest.mark.parametrize("body", [EVENT, EVENT["detail"]])
def test_an_event_that_started_nothing_starts_its_change(office: Office, body: object) -> None:
    office.letters.send(json.dumps(body), RULE)
    read = parse_letter(json.dumps(body), RULE)
    assert read == UndeliveredChange("change-1", "standby-admin-changes")
    assert only(office.drain(dry_run=True))[:2] == ("would be started", Outcome.PLANNED)
    assert only(office.drain())[:2] == ("started", Outcome.RESOLVED)
    assert office.executions.changes == ["change-1"]


def test_a_letter_without_an_id_stays(office: Office) -> None:
    office.letters.send(json.dumps({**EVENT, "detail": {}}), RULE)
    assert only(office.drain())[1] is Outcome.LEFT
