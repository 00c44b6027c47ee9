"""Executions as an operator sees them, and what can be done about a failed one. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.hints import Hint

REDRIVABLE_FOR = timedelta(days=14)
"""Step Functions developer guide, "Restarting executions with redrive": the redrivable period."""


class ExecutionStatus(StrEnum):
    """Status of a Standard execution (DescribeExecution)."""

    RUNNING = "RUNNING"
    PENDING_REDRIVE = "PENDING_REDRIVE"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"


GOING = (ExecutionStatus.RUNNING, ExecutionStatus.PENDING_REDRIVE)
FAILED = (ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT, ExecutionStatus.ABORTED)


@dataclass(frozen=True)
class Execution:
    """One execution. `redrivable` is None where the service does not say."""

    arn: str
    status: ExecutionStatus
    started_at: datetime
    stopped_at: datetime | None = None
    error: str = ""
    input: str = ""
    output: str = ""
    redrivable: bool | None = None
    redrive_reason: str = ""
    redrive_count: int = 0

    @property
    def hint(self) -> Hint | None:
        """The hint it was started with."""
        return hint_in(self.input)

    @property
    def requested_change(self) -> str:
        """Id of the administrator's change it was started with; "": none, or a hint."""
        return change_in(self.input)

    @property
    def subject(self) -> str:
        """The record key in the execution's output; "" before its end."""
        subject = object_in(self.output).get("subject")
        return subject if isinstance(subject, str) else ""

    @property
    def failure(self) -> str:
        """How one that failed did so."""
        return f"{self.status.value} {self.error}".strip()


def execution_arn(machine_arn: str, name: str) -> str:
    """The ARN of a machine's execution of that name."""
    return f"{machine_arn.replace(':stateMachine:', ':execution:')}:{name}"


def object_in(text: str) -> dict[str, Any]:
    """The JSON object in an execution's input or output; {}: it is none."""
    value = _json(text)
    return value if isinstance(value, dict) else {}


def hint_in(text: str) -> Hint | None:
    """The hint in an execution's input; None: not an input of `sync_user` or `hint_members`.

    A pipe hands over an array of one, and wraps a parked hint (workflows/sync_user.asl.json).
    """
    raw = _json(text)
    if isinstance(raw, list) and raw:
        raw = raw[0]
    if isinstance(raw, dict) and "hint" in raw:
        raw = raw["hint"]
    try:
        return Hint.from_dict(raw)
    except InvalidRecordError:
        return None


def change_in(text: str) -> str:
    """The id of the administrator's change in an execution's input; "": none, or a hint."""
    change_id = object_in(text).get("change_id") if hint_in(text) is None else None
    return change_id if isinstance(change_id, str) else ""


@dataclass(frozen=True)
class Redrive:
    """Run it on from the state where it failed."""


@dataclass(frozen=True)
class Wait:
    """It is running already."""


@dataclass(frozen=True)
class Verify:
    """It succeeded: only the ledger has to be looked at."""


@dataclass(frozen=True)
class StartAfresh:
    """It cannot be redriven; a new execution reads the same state anyway."""

    reason: str


Remedy = Redrive | Wait | Verify | StartAfresh


def remedy_for(execution: Execution | None, now: datetime) -> Remedy:
    """What to do about a failed execution as it is now; None: it does not exist any more."""
    if execution is None:
        return StartAfresh("the execution is not there any more (Step Functions keeps 90 days)")
    if execution.status in GOING:
        return Wait()
    if execution.status is ExecutionStatus.SUCCEEDED:
        return Verify()
    if execution.redrivable:
        return Redrive()
    if execution.stopped_at and now - execution.stopped_at > REDRIVABLE_FOR:
        return StartAfresh("it ended more than 14 days ago and cannot be redriven")
    if execution.redrivable is None:
        return Redrive()
    return StartAfresh(execution.redrive_reason or "Step Functions does not redrive it")


def _json(text: str) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
