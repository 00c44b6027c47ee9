"""Every rule's letter, from the template to the redrive: if its target cannot be started, what
EventBridge puts into the dead letter queue is read, and `standby redrive` starts what the rule
would have started, with the same input."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.hints import Hint
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.failures.domain.letter_reader import parse_letter
from cognito_standby.failures.domain.letters import Unreadable
from cognito_standby.operator.services.redrive import drain
from cognito_standby.operator.services.redrive_job import RedriveOutcome, RedriveRequest
from tests.stacks.event_patterns import look_up, matches, transformed
from tests.stacks.templates import Assembly, without_hash
from tests.stacks.test_events import EVENTS, RULE, _rules
from tests.unit.operator.operator_world import OperatorWorld
from tests.unit.operator.run_world import RunWorld
from tests.unit.operator.test_letters import SAMPLES

CHANGE = {
    "source": "cognito-standby",
    "detail-type": "AdminChangeRequested",
    "detail": {"change_id": "change-1"},
}
OTHERS = {
    "hints": SAMPLES["rule_hint"]["body"],
    "failures": SAMPLES["rule_status_change"]["body"],
    "admin-changes": CHANGE,
}
"""Events that CloudTrail does not send, by the rule that takes them."""
MACHINES = {
    name.replace("_", ""): name
    for name in (
        *("sync_user", "hint_members", "apply_admin_change"),
        *("contain_failure", "reconcile_pool"),
    )
}
"""How a machine's logical id begins -> its name."""


def _events(rule: str, pattern: dict[str, Any]) -> list[tuple[str, Any]]:
    """What was recorded of those that it takes."""
    if rule in OTHERS:
        event = OTHERS[rule]
        assert matches({name: pattern[name] for name in ("source", "detail-type")}, event)
        return [(rule, event)]
    return [(name, event) for name, event in EVENTS.items() if matches(pattern, event)]


def _input(target: dict[str, Any], event: Any) -> Any:
    """What the rule starts its target with."""
    if "InputTransformer" in target:
        return transformed(target["InputTransformer"], event)
    if "Input" in target:
        return json.loads(target["Input"])
    return look_up(event, target["InputPath"])


def _cases(assembly: Assembly) -> list[tuple[str, str, Any, Any, dict[str, str]]]:
    """Rule, machine, event, input and the letter's attributes."""
    found = []
    template = assembly.primary
    rules = dict(_rules(template))
    for rule in template.of_type(RULE).values():
        rules.setdefault(rule["Name"].partition("-")[2], rule)
    for name, rule in rules.items():
        (target,) = rule["Targets"]
        arn = target["Arn"]
        logical = arn if isinstance(arn, str) else arn.get("Ref") or arn["Fn::GetAtt"][0]
        machine = MACHINES[re.sub(r"(machine)?Machine$", "", without_hash(logical))]
        taken = _events(name, rule["EventPattern"])
        assert taken, f"no event was recorded that the rule {name} takes"
        attributes = {
            "RULE_ARN": f"arn:aws:events:us-east-1:111111111111:rule/alpha-{name}",
            "TARGET_ARN": f"arn:aws:states:us-east-1:111111111111:stateMachine:alpha-{machine}",
            "ERROR_CODE": "THROTTLING",
        }
        found += [(name, machine, event, _input(target, event), attributes) for _, event in taken]
    return found


def _drained(body: Any, attributes: dict[str, str]) -> tuple[RunWorld, OperatorWorld]:
    """A Region after a redrive of that letter alone. The queue is empty, or it fails."""
    runs = RunWorld("us-east-1")
    world = runs.world
    failed = SAMPLES["rule_status_change"]["body"]["detail"]
    now = world.clock.now()
    told = (failed["executionArn"], ExecutionStatus.FAILED, now, now, failed["error"])
    world.executions.add(Execution(*told, failed["input"]))
    world.letters.send(json.dumps(body), attributes)
    report = drain(runs.context, RedriveRequest(), at_once=1)
    (line,) = report.lines
    assert line.outcome is RedriveOutcome.RESOLVED, line
    assert world.letters.ids == []
    return runs, world


def test_every_letter_of_a_rule_is_read_and_redriven(detached: Assembly) -> None:
    """Both readings of AWS's guide: the letter's body is the event, or the target's input."""
    cases = _cases(detached)
    assert {name for name, *_ in cases} >= {*OTHERS}
    assert len({name for name, *_ in cases}) == 11
    for name, machine, event, given, attributes in cases:
        for body in (event, given):
            letter = parse_letter(json.dumps(body), attributes)
            assert not isinstance(letter, Unreadable), (name, letter)
            runs, world = _drained(body, attributes)
            executions = world.executions
            started: dict[str, Any] = {
                "sync_user": [(hint.local_sub, hint.group) for hint in executions.started],
                "hint_members": [hint.group for hint in executions.members],
                "apply_admin_change": executions.changes,
                "contain_failure": executions.redriven,  # what it would have been told of
                "reconcile_pool": runs.given,
            }
            for each, what in started.items():
                assert what == (_wanted(machine, given) if each == machine else []), (name, each)


def _wanted(machine: str, given: Any) -> list[Any]:
    """What the rule's input asks that machine for."""
    match machine:
        case "sync_user":
            hint = Hint.from_dict(given)
            return [(hint.local_sub, hint.group)]
        case "hint_members":
            return [given["group"]]
        case "apply_admin_change":
            return [given["change_id"]]
        case "contain_failure":
            return [given["execution_arn"]]
        case _:
            return [given]


@pytest.mark.parametrize("body", ["event", "input"])
def test_a_recovery_is_looked_after_once(body: str) -> None:
    """By a run that nobody asked for; a second letter about it begins no other."""
    event, target = EVENTS["recovery_started"], "stateMachine:alpha-reconcile_pool"
    told = {"TARGET_ARN": f"arn:aws:states:us-east-1:111111111111:{target}", "RULE_ARN": "rule"}
    sent = event if body == "event" else {"scheduled": True}
    runs = RunWorld("us-east-1")
    runs.world.letters.send(json.dumps(sent), told)
    plan = drain(runs.context, RedriveRequest(dry_run=True), at_once=1)
    assert (plan.lines[0].outcome, runs.given) == (RedriveOutcome.PLANNED, [])
    for _ in range(2):
        drain(runs.context, RedriveRequest(), at_once=1)
        if body == "event":
            runs.world.letters.send(json.dumps(sent), told)
    assert runs.given == [{"scheduled": True}]


def test_where_there_is_no_reconciliation_the_letter_stays() -> None:
    world = OperatorWorld()
    world.letters.send(json.dumps(EVENTS["recovery_started"]))
    context = replace(world.context, runs=None)
    (line,) = drain(context, RedriveRequest(), at_once=1).lines
    assert (line.outcome, len(world.letters.ids)) == (RedriveOutcome.LEFT, 1)
    assert "no reconciliation" in line.reason
