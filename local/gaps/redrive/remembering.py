"""Where an execution stands: its state, that state's input, the variables, the definition."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_here = threading.local()


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


def variables(assign: Callable[..., Any]) -> Callable[..., Any]:
    """Note an execution's variables as they are assigned."""

    def assigned(state: Any, given: Any, ctx: dict[str, Any], *rest: Any, **more: Any) -> Any:
        result = assign(state, given, ctx, *rest, **more)
        execution = getattr(_here, "execution", None)
        if execution is not None and "Map" not in ctx:
            execution["_variables"] = copy.deepcopy(ctx.get("variables", {}))
        return result

    return assigned


def runners(sf: Any, run: Callable[..., Any]) -> Callable[..., Any]:
    """Note which execution a thread runs."""

    def runs(arn: str) -> None:
        with running(sf._executions.get(arn)):
            run(arn)

    return runs


@contextmanager
def running(execution: dict[str, Any] | None) -> Iterator[None]:
    """This thread runs that execution."""
    outer = getattr(_here, "execution", None)
    _here.execution = execution
    try:
        yield
    finally:
        _here.execution = outer


def calls(sf: Any, invoke: Callable[..., Any]) -> Callable[..., Any]:
    """An execution that has ended calls nobody any more; what it called before runs on."""

    def invoked(resource: str, given: Any) -> Any:
        execution = getattr(_here, "execution", None)
        if execution is not None and execution["status"] != "RUNNING":
            raise sf._ExecutionError("Stopped", "the execution has ended")
        return invoke(resource, given)

    return invoked
