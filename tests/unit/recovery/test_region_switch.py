"""ARC Region switch: what each step of a plan does, asked once, again, and by two at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.recovery.domain.region_switch import switch_request
from cognito_standby.recovery.domain.standing import ClaimItem, Standing, Tally
from cognito_standby.recovery.services.region_switch import (
    ATTEMPTS,
    StillRunningError,
    SwitchContext,
    SwitchRefusedError,
    switch,
)
from tests.twins.failover_machine import InMemoryMachine

HOME, AWAY = "us-east-1", "us-west-2"
FAIL_OVER, STAND_DOWN = "fail_over", "stand_down"
ADDED = {
    "InvokedBy": "arn:aws:arc-region-switch::111111111111:plan/app:1",
    "PlanArn": "arn:aws:arc-region-switch::111111111111:plan/app:1",
    "ExecutionId": "exec-1",
    "StepName": "users",
}
"""What Region switch adds to a step's payload."""
DOWN = {"action": STAND_DOWN, **ADDED}
PLANNED = {"action": FAIL_OVER, "mode": "planned", **ADDED}
OUTAGE = {"action": FAIL_OVER, "mode": "outage", **ADDED}
CLAIMED = {"outcome": "claimed", "region": AWAY, "epoch": 2}


@dataclass
class Side:
    """A Region whose functions are called. `meanwhile`: what happens while one waits."""

    region: str = AWAY
    own: ClaimItem | None = None
    theirs: ClaimItem | None = None
    looks: int = 3
    machines: dict[str, InMemoryMachine] = field(
        default_factory=lambda: {name: InMemoryMachine(name) for name in (FAIL_OVER, STAND_DOWN)}
    )
    meanwhile: Callable[[], None] = lambda: None

    def standing(self) -> Standing:
        return Standing(self.region, Installation(HOME, AWAY), self.own, self.theirs)

    def put(self, item: ClaimItem, instead_of: ClaimItem | None) -> bool:
        raise AssertionError("claims are the machines' alone")

    def started(self) -> list[tuple[str, str]]:
        return [
            (name, one) for name, machine in self.machines.items() for one in machine.executions
        ]

    def ask(self, event: dict[str, Any]) -> str:
        left = [self.looks]

        def has_time() -> bool:
            left[0] -= 1
            return left[0] > 0

        def pause(_: float) -> None:
            self.meanwhile()

        return switch(SwitchContext(self, self.machines, pause, has_time), switch_request(event))


def test_a_planned_failover_is_started_and_followed_to_its_end() -> None:
    side = Side()
    side.meanwhile = lambda: side.machines[FAIL_OVER].end("epoch-2", CLAIMED)
    assert side.ask(PLANNED) == "fail_over epoch-2 has done it"
    given = side.machines[FAIL_OVER].given("epoch-2")
    assert (given["mode"], given["accepted"]) == ("planned", [])


def test_what_still_runs_at_the_end_of_an_invocation_is_followed_by_the_next() -> None:
    side = Side()
    for _ in range(2):
        with pytest.raises(StillRunningError, match="epoch-2 is under way"):
            side.ask(PLANNED)
    assert side.started() == [(FAIL_OVER, "epoch-2")]
    side.meanwhile = lambda: side.machines[FAIL_OVER].end("epoch-2", CLAIMED)
    side.ask(PLANNED)


def test_no_failed_check_is_passed_and_the_next_invocation_tries_anew() -> None:
    side = Side()
    why = {"outcome": "refused", "why": "3 dead letters"}
    side.meanwhile = lambda: side.machines[FAIL_OVER].end("epoch-2", why)
    with pytest.raises(SwitchRefusedError, match="3 dead letters"):
        side.ask(PLANNED)
    side.meanwhile = lambda: side.machines[FAIL_OVER].end("epoch-2-1", CLAIMED)
    assert "epoch-2-1" in side.ask(PLANNED)


def test_a_machine_that_failed_is_told() -> None:
    side = Side()
    side.meanwhile = lambda: side.machines[FAIL_OVER].end("epoch-2", {}, "InvalidRecordError")
    with pytest.raises(SwitchRefusedError, match="FAILED InvalidRecordError"):
        side.ask(OUTAGE)


def test_the_step_for_an_outage_does_nothing_after_one_that_was_planned() -> None:
    side = Side(own=ClaimItem(2))
    assert side.ask(OUTAGE) == f"{AWAY} is the active Region, since epoch 2"
    assert side.started() == []


def test_ungraceful_after_graceful_leaves_the_waiting_one_behind() -> None:
    """The source does not stand down; the plan's execution is switched to an ungraceful one."""
    side = Side()
    with pytest.raises(StillRunningError):
        side.ask(PLANNED)
    side.meanwhile = lambda: side.machines[FAIL_OVER].end("epoch-2-1", CLAIMED)
    assert "epoch-2-1" in side.ask(OUTAGE)
    assert side.machines[FAIL_OVER].given("epoch-2-1")["mode"] == "outage"


def test_somebody_else_s_failover_is_not_followed_and_is_told() -> None:
    side = Side()
    side.machines[FAIL_OVER].start("epoch-2", {"mode": "outage", "accepted": [], "asked": "ann"})
    with pytest.raises(SwitchRefusedError, match="for somebody else"):
        side.ask(OUTAGE)


def test_the_source_stands_down_for_the_other_region() -> None:
    side = Side(HOME)
    drained = {"turn": "drained", "why": "nothing is under way"}
    side.meanwhile = lambda: side.machines[STAND_DOWN].end("epoch-2", drained)
    side.ask(DOWN)
    given = side.machines[STAND_DOWN].given("epoch-2")
    assert (given["target"], given["abort"]) == (AWAY, False)


def test_standing_down_is_done_where_it_was_done() -> None:
    stood = Side(HOME, own=ClaimItem(1, AWAY, Tally(5, 9)))
    assert "has stood down" in stood.ask(DOWN)
    relieved = Side(HOME, theirs=ClaimItem(2))
    assert AWAY in relieved.ask(DOWN)
    assert stood.started() == relieved.started() == []


def test_a_region_whose_door_was_closed_is_not_taken_for_active() -> None:
    side = Side(HOME, own=ClaimItem(3, AWAY))
    with pytest.raises(StillRunningError):
        side.ask(OUTAGE)


def test_it_is_not_tried_for_ever() -> None:
    side = Side()
    for attempt in range(ATTEMPTS):
        name = f"epoch-2-{attempt}" if attempt else "epoch-2"
        side.machines[FAIL_OVER].start(name, {})
        side.machines[FAIL_OVER].end(name, {"outcome": "refused"})
    with pytest.raises(SwitchRefusedError, match="50 times"):
        side.ask(OUTAGE)


@pytest.mark.parametrize(
    ("event", "wrong"),
    [
        ([], "JSON object"),
        (ADDED, "`action`"),
        ({**ADDED, "action": "fail_back"}, "`action`"),
        ({**ADDED, "action": FAIL_OVER}, "`mode`"),
        ({**PLANNED, "mode": "quick"}, "`mode`"),
        ({"action": FAIL_OVER, "mode": "outage"}, "ExecutionId"),
        ({**OUTAGE, "ExecutionId": 5}, "ExecutionId"),
    ],
)
def test_another_payload_is_refused(event: Any, wrong: str) -> None:
    with pytest.raises(InvalidRecordError, match=wrong):
        switch_request(event)
