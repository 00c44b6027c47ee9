"""What an operator's commands are handed for one Region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.ports import Clock, Ledger, RecordStore
from cognito_standby.operator.ports import (
    AdminChanges,
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
    """What the commands work on in one Region. `pause` waits that many seconds.
    No `archive`, `runs` or `changes`: the installation was deployed without them."""

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


@dataclass(frozen=True)
class Unreachable:
    """A Region of which nothing could be learnt, and why."""

    region: str
    reason: str


def told(error: StandbyError) -> str:
    """An error as an operator reads it."""
    return f"{type(error).__name__}: {error}"
