"""Contract of Machine: a name is used once, what runs is found, and it can be stopped."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from cognito_standby.failures.domain.executions import ExecutionStatus, object_in
from cognito_standby.recovery.adapters.machines import SfnMachine
from cognito_standby.recovery.ports import Machine
from tests.contract.backends import AwsBackend, Backend
from tests.twins.failover_machine import InMemoryMachine

GIVEN = {"mode": "outage", "accepted": [], "asked": "arc"}
_ROLE = "arn:aws:iam::111111111111:role/trial"


@pytest.fixture
def machine(backend: Backend) -> Machine:
    """One that waits for ever: how one ends by itself is a matter of the machines themselves."""
    if not isinstance(backend, AwsBackend):
        return InMemoryMachine(where="Wait")
    if backend.name == "moto":
        pytest.skip("moto runs no machine, and believes every name new")
    waits = {
        "QueryLanguage": "JSONata",
        "StartAt": "Wait",
        "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}},
    }
    client, name = backend._client("stepfunctions"), f"t-{uuid4().hex[:8]}"
    made = client.create_state_machine(name=name, definition=json.dumps(waits), roleArn=_ROLE)
    return SfnMachine(client, made["stateMachineArn"])


def test_an_execution_is_found_by_its_name_once_it_was_started(machine: Machine) -> None:
    assert machine.find("epoch-2") is None
    assert machine.start("epoch-2", GIVEN)
    seen = machine.find("epoch-2")
    assert seen is not None
    assert (seen.status, object_in(seen.input)) == (ExecutionStatus.RUNNING, GIVEN)
    assert machine.find("epoch-2-1") is None


def test_of_two_who_ask_for_something_else_under_a_name_one_is_told(machine: Machine) -> None:
    assert machine.start("epoch-2", GIVEN)
    assert not machine.start("epoch-2", {**GIVEN, "asked": "ann"})


def test_one_that_is_stopped_has_failed_and_its_name_is_used(machine: Machine) -> None:
    assert machine.start("epoch-2", GIVEN)
    seen = machine.find("epoch-2")
    assert seen is not None
    machine.stop(seen.arn, "aborted by an operator")
    machine.stop(seen.arn, "once more")
    ended = machine.find("epoch-2")
    assert ended is not None
    assert (ended.status, ended.error) == (ExecutionStatus.ABORTED, "Aborted")
    assert not machine.start("epoch-2", GIVEN)
