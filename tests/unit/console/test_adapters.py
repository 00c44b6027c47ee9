"""What the pages ask of Step Functions and CloudWatch, on stubs of the SDK's own models."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cognito_standby.console.adapters.histories import SfnHistories
from cognito_standby.console.adapters.lag import CloudWatchLag
from cognito_standby.core.domain.errors import MisconfiguredError

ARN = "arn:aws:states:us-east-1:111111111111:execution:standby-sync_user:x"
AT = datetime(2026, 1, 1, tzinfo=UTC)


def _client(service: str) -> Any:
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    return boto3.client(service, region_name="us-east-1", **keys)  # type: ignore[call-overload]


def _event(number: int, kind: str, **details: Any) -> dict[str, Any]:
    return {"timestamp": AT, "type": kind, "id": number, "previousEventId": number - 1, **details}


def test_a_history_is_read_page_after_page_without_what_names_people() -> None:
    client = _client("stepfunctions")
    entered = _event(1, "TaskStateEntered", stateEnteredEventDetails={"name": "Plan Sync"})
    failed = _event(
        2,
        "TaskFailed",
        taskFailedEventDetails={
            "resourceType": "lambda",
            "resource": "invoke",
            "error": "E",
            "cause": "ann@example.org",
        },
    )
    asked = {"executionArn": ARN, "maxResults": 1000, "includeExecutionData": False}
    with Stubber(client) as stub:
        first = {"events": [entered], "nextToken": "t"}
        stub.add_response("get_execution_history", first, asked)
        stub.add_response(
            "get_execution_history", {"events": [failed]}, {**asked, "nextToken": "t"}
        )
        history = SfnHistories(client).events(ARN)
    assert history is not None
    assert history.complete
    assert [(e.kind, e.state, e.error) for e in history.events] == [
        ("TaskStateEntered", "Plan Sync", ""),
        ("TaskFailed", "", "E"),
    ]
    assert "ann@example.org" not in str(history)


def test_an_execution_that_is_gone_is_nothing_and_a_refusal_is_told() -> None:
    client = _client("stepfunctions")
    with Stubber(client) as stub:
        for call in ("get_execution_history", "describe_state_machine_for_execution"):
            stub.add_client_error(call, "ExecutionDoesNotExist")
        stub.add_client_error("get_execution_history", "AccessDeniedException")
        histories = SfnHistories(client)
        assert histories.events(ARN) is None
        assert histories.definition(ARN) == ""
        with pytest.raises(MisconfiguredError):
            histories.events(ARN)


def test_of_several_metrics_the_worst_counts() -> None:
    client = _client("cloudwatch")
    own = {"Name": "service", "Value": "standby"}
    others = [[{"Name": "service", "Value": each}] for each in ("another", "standby-2")]
    metrics = [
        {"Namespace": "n", "MetricName": "m", "Dimensions": dimensions}
        for dimensions in ([own], *others, [own, {"Name": "reason", "Value": "r"}])
    ]
    later = AT + timedelta(minutes=5)

    def result(name: str, *values: float) -> dict[str, Any]:
        return {"Id": name, "Timestamps": [AT, later][: len(values)], "Values": list(values)}

    figures = [
        result("p50_0", 10.0, 20.0),
        result("p99_0", 30.0, 40.0),
        result("p50_1", 15.0),
        result("p99_1", 25.0),
    ]
    with Stubber(client) as stub:
        stub.add_response("list_metrics", {"Metrics": metrics})
        stub.add_response("get_metric_data", {"MetricDataResults": figures})
        points = CloudWatchLag(client, "standby").lag_over_time(AT, later, 300)
    assert [(p.at, p.p50, p.p99) for p in points] == [(AT, 15.0, 30.0), (later, 20.0, 40.0)]


@pytest.mark.parametrize("others", [(), ("another", "standby-2")])
def test_without_metrics_of_its_own_nothing_is_asked_for(others: tuple[str, ...]) -> None:
    client = _client("cloudwatch")
    metrics = [
        {"Namespace": "n", "MetricName": "m", "Dimensions": [{"Name": "service", "Value": each}]}
        for each in others
    ]
    with Stubber(client) as stub:
        stub.add_response("list_metrics", {"Metrics": metrics})
        assert CloudWatchLag(client, "standby").lag_over_time(AT, AT, 300) == ()
