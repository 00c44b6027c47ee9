"""A pipe's parts by themselves: template, filters, retries."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from local.gaps.faithful_pipe.definition import PipeDefinition
from local.gaps.faithful_pipe.filters import Filters
from local.gaps.faithful_pipe.runners import QueueRunner, StreamRunner
from local.gaps.faithful_pipe.templates import render

pytestmark = [pytest.mark.local_aws, pytest.mark.usefixtures("aws")]
EVENT = {
    "eventName": "MODIFY",
    "dynamodb": {
        "Keys": {"origin_sub": {"S": 'a"b'}, "region": {"S": "us-east-1"}},
        "NewImage": {"rev": {"N": "4"}},
    },
    "body": '{"id": 7, "list": [1, {"x": true}]}',
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"sub": "<$.dynamodb.Keys.origin_sub.S>"}', {"sub": 'a"b'}),
        ('{"sub": <$.dynamodb.Keys.origin_sub.S>}', {"sub": 'a"b'}),
        ('{"keys": <$.dynamodb.Keys>}', {"keys": EVENT["dynamodb"]["Keys"]}),  # type: ignore[index]
        ('{"text": "is <$.eventName> at <$.missing>."}', {"text": "is MODIFY at ."}),
        ('{"gone": <$.dynamodb.missing.S>}', {"gone": None}),
        ('{"id": <$.body.id>, "x": <$.body.list[1].x>}', {"id": 7, "x": True}),
        ("<$.eventName>", "MODIFY"),
        ('"fixed"', "fixed"),
        ("plain <$.eventName> text", "plain MODIFY text"),
        ('{"pipe": <aws.pipes.pipe-name>}', {"pipe": "sync"}),
    ],
)
def test_a_template_shapes_one_event(template: str, expected: Any) -> None:
    assert render(template, EVENT, {"aws.pipes.pipe-name": "sync"}) == expected


@pytest.mark.parametrize(
    ("pattern", "passes"),
    [
        ({"eventName": ["INSERT", "MODIFY"]}, True),
        ({"eventName": ["REMOVE"]}, False),
        ({"dynamodb": {"Keys": {"region": {"S": [{"anything-but": ["us-east-1"]}]}}}}, False),
        ({"dynamodb": {"Keys": {"region": {"S": [{"anything-but": ["eu-west-1"]}]}}}}, True),
        (
            {"dynamodb": {"Keys": {"region": {"S": [{"anything-but": {"prefix": "us-"}}]}}}},
            False,
        ),
        ({"dynamodb": {"Keys": {"region": {"S": [{"prefix": "us-"}]}}}}, True),
        ({"dynamodb": {"NewImage": {"rev": [{"exists": True}]}}}, False),
        ({"dynamodb": {"NewImage": {"rev": {"N": [{"exists": True}]}}}}, True),
        ({"dynamodb": {"OldImage": {"rev": {"N": [{"exists": False}]}}}}, True),
        ({"dynamodb": {"NewImage": {"bulk": {"BOOL": [{"exists": False}]}}}}, True),
        ({"dynamodb": {"NewImage": {"rev": {"N": [{"exists": False}]}}}}, False),
        ({"body": {"id": [7]}}, True),
        ({"body": {"id": [{"numeric": [">", 7]}]}}, False),
    ],
)
def test_a_filter_matches_as_eventbridge_does(pattern: dict[str, Any], passes: bool) -> None:
    assert Filters({"Filters": [{"Pattern": json.dumps(pattern)}]}).passes(EVENT) is passes


def test_any_of_several_filters_is_enough() -> None:
    patterns = [{"Pattern": json.dumps({"eventName": [name]})} for name in ("REMOVE", "MODIFY")]
    assert Filters({"Filters": patterns}).passes(EVENT)
    assert Filters(None).passes(EVENT)


def test_a_pattern_that_aws_refuses_is_refused() -> None:
    with pytest.raises(ValueError, match="FilterCriteria"):
        Filters({"Filters": [{"Pattern": '{"a": []}'}]})


STREAM = {
    "Name": "sync",
    "Arn": "arn:aws:pipes:r:1:pipe/sync",
    "Source": "arn:aws:dynamodb:r:1:table/t/stream/x",
    "Target": "arn:aws:states:r:1:stateMachine:m",
    "SourceParameters": {
        "DynamoDBStreamParameters": {
            "BatchSize": 4,
            "MaximumRetryAttempts": 2,
            "OnPartialBatchItemFailure": "AUTOMATIC_BISECT",
            "DeadLetterConfig": {"Arn": "letters"},
        }
    },
}


@pytest.fixture(scope="module")
def pipe() -> PipeDefinition:
    return PipeDefinition.of(STREAM)


class Stream:
    """A stream of numbered records, a target that refuses some, and a clock."""

    def __init__(self, count: int, poison: set[int]) -> None:
        self.records = [
            {"n": n, "dynamodb": {"SequenceNumber": str(n), "ApproximateCreationDateTime": 0}}
            for n in range(count)
        ]
        self.poison, self.now = poison, 0.0
        self.delivered: list[list[int]] = []
        self.tried: list[list[int]] = []
        self.letters: list[Any] = []

    def read(self, limit: int) -> list[Any]:
        taken, self.records = self.records[:limit], self.records[limit:]
        return taken

    def deliver(self, _pipe: PipeDefinition, events: Sequence[Any]) -> bool:
        batch = [event["n"] for event in events]
        self.tried.append(batch)
        if self.poison.intersection(batch):
            return False
        self.delivered.append(batch)
        return True

    def letter(self, _arn: str, body: str) -> None:
        self.letters.append(json.loads(body))

    def run(self, pipe: PipeDefinition, rounds: int = 60) -> None:
        runner = StreamRunner(pipe, self.read, self.deliver, self.letter, lambda: self.now)
        for _ in range(rounds):
            runner.run_once()
            self.now += 1.0


def test_a_poison_record_is_found_by_halving_and_put_away(pipe: PipeDefinition) -> None:
    stream = Stream(6, {2})
    stream.run(pipe)
    assert stream.delivered == [[0, 1], [3], [4, 5]]
    assert stream.tried.count([2]) == 3, "one attempt and two retries"
    (letter,) = stream.letters
    assert letter["context"]["condition"] == "RetryAttemptsExhausted"
    info = letter["DDBStreamBatchInfo"]
    assert (info["startSequenceNumber"], info["batchSize"]) == ("2", 1)


def test_without_a_limit_the_shard_is_held_back(pipe: PipeDefinition) -> None:
    stream = Stream(3, {0})
    stream.run(replace(pipe, attempts=-1, batch_size=1))
    assert stream.delivered == []
    assert len(stream.tried) > 5


def test_a_record_can_grow_too_old(pipe: PipeDefinition) -> None:
    stream = Stream(2, {0})
    stream.run(replace(pipe, attempts=-1, batch_size=1, record_age=3))
    assert stream.delivered == [[1]]


def test_a_queue_keeps_what_the_target_refused(pipe: PipeDefinition) -> None:
    messages = [{"receiptHandle": str(n), "body": "{}", "n": n} for n in range(3)]
    deleted: set[str] = set()
    batches = [[m] for m in messages]
    stream = Stream(0, {1})
    pipe = replace(pipe, source="arn:aws:sqs:r:1:q", batch_size=1)
    QueueRunner(
        pipe, lambda _n: batches.pop(0) if batches else [], deleted.update, stream.deliver
    ).run_once()
    assert deleted == {"0", "2"}
