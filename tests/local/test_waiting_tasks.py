"""Distributed Maps over a file in S3, and tasks that wait for a token, on the local AWS."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.conftest import REGION, eventually, finished, function, machine, run, unique
from tests.local.test_canaries import BOOM, KEEP, kept, waiting

pytestmark = pytest.mark.local_aws
DOUBLE = "def handler(event, context): return {'n': 2 * event['item']['n'], **event['given']}"


def listing(aws: LocalAws, body: Any) -> tuple[str, str]:
    """A bucket and the key of a JSON file in it."""
    s3, bucket = aws.client("s3", REGION), unique("bucket")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="runs/one.json", Body=json.dumps(body).encode())
    return bucket, "runs/one.json"


def over(bucket: str, arn: str, **more: Any) -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": arn, "Payload": "{% $states.input %}"},
        "Output": "{% $states.result.Payload %}",
        "End": True,
    }
    return {
        "M": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON"},
                "Arguments": {"Bucket": bucket, "Key": "{% $states.input.file %}"},
            },
            "ItemSelector": {
                "item": "{% $states.context.Map.Item.Value %}",
                "given": "{% $states.input.given %}",
            },
            "MaxConcurrency": "{% $states.input.width %}",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "T",
                "States": {"T": task},
            },
            "End": True,
            **more,
        }
    }


def test_a_map_over_a_file(aws: LocalAws) -> None:
    bucket, key = listing(aws, [{"n": 1}, {"n": 2}])
    given = {"file": key, "width": 1, "given": {"region": "here"}}
    ended = run(aws, machine(aws, over(bucket, function(aws, DOUBLE))), given)
    assert json.loads(ended["output"]) == [
        {"n": 2, "region": "here"},
        {"n": 4, "region": "here"},
    ]


def test_a_map_over_nothing(aws: LocalAws) -> None:
    bucket, key = listing(aws, [])
    states = over(bucket, function(aws, DOUBLE), Output="{% $count($states.result) %}")
    ended = run(aws, machine(aws, states), {"file": key, "width": 1, "given": {}})
    assert json.loads(ended["output"]) == 0


def test_a_file_that_is_not_there_fails_the_map(aws: LocalAws) -> None:
    bucket, _ = listing(aws, [])
    states = over(bucket, function(aws, DOUBLE))
    ended = run(aws, machine(aws, states), {"file": "runs/none.json", "width": 1})
    assert ended["error"] == "States.ItemReaderFailed"


def test_children_that_fail_are_tolerated(aws: LocalAws) -> None:
    bucket, key = listing(aws, [{"n": 1}, {}])
    given = {"file": key, "width": 2, "given": {}}
    arn = function(aws, DOUBLE)
    strict = run(aws, machine(aws, over(bucket, arn)), given)
    assert strict["error"] == "States.ExceedToleratedFailureThreshold"
    states = over(bucket, arn, ToleratedFailurePercentage=100, Output={})
    assert run(aws, machine(aws, states), given)["status"] == "SUCCEEDED"


def test_children_that_answer_too_much_fail_the_map(aws: LocalAws) -> None:
    bucket, key = listing(aws, [{"n": 1}] * 3)
    source = "def handler(event, context): return 'x' * 100_000"
    ended = run(
        aws,
        machine(aws, over(bucket, function(aws, source))),
        {"file": key, "width": 1, "given": {}},
    )
    assert ended["error"] == "States.DataLimitExceeded"


def test_no_child_begins_once_the_parent_was_stopped(aws: LocalAws, tmp_path: Path) -> None:
    bucket, key = listing(aws, [{"n": n} for n in range(4)])
    go = tmp_path / "go"
    source = f"""
import os, time
def handler(event, context):
    while not os.path.exists({str(go)!r}):
        time.sleep(0.02)
"""
    states = aws.client("stepfunctions", REGION)
    execution = states.start_execution(
        stateMachineArn=machine(aws, over(bucket, function(aws, source))),
        input=json.dumps({"file": key, "width": 1, "given": {}}),
    )["executionArn"]
    (map_run,) = eventually(lambda: states.list_map_runs(executionArn=execution)["mapRuns"])
    states.stop_execution(executionArn=execution)
    go.touch()
    arn = map_run["mapRunArn"]
    counts = eventually(
        lambda: (c := states.describe_map_run(mapRunArn=arn)["itemCounts"])["failed"] >= 3 and c
    )
    assert counts["succeeded"] <= 1


def begun(aws: LocalAws, seconds: Any) -> tuple[str, str]:
    """An execution that waits, and its token."""
    task = {**waiting(function(aws, KEEP)), "TimeoutSeconds": seconds}
    execution = aws.client("stepfunctions", REGION).start_execution(
        stateMachineArn=machine(aws, {"T": task}), input=json.dumps({"seconds": 1})
    )["executionArn"]
    return execution, eventually(kept)


def test_an_answer_is_the_result(aws: LocalAws) -> None:
    execution, token = begun(aws, 300)
    states = aws.client("stepfunctions", REGION)
    states.send_task_success(taskToken=token, output='{"approved": true}')
    assert json.loads(finished(aws, execution)["output"]) == {"approved": True}
    with pytest.raises(ClientError, match="TaskDoesNotExist"):
        states.send_task_success(taskToken=token, output="{}")


def test_no_answer_is_a_time_out_by_an_expression(aws: LocalAws) -> None:
    begin = time.monotonic()
    execution, _ = begun(aws, "{% $states.input.seconds %}")
    assert finished(aws, execution)["error"] == "States.Timeout"
    assert time.monotonic() - begin > 0.9, "a wait cannot be too long on a busy machine"


def test_a_task_whose_function_fails_waits_for_nothing(aws: LocalAws) -> None:
    ended = run(aws, machine(aws, {"T": {**waiting(function(aws, BOOM)), "TimeoutSeconds": 60}}))
    assert ended["error"] == "BoomError"


def test_a_stopped_execution_takes_no_answer(aws: LocalAws) -> None:
    execution, token = begun(aws, 300)
    states = aws.client("stepfunctions", REGION)
    states.stop_execution(executionArn=execution)
    with pytest.raises(ClientError, match="TaskDoesNotExist"):
        states.send_task_success(taskToken=token, output="{}")
