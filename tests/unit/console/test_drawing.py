"""The path of an execution from its history, and the drawing of its machine."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

import workflows
from cognito_standby.console.domain.curve import curve
from cognito_standby.console.domain.machine import machine_of
from cognito_standby.console.domain.picture import picture
from cognito_standby.console.domain.trace import HistoryEvent, StepEnd, Trace, trace_of

pytestmark = pytest.mark.usefixtures("socket_disabled")


def _events(*told: tuple[int, int, str, str]) -> list[HistoryEvent]:
    """(id, previous, kind, state or error)"""
    return [
        HistoryEvent(
            *(number, previous, kind, f"2026-01-01T00:00:{number:02d}+00:00"),
            state=name if kind.endswith(("Entered", "Exited")) else "",
            error="" if kind.endswith(("Entered", "Exited")) else name,
        )
        for number, previous, kind, name in told
    ]


def test_retries_are_counted_where_they_were_made() -> None:
    events = _events(
        (1, 0, "ExecutionStarted", ""),
        (2, 1, "TaskStateEntered", "Plan"),
        (3, 2, "TaskScheduled", ""),
        (4, 3, "TaskFailed", "ThrottledError"),
        (5, 4, "TaskScheduled", ""),
        (6, 5, "TaskTimedOut", ""),
        (7, 6, "TaskScheduled", ""),
        (8, 7, "TaskSucceeded", ""),
        (9, 8, "TaskStateExited", "Plan"),
        (10, 9, "TaskStateEntered", "Write"),
        (11, 10, "TaskScheduled", ""),
        (12, 11, "TaskFailed", "InvalidRecordError"),
        (13, 12, "ExecutionFailed", "InvalidRecordError"),
    )
    trace = trace_of(events, over=True)
    plan, write = trace.steps
    assert (plan.retries, plan.errors, plan.end) == (
        2,
        ("ThrottledError", "TaskTimedOut"),
        StepEnd.LEFT,
    )
    assert trace.failed == write
    assert trace.moves == {("Plan", "Write")}
    assert trace_of(events, over=False).failed is None, "as long as it goes on"


def test_branches_write_in_between() -> None:
    """Two branches of a Map, interleaved: each try is of the state that it belongs to."""
    trace = trace_of(
        _events(
            (1, 0, "MapStateEntered", "Each"),
            (2, 1, "TaskStateEntered", "Part"),
            (3, 1, "TaskStateEntered", "Part"),
            (4, 2, "TaskScheduled", ""),
            (5, 3, "TaskScheduled", ""),
            (6, 5, "TaskFailed", "ThrottledError"),
            (7, 4, "TaskSucceeded", ""),
            (8, 6, "TaskScheduled", ""),
            (9, 7, "TaskStateExited", "Part"),
            (10, 8, "TaskSucceeded", ""),
            (11, 10, "TaskStateExited", "Part"),
            (12, 11, "MapStateExited", "Each"),
        ),
        over=False,
    )
    assert [(s.state, s.retries, s.end) for s in trace.steps] == [
        ("Each", 0, StepEnd.LEFT),
        ("Part", 0, StepEnd.LEFT),
        ("Part", 1, StepEnd.LEFT),
    ]


def test_a_redrive_goes_on_in_the_state_that_failed() -> None:
    trace = trace_of(
        _events(
            (1, 0, "TaskStateEntered", "Plan"),
            (2, 1, "TaskScheduled", ""),
            (3, 2, "TaskFailed", "X"),
            (4, 3, "ExecutionFailed", "X"),
            (5, 4, "ExecutionRedriven", ""),
            (6, 5, "TaskScheduled", ""),
            (7, 6, "TaskSucceeded", ""),
            (8, 7, "TaskStateExited", "Plan"),
        ),
        over=False,
    )
    (plan,) = trace.steps
    assert (plan.tries, plan.end, trace.redrives) == (2, StepEnd.LEFT, 1)


@pytest.mark.parametrize("one", workflows.load_all(workflows.DIRECTORY), ids=lambda one: one.name)
def test_each_of_our_machines_is_drawn_whole(one: workflows.Definition) -> None:
    definition = json.dumps(one.parsed)
    machine = machine_of(definition)
    assert machine is not None
    drawn = picture(machine, Trace(()), one.name)
    assert drawn.count('class="state unvisited"') == len(machine.states)
    assert drawn.count('class="way') == len(machine.ways)
    places = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"', drawn)
    assert len(set(places)) == len(machine.states), "no two in one place"
    named = set(re.findall(r'"(?:Next|Default|StartAt)": "([^"]+)"', definition))
    assert named <= set(machine.states)


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"StartAt": "A", "States": {"A": 1}}'])
def test_what_is_no_definition_is_not_drawn(text: str) -> None:
    assert machine_of(text) is None


def test_the_lag_is_drawn_within_its_frame() -> None:
    until = datetime(2026, 1, 1, 12, tzinfo=UTC)
    since = until - timedelta(hours=3)
    points = [(since - timedelta(hours=1), 10.0, 90_000.0), (until, 0.0, 1.0)]
    drawn = curve(points, since, until)
    numbers = re.findall(r'points="([^"]+)"', drawn)
    assert len(numbers) == 2
    for x, y in (pair.split(",") for each in numbers for pair in each.split()):
        assert 0 <= float(x) <= 480
        assert 0 <= float(y) <= 180
    assert "100 s" in drawn, "the frame is above the worst"
