"""What a job of `standby redrive` is, and what can become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.domain.hints import Hint
from cognito_standby.operator.ports import Envelope

CAUSE = "redrive"

WAIT_SECONDS = 180.0
"""For one subject: what is redriven right after a stop waits first until the lease of the run
before has run out (90 s), and looks for that every 30 s at least."""


class RedriveOutcome(StrEnum):
    """What became of a letter."""

    RESOLVED = "resolved"
    LEFT = "left"
    PLANNED = "planned"


@dataclass(frozen=True)
class RedriveResult:
    """What was done, what came of it, and why."""

    done: str
    outcome: RedriveOutcome
    reason: str = ""


@dataclass
class Job:
    """One subject. `id` is its key, or the execution's ARN where the subject is not known.

    executions   failed ones about it, oldest first
    hint         what a fresh execution would be given; None: not known
    change       id of an administrator's change that it is about
    machine      the machine that failed, or is to be started; "": `sync_user`
    noted        the subject was looked up at the failure, so none here means that there is none
    """

    id: str
    subject: str
    executions: tuple[str, ...] = ()
    hint: Hint | None = None
    letters: list[Envelope] = field(default_factory=list)
    what: str = ""
    change: str = ""
    machine: str = ""
    noted: bool = True


@dataclass(frozen=True)
class RedriveRequest:
    """What the operator asked for. No `executions`: everything. `wait_seconds` a subject."""

    executions: frozenset[str] = frozenset()
    dry_run: bool = False
    wait_seconds: float = WAIT_SECONDS
