"""Where an execution stands: its state, that state's input, the variables, the definition."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from typing import Any


def states(sf: Any, add: Callable[..., Any]) -> Callable[..., Any]:
    """Note each state of an execution as it is entered."""

    def added(execution: dict[str, Any], kind: str, details: Any = None) -> Any:
        entered = (details or {}).get("stateEnteredEventDetails")
        if entered is not None:
            machine = sf._state_machines.get(execution["stateMachineArn"]) or {}
            execution.setdefault("_definition", machine.get("definition"))
            execution["_resume"] = {
                "state": entered["name"],
                "input": entered["input"],
                "variables": copy.deepcopy(execution.get("_variables", {})),
            }
        return add(execution, kind, details)

    return added


def variables(sf: Any, assign: Callable[..., Any]) -> Callable[..., Any]:
    """Note an execution's variables as they are assigned."""

    def assigned(state: Any, given: Any, ctx: dict[str, Any], *rest: Any, **more: Any) -> Any:
        result = assign(state, given, ctx, *rest, **more)
        execution = sf._executions.get((ctx.get("Execution") or {}).get("Id"))
        if execution is not None and "Map" not in ctx:
            execution["_variables"] = copy.deepcopy(ctx.get("variables", {}))
        return result

    return assigned


def runners(sf: Any, run: Callable[..., Any]) -> Callable[..., Any]:
    """Note whether a thread still runs the execution."""

    def running(arn: str) -> None:
        execution = sf._executions.get(arn)
        idle = threading.Event()
        if execution is not None:
            execution["_idle"] = idle
        try:
            run(arn)
        finally:
            idle.set()

    return running
