"""Runs an execution on from the state it stood in."""

from __future__ import annotations

import copy
import json
from typing import Any

from local.gaps.redrive import remembering


def resume(sf: Any, execution: dict[str, Any]) -> None:
    """Walk on to an end; called in a thread of its own."""
    try:
        with remembering.running(execution):
            _walk(sf, execution)
    except sf._ExecutionError as error:
        sf._fail_execution(execution, error.error, error.cause)
    except Exception as error:  # noqa: BLE001 - as AWS does: a runtime error of the execution
        sf._fail_execution(execution, "States.Runtime", str(error))


def _walk(sf: Any, execution: dict[str, Any]) -> None:
    """The emulator's walk through a definition, from a state of our choice."""
    definition = json.loads(execution["_definition"])
    point = execution["_resume"]
    ctx = _context(sf, execution, definition, point["variables"])
    name, current = point["state"], json.loads(point["input"])
    while name and execution["status"] == "RUNNING":
        state = definition["States"][name]
        kind = state["Type"]
        ctx["State"] = {"Name": name, "EnteredTime": sf.now_iso(), "RetryCount": 0}
        entered = {"name": name, "input": json.dumps(current)}
        sf._add_event(execution, f"{kind}StateEntered", {"stateEnteredEventDetails": entered})
        following, current = _step(sf, state, current, execution, ctx)
        exited = {"name": name, "output": json.dumps(current)}
        sf._add_event(execution, f"{kind}StateExited", {"stateExitedEventDetails": exited})
        name = following
    if execution["status"] == "RUNNING":
        output = json.dumps(current)
        execution.update(status="SUCCEEDED", output=output, stopDate=sf.now_iso())
        details = {"executionSucceededEventDetails": {"output": output}}
        sf._add_event(execution, "ExecutionSucceeded", details)
        sf._emit_execution_status_event(execution)


def _context(sf: Any, execution: dict[str, Any], definition: Any, variables: Any) -> dict[str, Any]:
    return {
        "QueryLanguage": definition.get("QueryLanguage", "JSONPath"),
        "Execution": {
            "Id": execution["executionArn"],
            "Input": json.loads(execution["input"]),
            "Name": execution["name"],
            "StartTime": execution["startDate"],
            "RedriveCount": execution["redriveCount"],
            "RedriveTime": execution["redriveDate"],
        },
        "StateMachine": {
            "Id": execution["stateMachineArn"],
            "Name": sf._state_machines[execution["stateMachineArn"]]["name"],
        },
        "variables": copy.deepcopy(variables),
    }


def _step(sf: Any, state: Any, given: Any, execution: Any, ctx: Any) -> tuple[str | None, Any]:
    """Run one state; returns the next state's name and the output."""
    kind = state["Type"]
    if kind == "Fail":
        raise sf._ExecutionError(*sf._fail_state_error(state, given, ctx))
    if kind == "Succeed":
        return None, sf._apply_output_path(state, sf._apply_input_path(state, given, ctx), ctx)
    run = getattr(sf, f"_execute_{kind.lower()}")
    if kind in ("Task", "Parallel", "Map"):
        output, following = run(state, given, execution, ctx)
    else:
        output, following = run(state, given, ctx)
    return following, output
