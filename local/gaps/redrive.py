"""Gap: RedriveExecution, and what the describing calls say about it.

AWS runs a FAILED, ABORTED or TIMED_OUT Standard execution on from the state that was entered and
not exited, with that state's input, the variables assigned so far and the definition it was
started with; ARN, input and history are kept, `ExecutionRedriven` is added and the count rises
(AWS Step Functions developer guide, "Restarting executions with redrive"). A redriven task starts
its Retry counts afresh. Redrive is refused for Express executions, for other statuses and 14 days
after the end.

Limits: a failed Map or Parallel state is run again whole (AWS reruns only what failed in it); a
Distributed Map's children are new executions; the machine's time-out does not apply to the
resumed part.
"""

from __future__ import annotations

import contextvars
import copy
import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from local.patching import replace, require

REDRIVABLE = ("FAILED", "ABORTED", "TIMED_OUT")
REDRIVABLE_FOR = timedelta(days=14)
_TARGET = ".RedriveExecution"


def install() -> None:
    """Remember where each execution stands, and resume from there on request."""
    from ministack.services import eventbridge  # noqa: PLC0415
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    for name in ("_execute_task", "_execute_map", "_execute_parallel", "_fail_state_error"):
        require(hasattr(sf, name), f"stepfunctions.{name} is gone")
    replace(sf, "_add_event", lambda add: _remembering_states(sf, add))
    replace(sf, "_apply_state_assign", lambda assign: _remembering_variables(sf, assign))
    replace(sf, "_run_execution", _counting_runners)
    replace(sf, "_describe_execution", lambda describe: _describing(sf, describe))
    replace(sf, "_list_executions", lambda listing: _listing(sf, listing))
    replace(sf, "handle_request", lambda handle: _answering(sf, handle))
    replace(eventbridge, "_put_events", lambda put: _telling(sf, put))


def _remembering_states(sf: Any, add: Callable[..., Any]) -> Callable[..., Any]:
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


def _remembering_variables(sf: Any, assign: Callable[..., Any]) -> Callable[..., Any]:
    def assigned(state: Any, given: Any, ctx: dict[str, Any], *rest: Any, **more: Any) -> Any:
        result = assign(state, given, ctx, *rest, **more)
        execution = sf._executions.get((ctx.get("Execution") or {}).get("Id"))
        if execution is not None and "Map" not in ctx:
            execution["_variables"] = copy.deepcopy(ctx.get("variables", {}))
        return result

    return assigned


