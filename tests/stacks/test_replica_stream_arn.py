"""The custom resource answers CloudFormation whatever happens, and only with a usable stream."""

from __future__ import annotations

import io
import json
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from cognito_standby.core.adapters.whole_answers import CutAnswerError
from tasks import custom_resource, replica_stream_arn

EVENT = {
    "RequestType": "Create",
    "ResponseURL": "https://cloudformation.example/answer",
    "StackId": "stack",
    "RequestId": "request",
    "LogicalResourceId": "Stream",
    "ResourceProperties": {"TableName": "alpha-records"},
}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    collected: list[dict[str, Any]] = []

    def take(request: urllib.request.Request, timeout: float) -> io.BytesIO:
        assert request.full_url == EVENT["ResponseURL"]
        assert (request.get_method(), timeout) == ("PUT", 30)
        assert isinstance(request.data, bytes)
        collected.append(json.loads(request.data))
        return io.BytesIO()

    # By the module's own name: threads of other tests open addresses, too.
    names = SimpleNamespace(request=SimpleNamespace(Request=urllib.request.Request, urlopen=take))
    monkeypatch.setattr(custom_resource, "urllib", names)
    return collected


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setattr(replica_stream_arn, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(replica_stream_arn, "PAUSE_SECONDS", 0)
    with mock_aws():
        yield boto3.client("dynamodb")


def _create(client: Any, stream: bool = True) -> str:
    view = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"} if stream else None
    made = client.create_table(
        TableName="alpha-records",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **({"StreamSpecification": view} if view else {}),
    )
    return str(made["TableDescription"].get("LatestStreamArn", ""))


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_answers_with_this_regions_stream(
    dynamodb: Any, answers: list[dict[str, Any]], request_type: str
) -> None:
    arn = _create(dynamodb)
    replica_stream_arn.handler({**EVENT, "RequestType": request_type}, None)
    (answer,) = answers
    assert answer["Status"] == "SUCCESS"
    label = "".join(one for one in arn.rpartition("/")[2] if one.isdigit())
    assert answer["Data"] == {"StreamArn": arn, "StreamLabel": label}
    assert label
    assert ":us-west-2:" in arn
    kept = {name: answer[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    assert kept == {name: EVENT[name] for name in kept}
    assert answer["PhysicalResourceId"] == "alpha-records-replica-stream"


def test_a_physical_id_stays(dynamodb: Any, answers: list[dict[str, Any]]) -> None:
    _create(dynamodb)
    event = {**EVENT, "RequestType": "Update", "PhysicalResourceId": "kept"}
    replica_stream_arn.handler(event, None)
    assert answers[0]["PhysicalResourceId"] == "kept"


def test_deletion_looks_at_nothing(answers: list[dict[str, Any]]) -> None:
    replica_stream_arn.handler({**EVENT, "RequestType": "Delete"}, None)
    assert (answers[0]["Status"], answers[0]["Data"]) == ("SUCCESS", {})


@pytest.mark.parametrize(("stream", "said"), [(None, "not found"), (False, "ACTIVE, no stream")])
def test_gives_up_with_a_reason(
    dynamodb: Any, answers: list[dict[str, Any]], stream: bool | None, said: str
) -> None:
    if stream is not None:
        _create(dynamodb, stream)
    replica_stream_arn.handler(EVENT, None)
    assert answers[0]["Status"] == "FAILED"
    assert answers[0]["Reason"].startswith("TimeoutError: table alpha-records in us-west-2")
    assert said in answers[0]["Reason"]


def test_waits_until_the_replica_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    states = iter(
        [
            None,
            {"TableStatus": "CREATING", "LatestStreamArn": "arn"},
            CutAnswerError(operation="DescribeTable"),
            {"TableStatus": "ACTIVE", "LatestStreamArn": "arn"},
        ]
    )

    class Client:
        class meta:  # noqa: N801 - boto3's name
            region_name = "us-west-2"

        def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803
            if (state := next(states)) is None:
                missing: Any = {"Code": "ResourceNotFoundException", "Message": TableName}
                raise ClientError({"Error": missing}, "DescribeTable")
            if isinstance(state, CutAnswerError):
                raise state
            return {"Table": state}

    monkeypatch.setattr(replica_stream_arn, "clients", SimpleNamespace(of=lambda _: Client()))
    assert replica_stream_arn.wait_for_stream("t", seconds=600, pause=0) == "arn"
    assert next(states, "used up") == "used up"


def test_refused_access_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, answers: list[dict[str, Any]]
) -> None:
    class Client:
        def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803
            refused: Any = {"Error": {"Code": "AccessDeniedException", "Message": TableName}}
            raise ClientError(refused, "DescribeTable")

    monkeypatch.setattr(replica_stream_arn, "clients", SimpleNamespace(of=lambda _: Client()))
    replica_stream_arn.handler(EVENT, None)
    assert answers[0]["Status"] == "FAILED"
    assert "AccessDeniedException" in answers[0]["Reason"]
