"""Faults between services: edges, pipes, killed functions, a Region that stands still."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.emulator import LocalAws
from local.faults import Fault, FaultKind, Faults
from local.faults.streams import Disturbed
from tests.local.conftest import (
    OTHER_REGION,
    REGION,
    ROLE,
    eventually,
    finished,
    function,
    machine,
    run,
)
from tests.local.events import rule, started, tell

pytestmark = pytest.mark.local_aws
QUICK = "def handler(event, context): return 'done'"
SLOW = "import time\ndef handler(event, context): time.sleep(3); return 'done'"
PASS = {"Done": {"Type": "Succeed"}}


@pytest.fixture
def faults(aws: LocalAws) -> Iterator[Faults]:
    yield aws.faults
    aws.faults.clear()


def calling(aws: LocalAws, arn: str, region: str = REGION, **more: Any) -> str:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": arn},
        "Output": "{% $states.result.Payload %}",
        "End": True,
        **more,
    }
    return machine(aws, {"Call": task}, region)


def test_a_function_killed_in_mid_run(aws: LocalAws, faults: Faults) -> None:
    arn = function(aws, SLOW)
    name = arn.rsplit(":", 1)[-1]
    number = faults.add(Fault(FaultKind.KILL, function=name, seconds=0.5))
    before = faults.state()["counts"].get("kill", 0)
    ended = run(aws, calling(aws, arn))
    assert (ended["status"], ended["error"]) == ("FAILED", "Runtime.ExitError")
    state = faults.state()
    assert (state["counts"]["kill"], state["faults"][0]["struck"]) == (before + 1, 1)
    faults.clear(number)
    assert json.loads(run(aws, calling(aws, arn))["output"]) == "done", "a new environment"


def test_an_invocation_that_ends_in_time_is_not_killed(aws: LocalAws, faults: Faults) -> None:
    faults.add(Fault(FaultKind.KILL, seconds=300))
    assert run(aws, calling(aws, function(aws, QUICK)))["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("internal", "Lambda.ServiceException"),
        ("throttled", "Lambda.TooManyRequestsException"),
        ("Lambda.Unknown", "Lambda.Unknown"),
    ],
)
def test_machine_to_lambda(aws: LocalAws, faults: Faults, code: str, error: str) -> None:
    faults.add(Fault(FaultKind.EDGE, edge="machine->lambda", code=code))
    assert run(aws, calling(aws, function(aws, QUICK)))["error"] == error


def test_machine_to_another_service(aws: LocalAws, faults: Faults) -> None:
    faults.add(Fault(FaultKind.EDGE, edge="machine->sqs"))
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": "none", "MessageBody": "x"},
        "End": True,
    }
    assert run(aws, machine(aws, {"Send": send}))["error"] == "Sqs.SdkClientException"


def test_rule_to_machine_is_retried(aws: LocalAws, faults: Faults) -> None:
    arn = machine(aws, PASS)
    source = rule(aws, Arn=arn, RoleArn=ROLE)
    faults.add(Fault(FaultKind.EDGE, edge="rule->machine"))
    tell(aws, source)
    time.sleep(0.3)
    assert not started(aws, arn)
    faults.clear()
    eventually(lambda: started(aws, arn))


def test_a_dark_regions_machines_and_rules_wait_and_go_on(aws: LocalAws, faults: Faults) -> None:
    waits = {"Wait": {"Type": "Wait", "Seconds": 80, "Next": "Done"}, **PASS}
    walking, told = machine(aws, waits, OTHER_REGION), machine(aws, PASS, OTHER_REGION)
    source = rule(aws, OTHER_REGION, Arn=told, RoleArn=ROLE)
    client = aws.client("stepfunctions", OTHER_REGION)
    execution = client.start_execution(stateMachineArn=walking, input="{}")["executionArn"]
    faults.add(Fault(FaultKind.DARK, region=OTHER_REGION))
    _internally(source)
    time.sleep(4.5)  # longer than the wait, which is 4 s here
    back = datetime.now(UTC)
    faults.clear()
    ended = finished(aws, execution, OTHER_REGION)
    assert ended["status"] == "SUCCEEDED"
    assert ended["stopDate"] >= back - timedelta(milliseconds=50), "stood still"
    eventually(lambda: started(aws, told, OTHER_REGION))
    assert faults.state()["counts"]["dark event"] >= 1


def _internally(source: str) -> None:
    """An event that a service of the dark Region itself emits."""
    from ministack.core.responses import request_scope  # noqa: PLC0415
    from ministack.services import eventbridge  # noqa: PLC0415

    entry = {"Source": source, "DetailType": "told", "Detail": "{}"}
    with request_scope("111111111111", OTHER_REGION):
        eventbridge._put_events({"Entries": [entry]})


class Tape:
    """A stream and a clock for one pipe."""

    def __init__(self, faults: Faults) -> None:
        self.arriving: list[dict[str, Any]] = []
        self.now = 0.0
        self.read = Disturbed(faults, REGION, self._take, lambda: self.now)

    def _take(self, limit: int) -> list[dict[str, Any]]:
        taken, self.arriving = self.arriving[:limit], self.arriving[limit:]
        return taken


def numbered(*numbers: int) -> list[dict[str, Any]]:
    return [{"eventID": str(number)} for number in numbers]


def test_records_come_again(aws: LocalAws) -> None:
    faults = Faults()
    faults.add(Fault(FaultKind.DUPLICATE, seconds=1))
    tape = Tape(faults)
    tape.arriving = numbered(1, 2)
    assert tape.read(10) == numbered(1, 2)
    assert tape.read(10) == []
    tape.now = 1.0
    assert tape.read(10) == numbered(1, 2)
    assert faults.state()["counts"] == {"duplicate": 2}


def test_records_come_late(aws: LocalAws) -> None:
    faults = Faults()
    number = faults.add(Fault(FaultKind.REORDER, seconds=1))
    tape = Tape(faults)
    tape.arriving = numbered(1)
    assert tape.read(10) == []
    faults.clear(number)
    tape.arriving = numbered(2)
    assert tape.read(10) == numbered(2)
    tape.now = 1.0
    assert tape.read(10) == numbered(1), "held back, not lost"
