"""What containment and the sweep need of the world, as Protocols beside those of the core.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.failures.domain.failures import Marker, MarkerStage


class Describing(Protocol):
    """Looks at executions."""

    def describe(self, arn: str) -> Execution | None:
        """One execution; None: it does not exist, or that is no execution's ARN."""


@dataclass(frozen=True)
class FailedRun:
    """A failed execution as a listing shows it."""

    arn: str
    status: str
    redrive_count: int
    started_at: datetime


@dataclass(frozen=True)
class FailedRunPage:
    """Part of a listing. `token` leads on; "" ends it."""

    runs: Sequence[FailedRun]
    token: str = ""


class FailedRuns(Protocol):
    """Lists failed executions, latest start first, and has them treated."""

    def page(self, machine_arn: str, status: ExecutionStatus, token: str) -> FailedRunPage:
        """One page; a token that is not valid any more begins anew."""

    def treat(self, run: FailedRun) -> None:
        """Start `contain_failure`."""


class FailureNotes(Protocol):
    """Markers of failures, and the sweep's memory, in the Region's ledger table."""

    def read(self, key: str) -> Marker | None:
        """One marker."""

    def read_many(self, keys: Collection[str]) -> Mapping[str, Marker]:
        """Those markers that exist."""

    def claim(self, key: str, seen: Marker | None, marker: Marker) -> bool:
        """Put a marker in place of the one seen; False: another was faster."""

    def advance(self, key: str, stage: MarkerStage) -> None:
        """Note a stage; without a marker nothing happens."""

    def cursor(self, name: str) -> str:
        """Where a listing was left; "" at its beginning."""

    def keep_cursor(self, name: str, token: str) -> None:
        """Remember where a listing was left."""

    def first_in(self, key: str, seconds: int) -> bool:
        """Whether this is the first time in so many seconds."""


@dataclass(frozen=True)
class Stranded:
    """A ledger row in `applying`. `lease_expired_at`: epoch seconds; None: no lease."""

    subject: str
    lease_expired_at: float | None


class AttentionIndex(Protocol):
    """The ledger's sparse index of what is not settled. Eventually consistent."""

    def applying(self, limit: int) -> Sequence[Stranded]:
        """Rows in `applying`, at most so many."""

    def count(self, state: str) -> int:
        """How many rows are in a state, or conflicts are of a weight; a lower bound from thousands
        on."""
