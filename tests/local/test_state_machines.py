"""State machines on the local AWS: Distributed Map, redrive, retry delays, ends."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from local.gaps.retry_delays import delay
from tests.local.conftest import REGION, ROLE, eventually, finished, function, machine, run, unique

pytestmark = pytest.mark.local_aws
SWITCH = """
import os
def handler(event, context):
    mark = os.path.join(FOLDER, event["mark"])
    with open(mark, "a") as file:
        file.write("x")
    if os.path.getsize(mark) <= event["failures"]:
        raise RuntimeError("not yet")
    return {"calls": os.path.getsize(mark), **event}
"""


def distributed(**more: Any) -> dict[str, Any]:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "End": True}},
    }
    return {"M": {"Type": "Map", "ItemProcessor": processor, "End": True, **more}}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Items": "{% $states.input.people %}"}, ["ann", "bob"]),
        (
            {
                "Items": "{% $states.input.people %}",
                "ItemSelector": {
                    "who": "{% $states.context.Map.Item.Value %}",
                    "in": "{% $states.input.region %}",
                },
                "MaxConcurrency": "{% $states.input.width %}",
            },
            [{"who": "ann", "in": "here"}, {"who": "bob", "in": "here"}],
        ),
        (
            {"Items": "{% $states.input.people %}", "Output": "{% $count($states.result) %}"},
            2,
        ),
    ],
)
def test_a_distributed_map_is_jsonata(aws: LocalAws, fields: dict[str, Any], expected: Any) -> None:
    given = {"people": ["ann", "bob"], "region": "here", "width": 1}
    ended = run(aws, machine(aws, distributed(**fields)), given)
    assert json.loads(ended["output"]) == expected


def test_an_unsupported_field_of_a_distributed_map_fails_loudly(aws: LocalAws) -> None:
    states = distributed(Items="{% $states.input %}", ItemBatcher={"MaxItemsPerBatch": 2})
    assert "ItemBatcher" in run(aws, machine(aws, states), [1])["cause"]


@pytest.fixture(scope="module")
def chain(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("marks"))
    arn = function(aws, SWITCH.replace("FOLDER", repr(folder)))
    states = {
        "Remember": {
            "Type": "Pass",
            "Assign": {"seen": "{% $states.input.mark %}"},
            "Output": {
                "mark": "{% $states.input.mark %}",
                "failures": "{% $states.input.failures %}",
            },
            "Next": "Try",
        },
        "Try": {"Type": "Task", "Resource": arn, "Next": "Tell"},
        "Tell": {
            "Type": "Pass",
            "Output": {"seen": "{% $seen %}", "calls": "{% $states.input.calls %}"},
            "End": True,
        },
    }
    return machine(aws, states)


def events(aws: LocalAws, execution: str) -> list[str]:
    history = aws.client("stepfunctions", REGION).get_execution_history(executionArn=execution)
    return [event["type"] for event in history["events"]]


def test_redrive_runs_on_from_the_failed_state(aws: LocalAws, chain: str) -> None:
    mark = "redrive"
    failed = run(aws, chain, {"mark": mark, "failures": 2})
    arn = failed["executionArn"]
    assert (failed["status"], failed["redriveStatus"]) == ("FAILED", "REDRIVABLE")
    states = aws.client("stepfunctions", REGION)

    states.redrive_execution(executionArn=arn, clientToken="first")
    again = finished(aws, arn)
    assert (again["status"], again["redriveCount"]) == ("FAILED", 1)

    states.redrive_execution(executionArn=arn)
    ended = finished(aws, arn)
    assert (ended["status"], ended["redriveCount"]) == ("SUCCEEDED", 2)
    assert json.loads(ended["output"]) == {"seen": mark, "calls": 3}
    types = events(aws, arn)
    assert types.count("ExecutionRedriven") == 2
    assert types.count("PassStateEntered") == 2, "finished states are not run again"
    listed = states.list_executions(stateMachineArn=chain, statusFilter="SUCCEEDED")
    assert listed["executions"][0]["redriveCount"] == 2


def test_redrive_is_refused_with_a_reason(aws: LocalAws, chain: str) -> None:
    states = aws.client("stepfunctions", REGION)
    done = run(aws, chain, {"mark": "done", "failures": 0})
    assert done["redriveStatus"] == "NOT_REDRIVABLE"
    with pytest.raises(ClientError, match=r"ExecutionNotRedrivable.*SUCCEEDED"):
        states.redrive_execution(executionArn=done["executionArn"])
    with pytest.raises(ClientError, match="ExecutionDoesNotExist"):
        states.redrive_execution(executionArn=done["executionArn"] + "x")


def test_a_redrive_is_idempotent_by_its_token(aws: LocalAws, chain: str) -> None:
    states = aws.client("stepfunctions", REGION)
    failed = run(aws, chain, {"mark": "token", "failures": 9})
    arn = failed["executionArn"]
    first = states.redrive_execution(executionArn=arn, clientToken="same")
    second = states.redrive_execution(executionArn=arn, clientToken="same")
    assert first["redriveDate"] == second["redriveDate"]
    assert finished(aws, arn)["redriveCount"] == 1


def test_a_stopped_execution_stays_aborted_and_can_be_redriven(
    aws: LocalAws, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    source = f"""
