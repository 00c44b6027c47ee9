"""Contract of Executions, and of what reads streams and archives on the local AWS."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cognito_standby.core.domain.hints import Hint
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.failures.domain.executions import GOING, Execution, ExecutionStatus
from cognito_standby.operator.adapters.events import DynamoStreamRecords
from cognito_standby.operator.ports import Executions, StreamRecords
from tests.twins.clock import ManualClock
from tests.twins.operator.gauges import InMemoryStreamRecords
from tests.twins.operator.operations import InMemoryExecutions

GOOD, BAD = Hint(origin_sub="ann", cause="ok"), Hint(origin_sub="eve", cause="fail")
CAUSE = '{"errorMessage": "it has no shape"}'
DEFINITION = {
    "QueryLanguage": "JSONata",
    "StartAt": "Check",
    "States": {
        "Check": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.cause = 'fail' %}", "Next": "Failed"}],
            "Default": "Done",
        },
        "Failed": {"Type": "Fail", "Error": "InvalidRecordError", "Cause": CAUSE},
        "Done": {
            "Type": "Pass",
            "Output": {"subject": "{% $states.input.origin_sub %}"},
            "End": True,
        },
    },
}


@dataclass
class Machine:
    executions: Executions
    long_ago: datetime
    later: datetime

    def ended(self, arn: str) -> Execution:
        for _ in range(4000):
            execution = self.executions.describe(arn)
            assert execution is not None
            if execution.status not in GOING:
                return execution
            time.sleep(0.05)
        raise AssertionError("it runs and runs")


def _memory() -> Machine:
    clock = ManualClock()

    def run(_arn: str, hint: Hint | None) -> ExecutionStatus:
        assert hint is not None
        return ExecutionStatus.FAILED if hint.cause == "fail" else ExecutionStatus.SUCCEEDED

    now = clock.now()
    executions = InMemoryExecutions(clock, run)
    executions.cause = CAUSE
    return Machine(executions, now - timedelta(hours=1), now + timedelta(hours=1))


def _sfn(client: Any) -> Machine:
    arn = client.create_state_machine(
        name=f"m-{uuid4().hex[:8]}",
        definition=json.dumps(DEFINITION),
        roleArn="arn:aws:iam::111111111111:role/any",
    )["stateMachineArn"]
    now = datetime.now(UTC)
    executions = SfnExecutions(client, {"sync_user": arn})
    return Machine(executions, now - timedelta(hours=1), now + timedelta(hours=1))


@pytest.fixture(
    params=[
        pytest.param("memory", id="memory"),
        pytest.param("local", id="local", marks=pytest.mark.local_aws),
    ]
)
def machine(request: pytest.FixtureRequest) -> Machine:
    if request.param == "memory":
        return _memory()
    return _sfn(request.getfixturevalue("local_client")("stepfunctions"))


def test_a_started_execution_ends(machine: Machine) -> None:
    execution = machine.ended(machine.executions.start(GOOD))
    assert execution.status is ExecutionStatus.SUCCEEDED
    assert execution.hint == GOOD
    assert not execution.redrivable


def test_a_failed_one_can_be_redriven(machine: Machine) -> None:
    arn = machine.executions.start(BAD)
    failed = machine.ended(arn)
    assert (failed.status, failed.error) == (ExecutionStatus.FAILED, "InvalidRecordError")
    assert failed.explained == "InvalidRecordError: it has no shape"
    assert failed.redrivable
    assert failed.stopped_at is not None
    assert machine.executions.redrive(arn) == ""
    assert machine.ended(arn).status is ExecutionStatus.FAILED


def test_a_succeeded_one_is_refused(machine: Machine) -> None:
    arn = machine.executions.start(GOOD)
    machine.ended(arn)
    assert machine.executions.redrive(arn)


@pytest.mark.parametrize("arn", ["gone", "not an ARN at all"])
def test_one_that_does_not_exist(machine: Machine, arn: str) -> None:
    if arn == "gone":
        arn = machine.executions.start(GOOD).rsplit(":", 1)[0] + ":gone"
    assert machine.executions.describe(arn) is None
    assert machine.executions.redrive(arn)


def test_listing_by_status_and_time(machine: Machine) -> None:
    first, second = machine.executions.start(BAD), machine.executions.start(GOOD)
    machine.ended(first)
    machine.ended(second)
    failed = machine.executions.recent(ExecutionStatus.FAILED, machine.long_ago)
    assert [each.arn for each in failed] == [first]
    assert machine.executions.recent(ExecutionStatus.FAILED, machine.later) == []
    assert machine.executions.recent(ExecutionStatus.RUNNING, machine.long_ago) == []


@dataclass
class Stream:
    records: StreamRecords
    arn: str
    shard: str
    numbers: list[str]


@pytest.fixture(
    params=[
        pytest.param("memory", id="memory"),
        pytest.param("local", id="local", marks=pytest.mark.local_aws),
    ]
)
def stream(request: pytest.FixtureRequest) -> Iterator[Stream]:
    if request.param == "memory":
        records = InMemoryStreamRecords({1: "ann", 2: "eve", 3: "ann"})
        yield Stream(records, "arn", "shard", ["1", "2", "3"])
        return
    client: Callable[[str], Any] = request.getfixturevalue("local_client")
    yield _table(client("dynamodb"), client("dynamodbstreams"))


def _table(dynamodb: Any, streams: Any) -> Stream:
    name = f"table-{uuid4().hex[:8]}"
    keys = (("origin_sub", "HASH"), ("region", "RANGE"))
    arn = dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]["LatestStreamArn"]
    for region, key in (("r", "ann"), ("r", "eve"), ("s", "ann")):
        item = {"origin_sub": {"S": key}, "region": {"S": region}}
        dynamodb.put_item(TableName=name, Item=item)
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    place = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = streams.get_shard_iterator(**place)["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    numbers = [each["dynamodb"]["SequenceNumber"] for each in records]
    return Stream(DynamoStreamRecords(streams), arn, shard, numbers)


def test_the_key_of_one_record(stream: Stream) -> None:
    second = stream.numbers[1]
    assert list(stream.records.keys(stream.arn, stream.shard, second, second)) == ["eve"]


def test_the_keys_of_a_batch_each_once(stream: Stream) -> None:
    first, last = stream.numbers[0], stream.numbers[2]
    keys = list(stream.records.keys(stream.arn, stream.shard, first, last))
    assert keys == ["ann", "eve"]


@pytest.mark.parametrize("number", ["999999999999999999", "not a number", ""])
def test_a_record_that_the_stream_does_not_have(stream: Stream, number: str) -> None:
    assert list(stream.records.keys(stream.arn, stream.shard, number, number)) == []
