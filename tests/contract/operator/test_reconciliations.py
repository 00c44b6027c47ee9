"""Contract of Reconciliations: a run is started once, a question takes one answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.adapters.reconciliations import SfnReconciliations
from cognito_standby.operator.ports import Reconciliations
from tests.twins.operator.runs import InMemoryReconciliations

_ASKING = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "TimeoutSeconds": 60,
    "Arguments": {
        "QueueUrl": "",
        "MessageBody": {"token": "{% $states.context.Task.Token %}"},
    },
    "Output": "{% $states.result %}",
    "End": True,
}


@dataclass
class Machine:
    """The port; `ask` has a run wait and gives the token; `answered` is what the run was told."""

    port: Reconciliations
    ask: Callable[[], str]
    answered: Callable[[], bool | None]


def _memory() -> Machine:
    twin = InMemoryReconciliations()
    return Machine(twin, lambda: twin.wait_for("token"), lambda: twin.answered.get("token"))


def _sfn(client: Callable[[str], Any]) -> Machine:
    states, sqs = client("stepfunctions"), client("sqs")
    queue = sqs.create_queue(QueueName=f"asks-{uuid4().hex[:8]}")["QueueUrl"]
    asking = {**_ASKING, "Arguments": {**_ASKING["Arguments"], "QueueUrl": queue}}  # type: ignore[dict-item]
    definition = {"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": asking}}
    arn = states.create_state_machine(
        name=f"m-{uuid4().hex[:8]}",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::111111111111:role/any",
    )["stateMachineArn"]
    port, started = SfnReconciliations(states, arn), list[str]()

    def ask() -> str:
        started.append(port.start(f"run-{uuid4().hex[:8]}", {}))
        for _ in range(4000):
            answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                return str(json.loads(message["Body"])["token"])
        raise AssertionError("it does not ask")

    def answered() -> bool | None:
        for _ in range(4000):
            found = states.describe_execution(executionArn=started[-1])
            if found["status"] != "RUNNING":
                told = json.loads(found.get("output", "{}")).get("approved")
                return told if isinstance(told, bool) else None
            time.sleep(0.05)
        return None

    return Machine(port, ask, answered)


@pytest.fixture(
    params=[
        pytest.param("memory", id="memory"),
        pytest.param("local", id="local", marks=pytest.mark.local_aws),
    ]
)
def machine(request: pytest.FixtureRequest) -> Machine:
    if request.param == "memory":
        return _memory()
    return _sfn(request.getfixturevalue("local_client"))


def test_the_same_start_twice_is_one_run(machine: Machine) -> None:
    name = f"run-{uuid4().hex[:8]}"
    first = machine.port.start(name, {"dry_run": True})
    assert first.endswith(f":{name}")
    assert machine.port.start(name, {"dry_run": True}) == first


def test_a_name_belongs_to_one_input(machine: Machine) -> None:
    name = f"run-{uuid4().hex[:8]}"
    machine.port.start(name, {})
    with pytest.raises(MisconfiguredError):
        machine.port.start(name, {"dry_run": True})


@pytest.mark.parametrize("approved", [True, False])
def test_a_question_takes_one_answer(machine: Machine, approved: bool) -> None:
    token = machine.ask()
    assert machine.port.answer(token, approved=approved)
    assert machine.answered() is approved
    assert not machine.port.answer(token, approved=not approved), "too late"
    assert machine.answered() is approved


def test_a_token_that_nobody_waits_for(machine: Machine) -> None:
    assert not machine.port.answer("AAAAnobody", approved=True)
