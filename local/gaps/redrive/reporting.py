"""Whether an execution can be redriven, wherever AWS says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

REDRIVABLE = ("FAILED", "ABORTED", "TIMED_OUT")
REDRIVABLE_FOR = timedelta(days=14)
OK = 200


def refusal(sf: Any, execution: dict[str, Any] | None, arn: str) -> tuple[str, str] | None:
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


def describing(sf: Any, describe: Callable[..., Any]) -> Callable[..., Any]:
    """`DescribeExecution` tells count, date and whether it can be redriven."""

    def described(request: dict[str, Any]) -> Any:
        status, headers, body = describe(request)
        execution = sf._executions.get(request.get("executionArn"))
        if status != OK or execution is None:
            return status, headers, body
        return sf.json_response({**json.loads(body), **_status(sf, execution)})

    return described


def listing(sf: Any, listing: Callable[..., Any]) -> Callable[..., Any]:
    """`ListExecutions` tells count and date, and refuses PENDING_REDRIVE for a machine: only
    children of a map run are that (Step Functions API reference, "ListExecutions")."""

    def listed(request: dict[str, Any]) -> Any:
        if "stateMachineArn" in request and request.get("statusFilter") == "PENDING_REDRIVE":
            told = "PENDING_REDRIVE is no filter for the executions of a state machine"
            return sf.error_response_json("ValidationException", told, 400)
        status, headers, body = listing(request)
        answer = json.loads(body)
        for item in answer.get("executions", ()):
            execution = sf._executions.get(item["executionArn"]) or {}
            item["redriveCount"] = execution.get("redriveCount", 0)
            if execution.get("redriveDate"):
                item["redriveDate"] = execution["redriveDate"]
        return sf.json_response(answer) if status == OK else (status, headers, body)

    return listed


def status_events(sf: Any, put: Callable[..., Any]) -> Callable[..., Any]:
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