import time
from pathlib import Path
def handler(event, context):
    while not Path({str(go)!r}).exists():
        time.sleep(0.02)
    raise ValueError
"""
    arn = machine(aws, {"T": {"Type": "Task", "Resource": function(aws, source), "End": True}})
    states = aws.client("stepfunctions", REGION)
    execution = states.start_execution(stateMachineArn=arn)["executionArn"]
    eventually(lambda: "TaskScheduled" in events(aws, execution))
    states.stop_execution(executionArn=execution)
    go.touch()
    time.sleep(0.8)
    stopped = states.describe_execution(executionArn=execution)
    assert (stopped["status"], stopped["redriveStatus"]) == ("ABORTED", "REDRIVABLE")
    states.redrive_execution(executionArn=execution)
    assert finished(aws, execution)["status"] == "FAILED"


def test_what_a_stop_left_running_and_a_redrive_run_at_once(aws: LocalAws, tmp_path: Path) -> None:
    """As on AWS: a redrive waits for nobody. That two calls do no harm is the leases' to see to."""
    path, go = tmp_path / "calls", tmp_path / "go"
    source = f"""
import time
from pathlib import Path
def handler(event, context):
    with open({str(path)!r}, "a") as calls:
        calls.write("began\\n")
    while not Path({str(go)!r}).exists():
        time.sleep(0.02)
    with open({str(path)!r}, "a") as calls:
        calls.write("ended\\n")
    raise ValueError("again")
"""
    retry = [{"ErrorEquals": ["ValueError"], "MaxAttempts": 9}]
    task = {"Type": "Task", "Resource": function(aws, source), "Retry": retry, "End": True}
    task["TimeoutSeconds"] = 300
    states, stopped = aws.client("stepfunctions", REGION), machine(aws, {"T": task})
    arn = states.start_execution(stateMachineArn=stopped)["executionArn"]
    eventually(path.exists)
    states.stop_execution(executionArn=arn)
    states.redrive_execution(executionArn=arn)
    eventually(lambda: path.read_text().count("began") == 2)
    assert "ended" not in path.read_text()
    states.stop_execution(executionArn=arn)
    go.touch()
    eventually(lambda: path.read_text().count("ended") == 2)
    time.sleep(1)
    assert path.read_text().count("began") == 2, "neither run calls anybody after its end"
    assert states.describe_execution(executionArn=arn)["status"] == "ABORTED"


def test_a_machine_times_out(aws: LocalAws) -> None:
    wait = {"W": {"Type": "Wait", "Seconds": 40, "End": True}}
    ended = run(aws, machine(aws, wait, TimeoutSeconds=1))
    assert ended["status"] == "TIMED_OUT"


def test_delays_have_a_ceiling_and_jitter() -> None:
    retrier = {"IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10}
    assert [delay(retrier, n, max) for n in range(3)] == [2, 6, 10]
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return 0.5

    assert delay({**retrier, "JitterStrategy": "FULL"}, 2, draw) == 0.5
    assert drawn == [(0.0, 10.0)]


def test_a_stack_that_goes_ends_what_its_machines_were_doing(aws: LocalAws, tmp_path: Path) -> None:
    """Its next step is not done, and nobody is asked whether it may be."""
    names = ("started", "goes-on", "ended", "done")
    started, goes_on, ended, done = (tmp_path / name for name in names)
    waiting = f"""
import pathlib, time
def handler(event, context):
    pathlib.Path({str(started)!r}).touch()
    while not pathlib.Path({str(goes_on)!r}).exists():
        time.sleep(0.02)
    pathlib.Path({str(ended)!r}).touch()
"""
    telling = f"import pathlib\ndef handler(e, c): pathlib.Path({str(done)!r}).touch()"
    states = {
        "A": {"Type": "Task", "Resource": function(aws, waiting), "Next": "B"},
        "B": {"Type": "Task", "Resource": function(aws, telling), "End": True},
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": states}
    properties = {"RoleArn": ROLE, "DefinitionString": json.dumps(definition)}
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    formation, stack = aws.client("cloudformation", REGION), unique("stack")
    template = json.dumps({"Resources": {"M": resource}})
    formation.create_stack(StackName=stack, TemplateBody=template)
    formation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    (made,) = formation.describe_stack_resources(StackName=stack)["StackResources"]
    machines = aws.client("stepfunctions", REGION)
    execution = machines.start_execution(stateMachineArn=made["PhysicalResourceId"])["executionArn"]
    eventually(started.exists)
    formation.delete_stack(StackName=stack)
    described = finished(aws, execution)
    assert (described["status"], described["cause"]) == ("ABORTED", "the state machine was deleted")
    goes_on.touch()
    eventually(ended.exists)
    run(aws, machine(aws, {"P": {"Type": "Pass", "End": True}}))
    assert not done.exists()
    assert aws.rights.state()["unknown"] == []
