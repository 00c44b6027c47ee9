"""Pipes on the local AWS, end to end."""

import json
from typing import Any

import pytest

from local.emulator import LocalAws
from tests.local.conftest import (
    OTHER_REGION,
    REGION,
    ROLE,
    eventually,
    machine,
    queue,
    received,
    unique,
)

pytestmark = pytest.mark.local_aws


def pipe(aws: LocalAws, region: str, source: str, target: str, **parameters: Any) -> None:
    aws.client("pipes", region).create_pipe(
        Name=unique("pipe"),
        RoleArn=ROLE,
        Source=source,
        Target=target,
        SourceParameters=parameters,
        TargetParameters={
            "InputTemplate": '{"id": "<$.dynamodb.Keys.id.S>"}'
            if "dynamodb" in source
            else '{"id": <$.body.id>}',
            "StepFunctionStateMachineParameters": {"InvocationType": "FIRE_AND_FORGET"},
        },
    )


def inputs(aws: LocalAws, target: str, region: str) -> list[Any]:
    states = aws.client("stepfunctions", region)
    found = states.list_executions(stateMachineArn=target)["executions"]
    return [
        json.loads(states.describe_execution(executionArn=e["executionArn"])["input"])
        for e in found
    ]


def table(aws: LocalAws) -> str:
    name = unique("table")
    dynamodb = aws.client("dynamodb", REGION)
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    dynamodb.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": OTHER_REGION}}])
    return name


def stream(aws: LocalAws, name: str, region: str) -> str:
    described = aws.client("dynamodb", region).describe_table(TableName=name)
    return str(described["Table"]["LatestStreamArn"])


def test_a_replicas_stream_starts_one_execution_a_record(aws: LocalAws) -> None:
    name = table(aws)
    target = machine(aws, {"Keep": {"Type": "Pass", "End": True}}, OTHER_REGION)
    stream_settings = {"StartingPosition": "LATEST", "BatchSize": 1}
    pipe(
        aws,
        OTHER_REGION,
        stream(aws, name, OTHER_REGION),
        target,
        DynamoDBStreamParameters=stream_settings,
    )
    dynamodb = aws.client("dynamodb", REGION)
    for letter in "abc":
        dynamodb.put_item(TableName=name, Item={"id": {"S": letter}, "secret": {"S": "no"}})
    got = eventually(lambda: len(found := inputs(aws, target, OTHER_REGION)) == 3 and found)
    assert sorted(got, key=str) == [[{"id": letter}] for letter in "abc"]


def test_a_stream_record_nobody_takes_becomes_a_letter(aws: LocalAws) -> None:
    name = table(aws)
    url, arn = queue(aws)
    missing = f"arn:aws:states:{REGION}:{aws.account}:stateMachine:{unique()}"
    settings = {
        "StartingPosition": "TRIM_HORIZON",
        "MaximumRetryAttempts": 1,
        "DeadLetterConfig": {"Arn": arn},
    }
    pipe(aws, REGION, stream(aws, name, REGION), missing, DynamoDBStreamParameters=settings)
    aws.client("dynamodb", REGION).put_item(TableName=name, Item={"id": {"S": "a"}})
    (letter,) = eventually(lambda: received(aws, url))
    assert letter["DDBStreamBatchInfo"]["streamArn"] == stream(aws, name, REGION)


def test_a_queue_feeds_the_machine_and_forgets_what_was_taken(aws: LocalAws) -> None:
    url, arn = queue(aws, VisibilityTimeout="1")
    target = machine(aws, {"Keep": {"Type": "Pass", "End": True}})
    wanted = {"Filters": [{"Pattern": json.dumps({"body": {"kind": ["hint"]}})}]}
    pipe(aws, REGION, arn, target, FilterCriteria=wanted, SqsQueueParameters={"BatchSize": 1})
    sqs = aws.client("sqs", REGION)
    for body in ({"kind": "hint", "id": 1}, {"kind": "other", "id": 2}):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    eventually(lambda: inputs(aws, target, REGION) == [[{"id": 1}]])
    eventually(lambda: _empty(aws, url))


def test_a_message_nobody_takes_follows_its_queues_redrive_policy(aws: LocalAws) -> None:
    dead_url, dead_arn = queue(aws)
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = queue(aws, VisibilityTimeout="0", RedrivePolicy=policy)
    missing = f"arn:aws:states:{REGION}:{aws.account}:stateMachine:{unique()}"
    pipe(aws, REGION, arn, missing, SqsQueueParameters={"BatchSize": 1})
    aws.client("sqs", REGION).send_message(QueueUrl=url, MessageBody='{"id": 3}')
    assert eventually(lambda: received(aws, dead_url)) == [{"id": 3}]


def test_a_pipe_tells_its_parameters(aws: LocalAws) -> None:
    _, arn = queue(aws)
    name, pipes = unique("pipe"), aws.client("pipes", REGION)
    target = machine(aws, {"Keep": {"Type": "Pass", "End": True}})
    settings = {"SqsQueueParameters": {"BatchSize": 3}}
    pipes.create_pipe(Name=name, RoleArn=ROLE, Source=arn, Target=target, SourceParameters=settings)
    assert pipes.describe_pipe(Name=name)["SourceParameters"] == settings
    pipes.delete_pipe(Name=name)


def _empty(aws: LocalAws, url: str) -> bool:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    got = aws.client("sqs", REGION).get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return set(got["Attributes"].values()) == {"0"}
