"""Gaps: a machine's `TimeoutSeconds`, an end that is overwritten by a later one, and what becomes
of the executions of a machine that is deleted.

AWS ends an execution that outlives its machine's `TimeoutSeconds` as TIMED_OUT, an execution that
was stopped stays ABORTED whatever its last task does, and those of a deleted machine are terminated
at their next transition (AWS Step Functions developer guide, "State machine structure"; API
reference, StopExecution, DeleteStateMachine). The emulator ignores the time-out, a task that fails
after the stop turns ABORTED into FAILED, and what the machine of a deleted stack was doing goes on.
Express executions also publish status events here, which on AWS only Standard ones do.

Limits: as on AWS, a Lambda that is running when its execution ends runs on to its own end.
"""

from __future__ import annotations

import contextvars
import json
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from local.patching import replace, replace_handlers


def install() -> None:
    """Time executions out, keep the first end, keep Express executions quiet, end those of a
    machine that is deleted."""
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    def stopping(delete: Callable[..., Any]) -> Callable[..., Any]:
        def deleted(arn: str, props: dict[str, Any]) -> None:
            _stop_all(sf, arn)
            delete(arn, props)

        return deleted

    def first_end(fail: Callable[..., Any]) -> Callable[..., Any]:
        def failed(execution: dict[str, Any], error: str, cause: str) -> None:
            if execution["status"] == "RUNNING":
                fail(execution, error, cause)

        return failed

    def standard_only(emit: Callable[..., Any]) -> Callable[..., Any]:
        def emitted(execution: dict[str, Any]) -> None:
            machine = sf._state_machines.get(execution["stateMachineArn"]) or {}
            if machine.get("type") != "EXPRESS":
                emit(execution)

        return emitted

    def timed(run: Callable[..., Any]) -> Callable[..., Any]:
        def running(arn: str) -> None:
            timer = _timer(sf, arn)
            try:
                run(arn)
            finally:
                if timer:
                    timer.cancel()

        return running

    replace_handlers("AWS::StepFunctions::StateMachine", delete=stopping)
    replace(sf, "_fail_execution", first_end)
    replace(sf, "_emit_execution_status_event", standard_only)
    replace(sf, "_run_execution", timed)


def _stop_all(sf: Any, machine: str) -> None:
    told = {"error": "States.Runtime", "cause": "the state machine was deleted"}
    for arn, execution in list(sf._executions.items()):
        if execution["stateMachineArn"] == machine and execution["status"] == "RUNNING":
            sf._stop_execution({"executionArn": arn, **told})


def _timer(sf: Any, arn: str) -> threading.Timer | None:
    execution = sf._executions.get(arn) or {}
    machine = sf._state_machines.get(execution.get("stateMachineArn")) or {}
    seconds = _limit(machine.get("definition", "{}"))
    if not seconds:
        return None
    context = contextvars.copy_context()
    timer = threading.Timer(seconds, context.run, args=(_expire, sf, execution))
    timer.daemon = True
    timer.start()
    return timer


@cache
def _limit(definition: str) -> float | None:
    """Read once: each execution of a machine asks for it."""
    try:
        seconds = json.loads(definition).get("TimeoutSeconds")
    except ValueError:
        return None
    return float(seconds) if seconds else None


def _expire(sf: Any, execution: dict[str, Any]) -> None:
    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", stopDate=sf.now_iso(), error="States.Timeout")
    sf._add_event(
        execution,
        "ExecutionTimedOut",
        {"executionTimedOutEventDetails": {"error": "States.Timeout"}},
    )
    sf._emit_execution_status_event(execution)
