"""The explorer's machine is the machine that runs."""

from __future__ import annotations

import json
import re

from cognito_standby.core.domain import errors
from tests.property import flow
from workflows import load

STATES = load("sync_user").parsed["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
FLOW = {name: step for name, step in flow.FLOW.items() if name in TASKS}


def _arguments(name: str) -> str:
    return json.dumps(TASKS[name]["Arguments"])


def test_the_same_tasks_lead_to_the_same_states() -> None:
    led = {name: state.get("Next", flow.END) for name, state in TASKS.items()}
    assert led == {name: step.then for name, step in FLOW.items()}


def test_each_task_calls_the_function_of_its_name() -> None:
    for name in TASKS:
        assert f"${{{name.lower().replace(' ', '_')}_arn}}" in _arguments(name)


def _after_waiting(name: str) -> str:
    """A turn is waited for without a lease and before any look: to wait is not to have begun."""
    state = STATES[name]
    return str(state["Next"]) if state["Type"] == "Wait" else name


def test_the_choice_routes_by_the_decision() -> None:
    route = STATES["Route"]
    asked = {
        re.search(r"decision = '(\w+)'", choice["Condition"])[1]: _after_waiting(choice["Next"])  # type: ignore[index]
        for choice in route["Choices"]
    }
    assert asked == flow.ROUTES
    assert STATES[route["Default"]]["Type"] == "Succeed"


def test_a_stale_plan_leads_where_the_explorer_goes() -> None:
    for name, state in TASKS.items():
        caught = {c["Next"] for c in state.get("Catch", []) if "PlanStaleError" in c["ErrorEquals"]}
        retried = any("PlanStaleError" in r["ErrorEquals"] for r in state["Retry"])
        assert caught == set() if retried else caught == {FLOW[name].stale}
        assert not retried or FLOW[name].stale == name


def test_every_retryable_error_is_retried_in_place() -> None:
    kinds = {kind.__name__ for kind in errors.RetryableError.__subclasses__()}
    for name, state in TASKS.items():
        retried = {error for retry in state["Retry"] for error in retry["ErrorEquals"]}
        assert kinds <= retried, name


def test_nothing_else_is_caught() -> None:
    """A stale plan begins again; a trigger of the pool that refuses ends the machine, as the
    service has noted why."""
    for name, state in TASKS.items():
        caught = [error for catch in state.get("Catch", []) for error in catch["ErrorEquals"]]
        assert set(caught) <= {"PlanStaleError", "RefusedByTriggerError"}, name
