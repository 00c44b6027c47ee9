"""Puts the parts of redrive in place, and answers RedriveExecution."""

from __future__ import annotations

import contextvars
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from local.gaps.redrive import remembering, reporting
from local.gaps.redrive.walking import resume
from local.patching import replace, require

_TARGET = ".RedriveExecution"


def install() -> None:
    """Remember where each execution stands, and resume from there on request."""
    from ministack.services import eventbridge  # noqa: PLC0415
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    for name in ("_execute_task", "_execute_map", "_execute_parallel", "_fail_state_error"):
        require(hasattr(sf, name), f"stepfunctions.{name} is gone")
    replace(sf, "_add_event", lambda add: remembering.states(sf, add))
    replace(sf, "_apply_state_assign", remembering.variables)
    replace(sf, "_run_execution", lambda run: remembering.runners(sf, run))
    replace(sf, "_invoke_resource", lambda invoke: remembering.calls(sf, invoke))
    replace(sf, "_describe_execution", lambda describe: reporting.describing(sf, describe))
    replace(sf, "_list_executions", lambda listing: reporting.listing(sf, listing))
    replace(sf, "handle_request", lambda handle: _answering(sf, handle))
    replace(eventbridge, "_put_events", lambda put: reporting.status_events(sf, put))


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
    refusal = reporting.refusal(sf, execution, arn)
    if refusal:
        return sf.error_response_json(*refusal, 400)
    now = time.time()
    execution = _reopened(sf, execution, token, now)
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(resume, sf, execution), daemon=True).start()
    return sf.json_response({"redriveDate": now})


def _reopened(sf: Any, ended: dict[str, Any], token: Any, now: float) -> dict[str, Any]:
    """Back to RUNNING, one redrive later. What a stop left running keeps the ended execution and
    changes nothing of this one."""
    execution = {**ended, "events": list(ended["events"])}
    sf._executions[execution["executionArn"]] = execution
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
    return execution
