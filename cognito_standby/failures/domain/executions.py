"""Executions as an operator sees them, and what can be done about a failed one. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain import errors
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.hints import Hint

REDRIVABLE_FOR = timedelta(days=14)
"""Step Functions developer guide, "Restarting executions with redrive": the redrivable period."""


_MOST = 300
"""Characters of a reason that are shown."""

_OF_FUNCTIONS = ("Lambda.", "Sandbox.", "States.Permissions", "States.Timeout")
_QUOTES = "Lambda.Unknown"
"""Errors whose causes are about functions, roles and times; and the one that quotes a payload."""


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
    """One execution. `redrivable` is None where the service does not say. `cause` may hold
    anything, people's data too, and is never shown as it is."""

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
    cause: str = ""

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
        return f"{self.status.value} {self.explained}" if self.error else self.status.value

    @property
    def explained(self) -> str:
        """The error of one that failed, and why where that names nobody: our own classes say a
        reason and no value, and some errors of the services are about functions alone. Without an
        error the status."""
        why = " ".join(_reason(self.error, self.cause).split())
        why = why if len(why) <= _MOST else f"{why[:_MOST].rstrip()} ..."
        return f"{self.error}: {why}" if why else self.error or self.status.value


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


def _reason(error: str, cause: str) -> str:
    """What may be shown of a cause; "": nothing. A function's is JSON (Lambda developer guide,
    "Handle errors in Step Functions"), a service's is text."""
    ours = getattr(errors, error, None)
    if not (isinstance(ours, type) and issubclass(ours, errors.StandbyError)) and not (
        error.startswith(_OF_FUNCTIONS) and error != _QUOTES
    ):
        return ""
    told = object_in(cause).get("errorMessage")
    if not isinstance(told, str):
        told = "" if cause.startswith(("{", "[")) or not error.startswith(_OF_FUNCTIONS) else cause
    return "".join(each if each.isprintable() else " " for each in told)


def _json(text: str) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
