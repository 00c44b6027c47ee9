"""Turns of replays: the adapter on moto, and its twin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cognito_standby.replication.adapters.turns import DynamoTurns
from cognito_standby.replication.ports import Turns
from tests.twins.clock import ManualClock
from tests.twins.turns import InMemoryTurns


@pytest.fixture(params=["twin", "moto"])
def turns(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[Turns]:
    if request.param == "twin":
        yield InMemoryTurns(clock)
        return
    with mock_aws():
        client: Any = boto3.client(
            "dynamodb", "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        client.create_table(
            TableName="ledger",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "subject", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "subject", "KeyType": "HASH"}],
        )
        yield DynamoTurns(client, "ledger", clock)


def test_a_line_moves_at_the_pace_of_its_turns(turns: Turns) -> None:
    begins = [turns.take(seconds) for seconds in (0.5, 0.5, 2.0, 0.04)]
    assert begins == pytest.approx([0.0, 0.5, 1.0, 3.0])


def test_who_comes_when_the_line_has_ended_goes_on_at_once(
    turns: Turns, clock: ManualClock
) -> None:
    for _ in range(10):
        turns.take(1.0)
    clock.advance(4)
    assert turns.take(1.0) == pytest.approx(6.0)
    clock.advance(60)
    assert turns.take(1.0) == 0.0
    assert turns.take(1.0) == pytest.approx(1.0)
