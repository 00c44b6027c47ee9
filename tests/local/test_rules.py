"""Rules on the local AWS: patterns, input transformers, what becomes of refused events."""

import json
from typing import Any

import pytest

from local.emulator import LocalAws
from tests.local.conftest import REGION, ROLE, eventually, finished, machine, queue, unique

pytestmark = pytest.mark.local_aws


def rule(aws: LocalAws, source: str, target: str, **more: Any) -> None:
    name, events = unique("rule"), aws.client("events", REGION)
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": target, "RoleArn": ROLE, **more}])


def send(aws: LocalAws, source: str, detail: dict[str, Any]) -> None:
    entry = {"Source": source, "DetailType": "test", "Detail": json.dumps(detail)}
    got = aws.client("events", REGION).put_events(Entries=[entry])
    assert got["FailedEntryCount"] == 0


def test_an_input_transformer_shapes_the_execution(aws: LocalAws) -> None:
    target, source = machine(aws, {"Keep": {"Type": "Pass", "End": True}}), unique("source")
    shaped = {
        "InputPathsMap": {"sub": "$.detail.additionalEventData.sub", "name": "$.detail.eventName"},
        "InputTemplate": '{"sub": <sub>, "why": "cloudtrail <name>"}',
    }
    rule(aws, source, target, InputTransformer=shaped)
    send(aws, source, {"eventName": "AdminX", "additionalEventData": {"sub": "s-1"}})
    states = aws.client("stepfunctions", REGION)
    (run,) = eventually(lambda: states.list_executions(stateMachineArn=target)["executions"])
    given = finished(aws, run["executionArn"])["input"]
    assert json.loads(given) == {"sub": "s-1", "why": "cloudtrail AdminX"}


def test_an_event_nobody_can_take_becomes_a_letter(aws: LocalAws) -> None:
    url, dead = queue(aws)
    missing = f"arn:aws:states:{REGION}:{aws.account}:stateMachine:{unique()}"
    source = unique("source")
    rule(aws, source, missing, Input='{"shaped": true}', DeadLetterConfig={"Arn": dead})
    send(aws, source, {})
    sqs = aws.client("sqs", REGION)

    def letter() -> Any:
        got = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])
        return got.get("Messages")

    (message,) = eventually(letter)
    told = {k: v["StringValue"] for k, v in message["MessageAttributes"].items()}
    assert told["TARGET_ARN"] == missing
    assert told["ERROR_CODE"] == "StateMachineDoesNotExist"
    assert json.loads(message["Body"]) == {"shaped": True}


def test_a_target_that_comes_back_gets_its_event(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ministack.services import stepfunctions  # noqa: PLC0415

    start, refusals = stepfunctions._start_execution, [503, 503]

    def flaky(request: dict[str, Any]) -> Any:
        if refusals:
            return stepfunctions.error_response_json("ServiceUnavailable", "no", refusals.pop())
        return start(request)

    target, source = machine(aws, {"Keep": {"Type": "Pass", "End": True}}), unique("source")
    rule(aws, source, target, RetryPolicy={"MaximumRetryAttempts": 3})
    monkeypatch.setattr(stepfunctions, "_start_execution", flaky)
    send(aws, source, {})
    states = aws.client("stepfunctions", REGION)
    assert eventually(lambda: states.list_executions(stateMachineArn=target)["executions"])
