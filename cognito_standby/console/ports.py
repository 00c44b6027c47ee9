"""What the pages ask of a Region beside what an operator's commands ask.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cognito_standby.console.domain.trace import HistoryEvent


@dataclass(frozen=True)
class History:
    """What an execution did. `complete`: its events were read to the end."""

    events: Sequence[HistoryEvent]
    complete: bool = True


class Histories(Protocol):
    """The histories of a Region's executions."""

    def events(self, execution: str) -> History | None:
        """Without input and output; None: there is no such execution."""

    def definition(self, execution: str) -> str:
        """The machine as the execution runs it, as its JSON; "": there is no such execution."""


@dataclass(frozen=True)
class LagPoint:
    """Replication lag of a stretch of time that begins at `at`, in milliseconds."""

    at: datetime
    p50: float
    p99: float


class LagFigures(Protocol):
    """The lag of a Region over time."""

    def lag_over_time(self, since: datetime, until: datetime, seconds: int) -> Sequence[LagPoint]:
        """A point for each stretch of so many seconds that has figures, oldest first."""
