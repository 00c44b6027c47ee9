"""Metrics that functions print: what becomes of them in CloudWatch."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.emulator import LocalAws
from local.gaps.embedded_metrics import MOST_VALUES, points_of
from tests.local.conftest import OTHER_REGION, REGION, eventually, function, unique

PRINTS = """
import json, time
def handler(event, context):
    told = {"Namespace": event["namespace"], "Dimensions": [["service"], ["service", "kind"]],
            "Metrics": [{"Name": "Lag", "Unit": "Milliseconds"}]}
    told = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [told]}
    print("a word before")
    print(json.dumps({"_aws": told, "service": "ours", "kind": "slow", "Lag": event["values"]}))
"""


def line(**more: Any) -> str:
    directive = {"Namespace": "n", "Dimensions": [["service"]], "Metrics": [{"Name": "Lag"}]}
    told = {"Timestamp": 1_500, "CloudWatchMetrics": [{**directive, **more.pop("directive", {})}]}
    return json.dumps({"_aws": told, "service": "ours", "Lag": 3, **more})


def test_a_line_is_read_as_the_specification_says() -> None:
    (one,) = points_of(line())
    told = (one.namespace, one.name, one.dimensions, one.unit, one.value, one.at)
    assert told == ("n", "Lag", {"service": "ours"}, "None", 3.0, 1.5)
    assert [point.value for point in points_of(line(Lag=[1, 2.5]))] == [1.0, 2.5]
    assert [point.dimensions for point in points_of(line(directive={"Dimensions": [[]]}))] == [{}]


@pytest.mark.parametrize(
    "other",
    [
        "a word",
        '{"_aws": ',
        json.dumps({"_aws": {"CloudWatchMetrics": []}, "Lag": 3}),
        line(directive={"Dimensions": [["who"]]}),
        line(directive={"Metrics": [{"Name": "Nothing"}]}),
        line(Lag="fast"),
        line(Lag=[0] * (MOST_VALUES + 1)),
    ],
)
def test_what_is_not_in_the_format_is_no_metric(other: str) -> None:
    assert points_of(other) == []


@pytest.mark.local_aws
def test_a_metric_of_one_sets_off_no_alarm_of_another(aws: LocalAws) -> None:
    """The emulator's own rule would: it compares names, and not dimensions."""
    metrics, about = aws.client("cloudwatch", REGION), {"Namespace": "alarmed", "MetricName": "Lag"}
    name = unique("alarm")
    metrics.put_metric_alarm(
        AlarmName=name,
        Dimensions=[{"Name": "service", "Value": "ours"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        **about,
    )
    others = {"Dimensions": [{"Name": "service", "Value": "others"}], "Value": 9.0}
    metrics.put_metric_data(Namespace="alarmed", MetricData=[{"MetricName": "Lag", **others}])
    (alarm,) = metrics.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"


@pytest.mark.local_aws
def test_a_printed_metric_is_found_and_read_in_its_region_alone(aws: LocalAws) -> None:
    namespace, arn = "printed", function(aws, PRINTS)
    event = {"namespace": namespace, "values": [10, 30]}
    aws.client("lambda", REGION).invoke(FunctionName=arn, Payload=json.dumps(event))
    metrics, now = aws.client("cloudwatch", REGION), datetime.now(UTC)

    def listed() -> Any:
        return metrics.list_metrics(Namespace=namespace, MetricName="Lag")["Metrics"]

    eventually(lambda: len(listed()) == 2)
    sets = [{each["Name"]: each["Value"] for each in one["Dimensions"]} for one in listed()]
    assert {"service": "ours"} in sets
    query = {"Namespace": namespace, "MetricName": "Lag"}
    dimensions = [{"Name": "service", "Value": "ours"}]
    stat = {"Metric": {**query, "Dimensions": dimensions}, "Period": 3600, "Stat": "Average"}
    answer = metrics.get_metric_data(
        MetricDataQueries=[{"Id": "lag", "MetricStat": stat}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
    )
    assert answer["MetricDataResults"][0]["Values"] == [20.0]
    elsewhere = aws.client("cloudwatch", OTHER_REGION)
    assert not elsewhere.list_metrics(Namespace=namespace)["Metrics"]
