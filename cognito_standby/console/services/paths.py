"""The path of an execution as it is drawn, for every tab at once.

A history has up to 25,000 events, ten calls of a page. That of an ended execution does not change
until it is redriven, which its status and its count of redrives tell: one call. So it is read once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from cognito_standby.console.domain.machine import Machine, machine_of
from cognito_standby.console.domain.picture import picture
from cognito_standby.console.domain.trace import Trace, trace_of
from cognito_standby.console.ports import History
from cognito_standby.console.services.looks import FRESH_SECONDS
from cognito_standby.console.services.reach import Seen
from cognito_standby.failures.domain.executions import GOING, Execution, ExecutionStatus
from cognito_standby.reconciliation.report.html import NOTHING, Html

KEPT = 20
"""Executions whose paths are kept: those that were looked at last."""
_ENDS = tuple(f"Execution{how}" for how in ("Succeeded", "Failed", "Aborted", "TimedOut"))
"""Types of the last event of an execution (API reference, HistoryEvent)."""


@dataclass(frozen=True)
class Path:
    """An execution, what it did, and its machine with that path; `machine`: None: its definition
    cannot be read."""

    found: Execution
    trace: Trace
    machine: Machine | None
    drawn: Html

    @property
    def going(self) -> bool:
        """Whether it has not ended."""
        return self.found.status in GOING


_State = tuple[ExecutionStatus, int, datetime | None]


@dataclass(frozen=True)
class _Kept:
    path: Path
    state: _State
    settled: bool
    until: float

    def holds(self, found: Execution, at: float) -> bool:
        """Whether it still is the path of what was found now."""
        return self.state == _state(found) and (self.settled or at < self.until)


class Paths:
    """Of one console. `seconds` counts time that passes."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds, self._lock = seconds, Lock()
        self._kept: dict[tuple[str, str], _Kept] = {}

    def of(self, opened: Seen, arn: str) -> Path | None:
        """None: there is no such execution. StandbyError: that cannot be told."""
        found = opened.context.executions.describe(arn)
        if found is None:
            return None
        known = self._kept.get((opened.region, arn))
        if known is not None and known.holds(found, self._seconds()):
            return self._keep(opened.region, known)
        history = opened.histories.events(arn)
        if history is None:
            return None
        # a redrive runs the definition with which the execution began
        machine = known.path.machine if known is not None else None
        machine = machine or machine_of(opened.histories.definition(arn))
        path = _drawn(found, history, machine)
        until = self._seconds() + FRESH_SECONDS
        kept = _Kept(path, _state(found), _is_settled(path, history), until)
        return self._keep(opened.region, kept)

    def _keep(self, region: str, kept: _Kept) -> Path:
        with self._lock:
            key = region, kept.path.found.arn
            self._kept.pop(key, None)
            self._kept[key] = kept
            for old in list(self._kept)[:-KEPT]:
                del self._kept[old]
        return kept.path


def _state(found: Execution) -> _State:
    return found.status, found.redrive_count, found.stopped_at


def _is_settled(path: Path, history: History) -> bool:
    """Whether the history will stay as it was read: it may lag behind the status, or not have been
    read to its end, and those first events do not change."""
    if path.going:
        return False
    last = history.events[-1].kind if history.events else ""
    whole = last in _ENDS and path.trace.redrives >= path.found.redrive_count
    return whole or not history.complete


def _drawn(found: Execution, history: History, machine: Machine | None) -> Path:
    over = found.status not in (*GOING, ExecutionStatus.SUCCEEDED)
    trace = trace_of(history.events, over=over, complete=history.complete)
    title = f"The path of {found.arn.rsplit(':', 1)[-1]}"
    return Path(found, trace, machine, picture(machine, trace, title) if machine else NOTHING)
