"""An execution that has just begun is not shown yet: Step Functions tells of one with a delay."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.recovery.adapters.machines import SfnMachine

MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:alpha-restore_pool"
STARTED = datetime(2026, 11, 29, tzinfo=UTC)


class Late:
    """Step Functions, which tells of an execution only after so many looks."""

    def __init__(self, looks: int, begun: tuple[str, ...] = ()) -> None:
        self.left, self.begun, self.looks = looks, set(begun), 0

    def start_execution(self, **given: Any) -> Any:
        if given["name"] in self.begun:
            raise _refused("ExecutionAlreadyExists")
        self.begun.add(given["name"])
        return {}

    def describe_execution(self, executionArn: str) -> Any:  # noqa: N803 - as botocore has it
        self._look()
        return {"executionArn": executionArn, "status": "RUNNING", "startDate": STARTED}

    def get_execution_history(self, **_: Any) -> Any:
        self._look()
        return {"events": [{"stateEnteredEventDetails": {"name": "Open Restore"}}]}

    def _look(self) -> None:
        self.looks += 1
        if self.looks <= self.left:
            raise _refused("ExecutionDoesNotExist")


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "Any")


def of(client: Any, pauses: list[float]) -> SfnMachine:
    return SfnMachine(client, MACHINE, pauses.append)


@pytest.mark.parametrize("begun", [(), ("r1",)], ids=["begun now", "begun already"])
def test_one_that_was_begun_is_looked_for_again(begun: tuple[str, ...]) -> None:
    client, pauses = Late(5, begun), list[float]()
    machine = of(client, pauses)
    assert machine.start("r1", {}) is not bool(begun)
    found = machine.find("r1")
    assert found is not None and found.status is ExecutionStatus.RUNNING
    assert len(pauses) == 5 and sum(pauses) <= 60


def test_one_that_never_comes_is_not_looked_for_without_an_end() -> None:
    client, pauses = Late(10**6), list[float]()
    machine = of(client, pauses)
    machine.start("r1", {})
    assert machine.find("r1") is None and 20 <= sum(pauses) <= 60


def test_one_that_nobody_began_here_is_looked_for_once() -> None:
    client, pauses = Late(10**6), list[float]()
    assert of(client, pauses).find("r1") is None and client.looks == 1 and not pauses


def test_the_place_of_one_that_is_not_shown_yet_is_not_known() -> None:
    machine = of(Late(1), [])
    assert [machine.place(f"{MACHINE}:r1") for _ in range(2)] == ["", "Open Restore"]
