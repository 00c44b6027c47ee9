"""What an operator's commands are handed for one Region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.changes.services.submit import ApiContext
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.ports import Clock, Ledger, RecordStore
from cognito_standby.operator.domain.troubles import in_words
from cognito_standby.operator.ports import (
    AdminChanges,
    ConfigurationNotes,
    ConflictFinder,
    DeadLetters,
    EventArchive,
    Executions,
    Gauges,
    NameFinder,
    People,
    StreamRecords,
)
from cognito_standby.operator.services.run_context import RunContext


@dataclass(frozen=True)
class OperatorContext:
    """What the commands work on in one Region. `pause` waits that many seconds. `fenced`: its pool
    refuses people while its door is closed; `existing`: its pool is not the deployment's; None: a
    stack of the release before does not tell.
    No `archive`, `runs` or `changes`: the installation was deployed without them. `admin`: by which
    a change is asked for, as the Admin API does."""

    region: str
    letters: DeadLetters
    executions: Executions
    stream: StreamRecords
    archive: EventArchive | None
    gauges: Gauges
    records: RecordStore
    ledger: Ledger
    clock: Clock
    pause: Callable[[float], None]
    runs: RunContext | None = None
    people: People | None = None
    changes: AdminChanges | None = None
    names: NameFinder | None = None
    conflicts: ConflictFinder | None = None
    admin: ApiContext | None = None
    fenced: bool | None = None
    existing: bool | None = None
    configuration: ConfigurationNotes | None = None


@dataclass(frozen=True)
class Unreachable:
    """A Region of which nothing could be learnt, and why."""

    region: str
    reason: str


def told(error: StandbyError) -> str:
    """An error as an operator reads it."""
    return in_words(error)
