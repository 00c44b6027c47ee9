"""The deployed functions, by their deployed rights, open and close the records as of a time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_standby.recovery.domain.past_tables import key_of
from local.remote import RemoteStage
from tests.e2e.conftest import a_second_that_passes, until

pytestmark = pytest.mark.local_aws
LONG = 7200.0
"""Seconds; AWS takes minutes, or hours for a large table."""


def _installation(stage: RemoteStage) -> str:
    return stage.outputs.primary.ledger_table.removesuffix("-ledger")


def _call(stage: RemoteStage, task: str, given: dict[str, str]) -> Any:
    client = stage.client("lambda", stage.outputs.primary.region)
    answer = client.invoke(FunctionName=f"{_installation(stage)}-{task}", Payload=json.dumps(given))
    told = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, told
    return told


def test_a_table_of_a_time_comes_and_goes(stage: RemoteStage) -> None:
    as_of = a_second_that_passes()
    given = {"as_of": as_of.isoformat()}
    opened = until(
        "the table is ready",
        lambda: answer if (answer := _call(stage, "open_past_table", given))["ready"] else None,
        LONG,
    )
    assert opened["table"] == f"{_installation(stage)}.past.{key_of(as_of)}"
    dynamodb = stage.client("dynamodb", stage.outputs.primary.region)
    then = dynamodb.scan(TableName=opened["table"], ConsistentRead=True)["Items"]
    assert "#pool" in {item["origin_sub"]["S"] for item in then}
    gone = lambda: _call(stage, "close_past_table", given)["gone"]  # noqa: E731
    until("the table is gone", gone, LONG)
    assert opened["table"] not in dynamodb.list_tables()["TableNames"]
