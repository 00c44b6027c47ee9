"""What the Admin API and its machine need of the world, as Protocols beside those of the core.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError; the others
are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cognito_standby.changes.domain.changes import (
    Change,
    ChangeRequest,
    ChangeResult,
    ChangeStatus,
    Problem,
)
from cognito_standby.changes.domain.saga import ChangePlan


class Taken(StrEnum):
    """What became of a submission."""

    NEW = "new"
    EXISTING = "existing"
    """The same key with the same body: the same change."""
    OTHER_BODY = "other body"
    """The same key with another body: refused."""


@dataclass(frozen=True)
class Submission:
    """A change about to be stored.

    id        the same for the same caller and key (`services.submit.change_id_of`)
    digest    of the request; tells a repetition from another request under the same key
    subject   of a creation: the origin sub that the user will have
    """

    id: str
    request: ChangeRequest
    digest: str
    asked_by: str
    requested_at: datetime
    subject: str = ""


@dataclass(frozen=True)
class Stored:
    """A submission's outcome. `change` is the one under this id now, whoever stored it."""

    taken: Taken
    change: Change


@dataclass(frozen=True)
class ChangePage:
    """Some changes, newest first, without requests. `token` leads on; "" ends the list."""

    changes: Sequence[Change]
    token: str = ""


class ChangeStore(Protocol):
    """The changes of one Region. Reads are strongly consistent, but for `recent`."""

    def submit(self, submission: Submission) -> Stored:
        """Store a change unless its id is taken."""

    def read(self, change_id: str) -> Change | None:
        """One change; None: there is none, or it is too old."""

    def claim(self, change_id: str, execution: str) -> Change | None:
        """Begin, or go on after a failure, as this execution; the change is then `running`.

        None: another execution has it, it has ended for good, or there is none.
        """

    def plan_of(self, change_id: str) -> ChangePlan | None:
        """The plan that the execution noted: what it is going to write, with the before-image."""

    def with_plan(self, change_id: str) -> tuple[Change, ChangePlan | None] | None:
        """The change and its plan, from one look; None: there is no such change."""

    def note_plan(self, change_id: str, execution: str, plan: ChangePlan) -> None:
        """Note whom it is about and what is going to be written. PlanStaleError: not ours."""

    def note_problem(self, change_id: str, execution: str, problem: Problem) -> None:
        """Note why it is going to be refused or taken back. PlanStaleError: not ours."""

    def finish(
        self,
        change_id: str,
        execution: str,
        status: ChangeStatus,
        problem: Problem | None,
        result: ChangeResult | None,
    ) -> bool:
        """Note the end. One that is final drops request and plan, and is never changed again;
        False: another execution has it, or it had ended for good before."""

    def recent(self, limit: int, token: str = "") -> ChangePage:
        """The latest changes; a change may be missing for a second. InvalidRecordError: the token
        is none of ours."""


class ChangeBus(Protocol):
    """Where the machine is woken."""

    def publish_change(self, change_id: str) -> None:
        """Put AdminChangeRequested on this Region's bus. ServiceUnavailableError: not taken."""