def _counting_runners(run: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

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


def _refusal(sf: Any, execution: dict[str, Any] | None, arn: str) -> tuple[str, str] | None:
    """Why an execution cannot be redriven, as an error code and a message."""
    if execution is None:
        return "ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'"
    reason = _not_redrivable(sf, execution)
    return ("ExecutionNotRedrivable", f"Execution '{arn}': {reason}") if reason else None


def _not_redrivable(sf: Any, execution: dict[str, Any]) -> str:
    status = execution["status"]
    machine = sf._state_machines.get(execution["stateMachineArn"]) or {}
    if status not in REDRIVABLE:
        return f"Execution is {status} and cannot be redriven"
    if machine.get("type") == "EXPRESS" or "mapRunArn" in execution:
        return "Only Standard workflow executions can be redriven"
    if "_resume" not in execution:
        return "Execution never entered a state"
    stopped = datetime.fromisoformat(str(execution["stopDate"]).replace("Z", "+00:00"))
    if datetime.now(UTC) - stopped > REDRIVABLE_FOR:
        return "Execution ended more than 14 days ago and cannot be redriven"
    return ""


def _answering(sf: Any, handle: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.core.concurrency import run_reentrant  # noqa: PLC0415

    async def answered(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if not headers.get("x-amz-target", "").endswith(_TARGET):
            return await handle(method, path, headers, body, query)
        return await run_reentrant(_redrive, sf, json.loads(body or b"{}"))

    return answered


def _redrive(sf: Any, request: dict[str, Any]) -> Any:
    arn = str(request.get("executionArn", ""))
    execution = sf._executions.get(arn)
    token = request.get("clientToken")
    if execution is not None and token and token == execution.get("_redrive_token"):
        return sf.json_response({"redriveDate": execution["_redriven_at"]})
    if execution is not None and execution["status"] in REDRIVABLE and "_idle" in execution:
        execution["_idle"].wait(timeout=60)  # a stopped execution's last task may still run
    refusal = _refusal(sf, execution, arn)
    if refusal:
        return sf.error_response_json(*refusal, 400)
    now = time.time()
    execution.update(
        status="RUNNING",
        redriveCount=execution.get("redriveCount", 0) + 1,
        redriveDate=sf.now_iso(),
        stopDate=None,
        error=None,
        cause=None,
        output=None,
        _redrive_token=token,
        _redriven_at=now,
    )
    details = {"executionRedrivenEventDetails": {"redriveCount": execution["redriveCount"]}}
    sf._add_event(execution, "ExecutionRedriven", details)
    sf._emit_execution_status_event(execution)
    resume = contextvars.copy_context()
    execution["_idle"] = threading.Event()
    threading.Thread(target=resume.run, args=(_resume, sf, execution), daemon=True).start()
    return sf.json_response({"redriveDate": now})


def _resume(sf: Any, execution: dict[str, Any]) -> None:
    try:
        _walk(sf, execution)
    except sf._ExecutionError as error:
        sf._fail_execution(execution, error.error, error.cause)
    except Exception as error:  # noqa: BLE001 - as AWS does: a runtime error of the execution
        sf._fail_execution(execution, "States.Runtime", str(error))
    finally:
        execution["_idle"].set()


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


def _status(sf: Any, execution: dict[str, Any]) -> dict[str, Any]:
    reason = _not_redrivable(sf, execution)
    status: dict[str, Any] = {
        "redriveCount": execution.get("redriveCount", 0),
        "redriveStatus": "NOT_REDRIVABLE" if reason else "REDRIVABLE",
    }
    if reason:
        status["redriveStatusReason"] = reason
    if execution.get("redriveDate"):
        status["redriveDate"] = execution["redriveDate"]
    return status


def _describing(sf: Any, describe: Callable[..., Any]) -> Callable[..., Any]:
    def described(request: dict[str, Any]) -> Any:
        status, headers, body = describe(request)
        execution = sf._executions.get(request.get("executionArn"))
        if status != 200 or execution is None:  # noqa: PLR2004
            return status, headers, body
        return sf.json_response({**json.loads(body), **_status(sf, execution)})

    return described


def _listing(sf: Any, listing: Callable[..., Any]) -> Callable[..., Any]:
    def listed(request: dict[str, Any]) -> Any:
        status, headers, body = listing(request)
        answer = json.loads(body)
        for item in answer.get("executions", ()):
            execution = sf._executions.get(item["executionArn"]) or {}
            item["redriveCount"] = execution.get("redriveCount", 0)
            if execution.get("redriveDate"):
                item["redriveDate"] = execution["redriveDate"]
        return sf.json_response(answer) if status == 200 else (status, headers, body)  # noqa: PLR2004

    return listed


def _telling(sf: Any, put: Callable[..., Any]) -> Callable[..., Any]:
    """Status events carry the redrive fields as `DescribeExecution` gives them."""

    def told(request: dict[str, Any], allow_aws_source: bool = False) -> Any:
        for entry in request.get("Entries", ()) if allow_aws_source else ():
            detail = json.loads(entry["Detail"]) if entry.get("Source") == "aws.states" else {}
            execution = sf._executions.get(detail.get("executionArn"))
            if execution is not None:
                redriven = _status(sf, execution)
                redriven["redriveDate"] = sf._iso_to_epoch_ms(execution.get("redriveDate"))
                entry["Detail"] = json.dumps({**detail, "redriveStatusReason": None, **redriven})
        return put(request, allow_aws_source)

    return told
