"""Gaps: tasks that wait for a token (`.waitForTaskToken`).

AWS reads `TimeoutSeconds` of a JSONata Task as an expression where it is one; a task whose call
fails has failed and does not wait; an execution that was stopped waits for nothing any more, and
whoever answers later is told so (AWS Step Functions developer guide, "Service integration
patterns", "Task state"; SendTaskSuccess, API reference). The emulator compares the expression with
a number, waits for an answer although the function failed, and takes answers for a stopped
execution.

Limits: no heartbeats; an answer to a stopped execution is `TaskDoesNotExist`.
"""

from __future__ import annotations

import contextvars
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from local.patching import replace, require

_WAITING = ".waitForTaskToken"
_FOREVER = 31_536_000.0
_LOOK_SECONDS = 0.2
"""How often a waiting task looks whether its execution goes on."""

_execution: contextvars.ContextVar[Any] = contextvars.ContextVar("execution", default=None)


def install() -> None:
    """Let tasks wait for their token as AWS does."""
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    require(hasattr(sf, "_jsonata_state_field"), "stepfunctions._jsonata_state_field is gone")

    def evaluated(execute: Callable[..., Any]) -> Callable[..., Any]:
        def executed(state: Any, given: Any, execution: Any, ctx: Any) -> Any:
            if isinstance(state.get("TimeoutSeconds"), str):
                seconds = sf._jsonata_state_field(state, "TimeoutSeconds", "number", given, ctx)
                state = {**state, "TimeoutSeconds": seconds}
            token = _execution.set(execution)
            try:
                return execute(state, given, execution, ctx)
            finally:
                _execution.reset(token)

        return executed

    def waiting(_: Callable[..., Any]) -> Callable[..., Any]:
        return lambda resource, given, token, state: _wait(sf, resource, given, token, state)

    replace(sf, "_execute_task", evaluated)
    replace(sf, "_invoke_with_callback", waiting)


class _Kept(dict[str, Any]):
    """What the emulator keeps of a token and asks for an answer: false once the execution has
    ended, from that moment on."""

    def __init__(self, execution: Any) -> None:
        super().__init__(event=threading.Event(), result=None, error=None, heartbeat=None)
        self._execution = execution

    def __bool__(self) -> bool:
        return self._execution is None or self._execution["status"] == "RUNNING"


def _wait(sf: Any, resource: str, given: Any, token: str, state: Any) -> Any:
    """Call, then wait for the answer, the time's end or the execution's."""
    told = _Kept(_execution.get())
    sf._task_tokens[token] = told
    try:
        sf._invoke_resource(resource.replace(_WAITING, ""), given)
        _until_answered(sf, told["event"], float(state.get("TimeoutSeconds", _FOREVER)))
    finally:
        sf._task_tokens.pop(token, None)
    error: Any = told["error"]
    if error:
        raise sf._ExecutionError(error.get("Error", "TaskFailed"), error.get("Cause", ""))
    return json.loads(str(told["result"]))


def _until_answered(sf: Any, answered: Any, seconds: float) -> None:
    execution, end = _execution.get(), time.monotonic() + seconds
    while not answered.wait(timeout=min(_LOOK_SECONDS, max(0.0, end - time.monotonic()))):
        if execution is not None and execution["status"] != "RUNNING":
            raise sf._ExecutionError("States.Runtime", "the execution has ended")
        if time.monotonic() >= end:
            raise sf._ExecutionError("States.Timeout", "nobody gave the task token back in time")
