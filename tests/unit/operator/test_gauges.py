"""Figures of CloudWatch, as the operator's gauges read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from cognito_standby.core.domain.metrics import NAMESPACE, Metric
from cognito_standby.operator.adapters.gauges import AwsGauges
from cognito_standby.operator.ports import Lag

SINCE = datetime(2026, 3, 4, 5, tzinfo=UTC)
UNTIL = SINCE + timedelta(hours=1)


def gauges(client: Any) -> AwsGauges:
    return AwsGauges(
        {"cloudwatch": client}, installation="standby", ledger_table="l", parked_hints_url=""
    )


def cloudwatch() -> Any:
    return boto3.client(
        "cloudwatch",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def listed(metric: Metric, of: str = "standby") -> tuple[dict[str, Any], dict[str, Any]]:
    own = [{"Name": "service", "Value": of}]
    found = [{"Namespace": NAMESPACE, "MetricName": metric.value, "Dimensions": own}]
    return {"Metrics": found}, {"Namespace": NAMESPACE, "MetricName": metric.value}


def told(**figures: list[float]) -> dict[str, Any]:
    results = [
        {"Id": f"q0_{stat}", "Timestamps": [UNTIL] * len(values), "Values": values}
        for stat, values in figures.items()
    ]
    return {"MetricDataResults": results}


def test_the_canary_is_as_late_as_it_was_at_most() -> None:
    client = cloudwatch()
    with Stubber(client) as stub:
        stub.add_response("list_metrics", *listed(Metric.CANARY_LAG))
        asked = {"MetricDataQueries": ANY, "StartTime": SINCE, "EndTime": UNTIL}
        stub.add_response("get_metric_data", told(Maximum=[3.0, 40.0]), asked)
        assert gauges(client).canary(SINCE, UNTIL) == 40.0


def test_one_period_is_asked_for_that_ends_after_the_span() -> None:
    """CloudWatch would round the start down, and a second period would have the last seconds."""
    client, seconds = cloudwatch(), timedelta(seconds=42, microseconds=7)
    with Stubber(client) as stub:
        stub.add_response("list_metrics", *listed(Metric.REPLICATION_LAG))
        own = [{"Name": "service", "Value": "standby"}]
        metric = {"Namespace": NAMESPACE, "MetricName": Metric.REPLICATION_LAG.value}
        queries = [
            {
                "Id": f"q0_{stat}",
                "MetricStat": {
                    "Metric": {**metric, "Dimensions": own},
                    "Period": 3600,
                    "Stat": stat,
                },
            }
            for stat in ("p50", "p99")
        ]
        span = {"StartTime": SINCE + timedelta(minutes=1), "EndTime": UNTIL + seconds}
        answer = told(p50=[1.0], p99=[2.0])
        stub.add_response("get_metric_data", answer, {"MetricDataQueries": queries, **span})
        assert gauges(client).lag(SINCE + seconds, UNTIL + seconds) == Lag(1.0, 2.0)


def test_where_nobody_told_anything_nothing_is_known() -> None:
    client = cloudwatch()
    with Stubber(client) as stub:
        for metric in (Metric.CANARY_LAG, Metric.REPLICATION_LAG):
            stub.add_response("list_metrics", *listed(metric))
            stub.add_response("get_metric_data", told(Maximum=[], p50=[], p99=[]))
            stub.add_response("list_metrics", {"Metrics": []})
        made = gauges(client)
        assert [made.canary(SINCE, UNTIL), made.canary(SINCE, UNTIL)] == [None, None]
        assert [made.lag(SINCE, UNTIL), made.lag(SINCE, UNTIL)] == [None, None]


def test_of_several_metrics_the_worst_is_the_lag() -> None:
    client = cloudwatch()
    with Stubber(client) as stub:
        stub.add_response("list_metrics", *listed(Metric.REPLICATION_LAG))
        results = [
            {"Id": f"q1_{stat}", "Values": [value]} for stat, value in (("p50", 2.0), ("p99", 3.0))
        ]
        figures = told(p50=[1.0], p99=[5.0])["MetricDataResults"] + results
        stub.add_response("get_metric_data", {"MetricDataResults": figures})
        assert gauges(client).lag(SINCE, UNTIL) == Lag(2.0, 5.0)


@pytest.mark.parametrize("other", ["another", "standby-2"])
def test_the_figures_of_another_installation_are_not_its_own(other: str) -> None:
    """Where nothing arrives, a neighbour's short lag would let a failover through."""
    client = cloudwatch()
    with Stubber(client) as stub:
        for metric in (Metric.REPLICATION_LAG, Metric.CANARY_LAG):
            stub.add_response("list_metrics", *listed(metric, other))
        made = gauges(client)
        assert made.lag(SINCE, UNTIL) is None
        assert made.canary(SINCE, UNTIL) is None
