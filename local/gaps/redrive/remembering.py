"""Where an execution stands: its state, that state's input, the variables, the definition."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_here: ContextVar[dict[str, Any] | None] = ContextVar("execution", default=None)
"""The execution that runs here, in the threads of its tasks, too."""


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
        execution = _here.get()
        if execution is not None and "Map" not in ctx:
            execution["_variables"] = copy.deepcopy(ctx.get("variables", {}))
        return result

    return assigned


def runners(sf: Any, run: Callable[..., Any]) -> Callable[..., Any]:
    """Note which execution runs."""

    def runs(arn: str) -> None:
        with running(sf._executions.get(arn)):
            run(arn)

    return runs


@contextmanager
def running(execution: dict[str, Any] | None) -> Iterator[None]:
    """What is called from here belongs to that execution."""
    token = _here.set(execution)
    try:
        yield
    finally:
        _here.reset(token)


def calls(sf: Any, invoke: Callable[..., Any]) -> Callable[..., Any]:
    """An execution that has ended calls nobody any more; what it called before runs on."""

    def invoked(resource: str, given: Any) -> Any:
        execution = _here.get()
        if execution is not None and execution["status"] != "RUNNING":
            raise sf._ExecutionError("Stopped", "the execution has ended")
        return invoke(resource, given)

    return invoked
