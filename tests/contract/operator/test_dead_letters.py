"""Contract of DeadLetters: nothing leaves the queue but by `delete`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.adapters.letters import SqsDeadLetters
from cognito_standby.operator.ports import DeadLetters, Envelope
from tests.contract.backends import PRIMARY
from tests.twins.clock import ManualClock
from tests.twins.operator.operations import InMemoryDeadLetters, Switch

ATTRIBUTES = {"RULE_ARN": "arn:rule", "ERROR_CODE": "THROTTLING"}


@dataclass
class Queue:
    letters: DeadLetters
    send: Callable[[str, dict[str, str]], Any]
    wait: Callable[[float], None]
    destroy: Callable[[], Any]

    def drain(self, hide_seconds: int) -> list[Envelope]:
        found: list[Envelope] = []
        while batch := self.letters.receive(hide_seconds):
            found += batch
        return found


def _memory() -> Queue:
    clock, switch = ManualClock(), Switch()
    letters = InMemoryDeadLetters(clock, switch)
    return Queue(letters, letters.send, clock.advance, lambda: setattr(switch, "dark", True))


def _sqs(client: Any) -> Queue:
    url = client.create_queue(QueueName=f"letters-{uuid4().hex[:8]}")["QueueUrl"]

    def send(body: str, attributes: dict[str, str]) -> None:
        wire = {k: {"DataType": "String", "StringValue": v} for k, v in attributes.items()}
        client.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=wire)

    letters = SqsDeadLetters(client, url)
    return Queue(letters, send, time.sleep, lambda: client.delete_queue(QueueUrl=url))


@pytest.fixture(
    params=[
        pytest.param("memory", id="memory"),
        pytest.param("moto", id="moto"),
        pytest.param("local", id="local", marks=pytest.mark.local_aws),
    ]
)
def queue(request: pytest.FixtureRequest) -> Iterator[Queue]:
    match request.param:
        case "memory":
            yield _memory()
        case "moto":
            request.getfixturevalue("no_credentials")
            with mock_aws():
                yield _sqs(boto3.client("sqs", PRIMARY))
        case _:
            yield _sqs(request.getfixturevalue("local_client")("sqs"))


def test_an_empty_queue(queue: Queue) -> None:
    assert queue.letters.receive(30) == []
    assert queue.letters.peek() == []
    assert queue.letters.count() == 0


def test_a_letter_arrives_as_it_was_sent(queue: Queue) -> None:
    queue.send('{"a": "🐈"}', ATTRIBUTES)
    (letter,) = queue.letters.receive(30)
    assert (letter.body, letter.attributes) == ('{"a": "🐈"}', ATTRIBUTES)
    assert letter.sent_at is not None
    assert letter.sent_at.tzinfo is not None


def test_every_letter_is_received_once(queue: Queue) -> None:
    for number in range(25):
        queue.send(str(number), {})
    bodies = [letter.body for letter in queue.drain(30)]
    assert sorted(bodies, key=int) == [str(number) for number in range(25)]
    assert queue.letters.count() == 25, "hidden ones count"


def test_a_letter_given_back_is_seen_at_once(queue: Queue) -> None:
    queue.send("x", {})
    (letter,) = queue.letters.receive(30)
    queue.letters.give_back(letter)
    assert [each.id for each in queue.letters.receive(30)] == [letter.id]


def test_a_reader_who_died_loses_nothing(queue: Queue) -> None:
    queue.send("x", {})
    (letter,) = queue.letters.receive(1)
    queue.wait(1.5)
    assert [each.id for each in queue.letters.receive(30)] == [letter.id]


def test_holding_on(queue: Queue) -> None:
    queue.send("x", {})
    (letter,) = queue.letters.receive(4)
    queue.letters.hold(letter, 300)
    queue.wait(4.5)
    assert queue.letters.receive(30) == []


def test_deleting_once_and_again(queue: Queue) -> None:
    queue.send("x", {})
    (letter,) = queue.letters.receive(30)
    queue.letters.delete(letter)
    queue.letters.delete(letter)
    queue.letters.give_back(letter)
    assert queue.letters.count() == 0


def test_peeking_hides_nothing(queue: Queue) -> None:
    queue.send("x", ATTRIBUTES)
    assert [each.body for each in queue.letters.peek()] == ["x"]
    assert [each.body for each in queue.letters.receive(30)] == ["x"]


def test_a_queue_that_does_not_answer_is_an_error(queue: Queue) -> None:
    queue.destroy()
    with pytest.raises(StandbyError):
        queue.letters.receive(30)
    with pytest.raises(StandbyError):
        queue.letters.count()
