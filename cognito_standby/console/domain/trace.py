"""The path that an execution took, from its history. Pure.

A step is one stay in a state. What was tried in it, and how that failed, is found by the chain of
`previousEventId`, because the branches of a Map write their events in between (API reference,
HistoryEvent).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

ENTERED, EXITED = "StateEntered", "StateExited"
"""Ends of the types of events by which a state begins and ends: TaskStateEntered ..."""
_TRIED = ("TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled")
_FAILED = ("TaskFailed", "TaskTimedOut", "TaskSubmitFailed", "TaskStartFailed")
_FAILED_TOO = tuple(f"LambdaFunction{how}" for how in ("Failed", "TimedOut", "ScheduleFailed"))
REDRIVEN = "ExecutionRedriven"


@dataclass(frozen=True)
class HistoryEvent:
    """One event of a history, without input and output. `state`: of a state that began or ended;
    `error`: a class, never a text."""

    id: int
    previous: int
    kind: str
    at: str
    state: str = ""
    error: str = ""


class StepEnd(StrEnum):
    """How a stay in a state ended."""

    LEFT = "went on"
    FAILED = "failed"
    GOING = "goes on"


@dataclass(frozen=True)
class Step:
    """A stay in a state. `tries`: calls made in it; `errors`: how those failed that did."""

    state: str
    entered_at: str
    left_at: str = ""
    tries: int = 0
    errors: tuple[str, ...] = ()
    end: StepEnd = StepEnd.GOING

    @property
    def retries(self) -> int:
        """Calls beyond the first."""
        return max(0, self.tries - 1)


@dataclass(frozen=True)
class Trace:
    """The whole path. `redrives`: how often it was run on; `complete`: the history was read to its
    end."""

    steps: tuple[Step, ...]
    redrives: int = 0
    complete: bool = True

    def visits(self, state: str) -> list[Step]:
        """The stays in a state."""
        return [step for step in self.steps if step.state == state]

    @property
    def moves(self) -> frozenset[tuple[str, str]]:
        """From which state it went to which."""
        names = [step.state for step in self.steps]
        return frozenset(pairwise(names))

    @property
    def failed(self) -> Step | None:
        """Where it stands still; None: nowhere."""
        last = self.steps[-1] if self.steps else None
        return last if last is not None and last.end is StepEnd.FAILED else None

    @property
    def retries(self) -> int:
        """Over all steps."""
        return sum(step.retries for step in self.steps)


def trace_of(events: Sequence[HistoryEvent], *, over: bool, complete: bool = True) -> Trace:
    """`over`: the execution has ended, so that a state that was not left is where it failed."""
    steps: dict[int, Step] = {}
    within: dict[int, int] = {}  # event -> the event by which its state began
    redrives = 0
    for event in events:
        home = within.get(event.previous, 0)
        if event.kind.endswith(ENTERED):
            home = event.id
            steps[home] = Step(event.state, event.at)
        elif event.kind.endswith(EXITED):
            home = _left(steps, home, event)
        elif event.kind == REDRIVEN:
            redrives += 1
            home = _last_open(steps)
        elif home in steps:
            steps[home] = _noted(steps[home], event)
        within[event.id] = home
    end = StepEnd.FAILED if over else StepEnd.GOING
    told = [replace(s, end=end) if s.end is StepEnd.GOING else s for s in steps.values()]
    return Trace(tuple(told), redrives, complete)


def _left(steps: dict[int, Step], home: int, event: HistoryEvent) -> int:
    """What ended is the state of that name: the last event before may be a branch's."""
    open_ = [at for at, step in steps.items() if _is_open(step) and step.state == event.state]
    ended = home if home in open_ else open_[-1] if open_ else 0
    if ended:
        steps[ended] = replace(steps[ended], left_at=event.at, end=StepEnd.LEFT)
    return ended


def _noted(step: Step, event: HistoryEvent) -> Step:
    if event.kind in _TRIED:
        return replace(step, tries=step.tries + 1)
    if event.kind in _FAILED or event.kind in _FAILED_TOO:
        return replace(step, errors=(*step.errors, event.error or event.kind))
    return step


def _is_open(step: Step) -> bool:
    return step.end is StepEnd.GOING


def _last_open(steps: dict[int, Step]) -> int:
    """Where a redrive goes on: the state that failed."""
    return next((at for at in reversed(steps) if _is_open(steps[at])), 0)
