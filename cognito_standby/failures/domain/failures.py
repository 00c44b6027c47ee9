"""Failed executions, the letters about them, and who may send one. Pure.

A failure is one end of one execution: an execution that was redriven and failed again is another
failure, so the redrive count is part of its identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cognito_standby.failures.domain.executions import Execution
from cognito_standby.failures.domain.letters import FailedExecution

CHANGE_MACHINE = "apply_admin_change"
"""Its execution's input is the id of a change, not a hint."""

MEMBERS_MACHINE = "hint_members"
"""Its execution is about who was in a group: no sync of that group makes up for it."""

RECONCILE_MACHINE = "reconcile_pool"
"""It is about the whole pool; the next run does what a failed one left."""

CONTAINED_MACHINES = ("sync_user", CHANGE_MACHINE)
"""The machines whose failures leave a pool half written; those of others get a letter only."""

TAKE_OVER_AFTER = timedelta(minutes=15)
"""Longer than the time from a claim to its letter, retries included (tests/workflows checks it):
whoever claimed a letter and has not sent it by then never will."""

_UNEXPLAINED = "Unexplained"
_MAX_ERROR = 128


class MarkerStage(StrEnum):
    """How far the treatment of a failure has come."""

    SENDING = "sending"
    """Somebody claimed the letter; it may not be in the queue yet."""
    SENT = "sent"
    """The letter is in the queue; the user is still to be contained."""
    SETTLED = "settled"
    """Nothing is left to do."""


@dataclass(frozen=True)
class Marker:
    """What is noted about the treatment of one failure. `owner`: the execution that treats it."""

    owner: str
    stage: MarkerStage
    claimed_at: float


@dataclass(frozen=True)
class Turn:
    """What an execution of `contain_failure` has to do. `reason`: why nothing."""

    send: bool
    contain: bool
    reason: str = ""


@dataclass(frozen=True)
class Failure:
    """A failed execution. `subject` is a record key, "" when it is not known."""

    execution_arn: str
    status: str
    error: str
    redrive_count: int
    failed_at: datetime | None
    subject: str = ""
    change_id: str = ""

    @classmethod
    def of(cls, execution: Execution, subject: str = "") -> Failure:
        """A failure from the description of its execution."""
        return cls(
            execution_arn=execution.arn,
            status=execution.status.value,
            error=error_class(execution.error),
            redrive_count=execution.redrive_count,
            failed_at=execution.stopped_at,
            subject=subject,
            change_id=execution.hint.change_id if execution.hint else execution.requested_change,
        )

    @property
    def key(self) -> str:
        """What its marker is filed under."""
        return marker_key(self.execution_arn, self.redrive_count)

    def machine(self, installation: str) -> str:
        """The machine's name as in workflows/: the ARN's without the installation's."""
        return machine_of(self.execution_arn).removeprefix(f"{installation}-")

    def letter(self, installation: str, region: str) -> dict[str, Any]:
        """The dead letter: ids and error classes, never a text of the SDK."""
        return FailedExecution(
            execution_arn=self.execution_arn,
            machine=self.machine(installation),
            status=self.status,
            error=self.error,
            subject=self.subject,
            change_id=self.change_id,
            region=region,
            redrive_count=self.redrive_count,
            failed_at=self.failed_at.isoformat() if self.failed_at else "",
        ).to_dict()


def marker_key(execution_arn: str, redrive_count: int) -> str:
    """Key of a failure's marker."""
    return f"{execution_arn}#{redrive_count}"


def machine_of(execution_arn: str) -> str:
    """A machine's physical name, from arn:aws:states:<region>:<account>:execution:<it>:<name>."""
    parts = execution_arn.split(":")
    return parts[6] if len(parts) > 6 else ""  # noqa: PLR2004 - places in the ARN


def machine_named(physical: str) -> str:
    """The machine's name as in workflows/, if the installation's name is not known. That name may
    have hyphens; the machines' names have none (a test checks it)."""
    return physical.rpartition("-")[2]


def error_class(error: str) -> str:
    """The error if it is a class's name: a `Fail` state or another service may put any text
    there."""
    named = error.replace(".", "").replace("_", "").isalnum() and error.isascii()
    return error if named and len(error) <= _MAX_ERROR else _UNEXPLAINED * bool(error)


def turn_of(marker: Marker | None, owner: str, now: datetime, *, containable: bool) -> Turn:
    """What `owner` has to do about a failure, by the marker that is noted."""
    if marker is None:
        return Turn(send=True, contain=containable)
    if marker.stage is MarkerStage.SETTLED:
        return Turn(False, False, "it is settled")
    waited = now.timestamp() - marker.claimed_at
    if marker.owner != owner and waited < TAKE_OVER_AFTER.total_seconds():
        return Turn(False, False, "another execution is at it")
    return Turn(send=marker.stage is MarkerStage.SENDING, contain=containable)


def is_neglected(marker: Marker | None, now: datetime) -> bool:
    """Whether the sweep has to start a treatment: none began, or one stopped half-way."""
    if marker is None:
        return True
    waited = now.timestamp() - marker.claimed_at
    return marker.stage is not MarkerStage.SETTLED and waited >= TAKE_OVER_AFTER.total_seconds()
