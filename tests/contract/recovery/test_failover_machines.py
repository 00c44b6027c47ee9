"""Contract of FailoverMachines: a name is used once, and an end is told."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from cognito_standby.recovery.adapters.failover_machines import SfnFailoverMachines
from cognito_standby.recovery.ports import FailoverMachines
from tests.contract.backends import AwsBackend, Backend
from tests.twins.failover_machines import InMemoryFailoverMachines

GIVEN = {"mode": "outage", "accepted": [], "asked": "arc"}
_ROLE = "arn:aws:iam::111111111111:role/trial"


@pytest.fixture
def machines(backend: Backend) -> FailoverMachines:
    """One that waits for ever: what an end looks like is a matter of the machines themselves."""
    if not isinstance(backend, AwsBackend):
        return InMemoryFailoverMachines()
    if backend.name == "moto":
        pytest.skip("moto runs no machine, and believes every name new")
    waits = {
        "QueryLanguage": "JSONata",
        "StartAt": "Wait",
        "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}},
    }
    client, name = backend._client("stepfunctions"), f"t-{uuid4().hex[:8]}"
    made = client.create_state_machine(name=name, definition=json.dumps(waits), roleArn=_ROLE)
    return SfnFailoverMachines(client, {"fail_over": made["stateMachineArn"]})


def test_an_execution_is_found_by_its_name_once_it_was_started(machines: FailoverMachines) -> None:
    assert machines.find("fail_over", "epoch-2") is None
    assert machines.start("fail_over", "epoch-2", GIVEN)
    seen = machines.find("fail_over", "epoch-2")
    assert seen is not None
    assert (seen.going, dict(seen.given), seen.error) == (True, GIVEN, "")
    assert machines.find("fail_over", "epoch-2-1") is None


def test_of_two_who_ask_for_something_else_under_a_name_one_is_told(
    machines: FailoverMachines,
) -> None:
    assert machines.start("fail_over", "epoch-2", GIVEN)
    assert not machines.start("fail_over", "epoch-2", {**GIVEN, "asked": "ann"})
