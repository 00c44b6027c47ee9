"""How often a page of an execution that stays open asks for its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cognito_standby.console.domain.trace import HistoryEvent
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.console.furnished import ARN, furnish
from tests.unit.operator.operator_world import OTHER

LIVE = f"/live/execution?region={OTHER}&arn={ARN}"


class Open:
    """A page of an execution that failed, open in tabs of one browser."""

    def __init__(self) -> None:
        self.world = ConsoleWorld()
        furnish(self.world)
        self.browser = self.world.browser()
        self.calls = self.world.calls
        self.executions = self.world.pair[OTHER].world.executions
        self.histories = self.world.histories[OTHER].known

    def look(self) -> str:
        """Two seconds and a bit after the one before."""
        self.world.seconds += 2.1
        return self.browser.first_event(LIVE)

    def now(self, **changes: object) -> None:
        """The execution as it is from now on."""
        known = self.executions.executions[ARN]
        self.executions.add(replace(known, **changes))  # type: ignore[arg-type]

    def told(self, *events: tuple[str, str]) -> None:
        """More of its history: types of events and their states."""
        for kind, state in events:
            last = self.histories[ARN][-1]
            event = HistoryEvent(last.id + 1, last.id, kind, last.at, state)
            self.histories[ARN] = [*self.histories[ARN], event]


@pytest.fixture
def page() -> Open:
    return Open()


def test_the_history_of_an_ended_execution_is_read_once_for_all_tabs(page: Open) -> None:
    looks = [page.look() for _ in range(5)]
    assert all("It failed in “Replay Record”" in look for look in looks)
    assert (page.calls["events"], page.calls["definition"]) == (1, 1)


def test_what_was_drawn_is_drawn_anew_once_it_was_redriven(page: Open) -> None:
    assert "1 redrive" not in page.look()
    page.now(status=ExecutionStatus.RUNNING, redrive_count=1, stopped_at=None)
    page.told(("ExecutionRedriven", ""))
    assert "1 redrive" in page.look()
    page.told(("TaskScheduled", ""), ("TaskSucceeded", ""), ("TaskStateExited", "Replay Record"))
    page.now(status=ExecutionStatus.SUCCEEDED, stopped_at=page.world.clock.now(), error="")
    page.told(("ExecutionSucceeded", ""))
    assert "It failed" not in page.look()
    reads = page.calls["events"]
    assert "SUCCEEDED" in page.look()
    assert page.calls["events"] == reads
    assert page.calls["definition"] == 1, "a redrive runs the machine as it was"


def test_one_that_failed_again_is_read_again(page: Open) -> None:
    page.look()
    page.now(redrive_count=1)
    page.told(("ExecutionRedriven", ""), ("TaskScheduled", ""), ("ExecutionFailed", ""))
    assert "1 redrive" in page.look(), "the same status"


def test_a_history_that_lags_behind_the_status_is_not_kept(page: Open) -> None:
    """Both answers are of eventual consistency."""
    page.histories[ARN] = page.histories[ARN][:5]
    assert "It failed in “Replay Record”" not in page.look()
    furnish(page.world)
    assert "It failed in “Replay Record”" in page.look()
    page.now(redrive_count=1)
    page.look()
    page.told(("ExecutionRedriven", ""), ("ExecutionFailed", ""))
    assert "1 redrive" in page.look(), "the end before a redrive is none"


def test_one_that_runs_is_read_once_in_two_seconds_for_all_tabs(page: Open) -> None:
    page.now(status=ExecutionStatus.RUNNING, stopped_at=None)
    page.histories[ARN] = page.histories[ARN][:-1]
    for _ in range(5):
        page.browser.first_event(LIVE)
    assert page.calls["events"] == 1
    page.look()
    assert (page.calls["events"], page.calls["definition"]) == (2, 1)


def test_only_the_last_ones_that_were_opened_are_kept(page: Open) -> None:
    page.look()
    for number in range(30):
        arn, now = f"{ARN}-{number}", page.world.clock.now() - timedelta(minutes=1)
        page.histories[arn] = page.histories[ARN]
        page.executions.add(Execution(arn, ExecutionStatus.FAILED, now, now))
        page.browser.get(f"/execution?region={OTHER}&arn={arn}")
    page.look()
    assert page.calls["events"] == 32


def test_one_that_is_gone_is_not_shown_from_memory(page: Open) -> None:
    page.look()
    del page.executions.executions[ARN]
    assert "there is no such execution" in page.look()
