"""Markers of failures, listings and the attention index, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.ports import Clock
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.failures.domain.failures import Marker, MarkerStage
from cognito_standby.failures.ports import FailedRun, FailedRunPage, Stranded
from tests.twins.stores.ledger import InMemoryLedger


class InMemoryFailureNotes:
    """FailureNotes. `keep_seconds`: how long a marker is kept."""

    def __init__(self, clock: Clock, keep_seconds: int = 86_400) -> None:
        self._clock, self._keep_seconds = clock, keep_seconds
        self._markers: dict[str, tuple[Marker, float]] = {}
        self._cursors: dict[str, str] = {}
        self._seen: dict[str, float] = {}

    def read(self, key: str) -> Marker | None:
        """One marker."""
        found = self._markers.get(key)
        return found[0] if found else None

    def read_many(self, keys: Collection[str]) -> Mapping[str, Marker]:
        """Those markers that exist."""
        return {key: self._markers[key][0] for key in keys if key in self._markers}

    def claim(self, key: str, seen: Marker | None, marker: Marker) -> bool:
        """Put a marker in place of the one seen."""
        found = self._markers.get(key)
        now = self._clock.now().timestamp()
        if seen is None:
            free = found is None or found[1] < int(now)
        else:
            free = found is not None and _same(found[0], seen)
        free = free or (found is not None and _same(found[0], marker))
        if free:
            kept = replace(marker, claimed_at=float(int(marker.claimed_at)))
            self._markers[key] = kept, int(now) + self._keep_seconds
        return free

    def advance(self, key: str, stage: MarkerStage) -> None:
        """Note a stage."""
        if key in self._markers:
            marker, expires_at = self._markers[key]
            self._markers[key] = replace(marker, stage=stage), expires_at

    def cursor(self, name: str) -> str:
        """Where a listing was left."""
        return self._cursors.get(name, "")

    def keep_cursor(self, name: str, token: str) -> None:
        """Remember where a listing was left."""
        self._cursors[name] = token

    def first_in(self, key: str, seconds: int) -> bool:
        """Whether this is the first time in so many seconds."""
        now = int(self._clock.now().timestamp())
        first = self._seen.get(key, 0) < now
        if first:
            self._seen[key] = now + seconds
        return first


class InMemoryExecutions:
    """Describing and FailedRuns: a world of executions. `treated`: what was handed over."""

    def __init__(self, page_size: int = 2) -> None:
        self.executions: list[Execution] = []
        self.treated: list[FailedRun] = []
        self._page_size = page_size

    def describe(self, arn: str) -> Execution | None:
        """One execution."""
        return next((each for each in self.executions if each.arn == arn), None)

    def page(self, machine_arn: str, status: ExecutionStatus, token: str) -> FailedRunPage:
        """One page; a token that means nothing begins anew."""
        prefix = machine_arn.replace(":stateMachine:", ":execution:") + ":"
        found = sorted(
            (e for e in self.executions if e.status is status and e.arn.startswith(prefix)),
            key=lambda each: each.started_at,
            reverse=True,
        )
        start = int(token) if token.isdigit() else 0
        end = start + self._page_size
        runs = [FailedRun(e.arn, e.status, e.redrive_count, e.started_at) for e in found[start:end]]
        return FailedRunPage(runs, str(end) if end < len(found) else "")

    def treat(self, run: FailedRun) -> None:
        """Hand over."""
        self.treated.append(run)


class InMemoryAttentionIndex:
    """AttentionIndex of a ledger."""

    def __init__(self, ledger: InMemoryLedger) -> None:
        self._ledger = ledger

    def applying(self, limit: int) -> Sequence[Stranded]:
        """Rows in `applying`."""
        rows = sorted(self._ledger.rows(), key=lambda row: row.subject.key)
        return [
            Stranded(row.subject.key, row.lease.expires_at if row.lease else None)
            for row in rows
            if row.state is SyncState.APPLYING
        ][:limit]

    def count(self, state: str) -> int:
        """How many rows are in a state, or conflicts are of a weight."""
        listed = (each.weight == state for each in self._ledger.listed_conflicts())
        return sum(row.state == state for row in self._ledger.rows()) + sum(listed)


def _same(one: Marker, other: Marker) -> bool:
    return (one.owner, int(one.claimed_at)) == (other.owner, int(other.claimed_at))
