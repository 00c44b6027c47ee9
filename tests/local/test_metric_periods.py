"""Figures over a span: where its periods begin, and what becomes of them in `standby status`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cognito_standby.core.domain.metrics import NAMESPACE, Metric
from cognito_standby.operator.adapters.gauges import AwsGauges
from cognito_standby.operator.ports import Lag
from local.emulator import LocalAws
from tests.local.conftest import REGION, unique

pytestmark = pytest.mark.local_aws

HOUR = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
"""A full hour in the middle of what is asked for."""
SINCE, UNTIL = HOUR - timedelta(minutes=20), HOUR + timedelta(minutes=40)


@pytest.fixture
def metrics(aws: LocalAws) -> Any:
    return aws.client("cloudwatch", REGION)


def put(metrics: Any, installation: str, at: datetime, values: dict[float, int]) -> None:
    """Lags in milliseconds, and how often each was seen."""
    datum = {
        "MetricName": Metric.REPLICATION_LAG.value,
        "Dimensions": [{"Name": "service", "Value": installation}],
        "Timestamp": at,
        "Values": list(values),
        "Counts": [float(count) for count in values.values()],
        "Unit": "Milliseconds",
    }
    metrics.put_metric_data(Namespace=NAMESPACE, MetricData=[datum])


def asked(metrics: Any, installation: str, since: datetime, period: int) -> dict[datetime, float]:
    stat = {
        "Metric": {
            "Namespace": NAMESPACE,
            "MetricName": Metric.REPLICATION_LAG.value,
            "Dimensions": [{"Name": "service", "Value": installation}],
        },
        "Period": period,
        "Stat": "Maximum",
    }
    queries = [{"Id": "q", "MetricStat": stat}]
    told = metrics.get_metric_data(MetricDataQueries=queries, StartTime=since, EndTime=UNTIL)
    (result,) = told["MetricDataResults"]
    return dict(zip(result["Timestamps"], result["Values"], strict=True))


def test_periods_begin_with_the_minute_that_is_asked_for(metrics: Any) -> None:
    name = unique("periods")
    put(metrics, name, SINCE, {1.0: 1})
    put(metrics, name, HOUR - timedelta(seconds=1), {2.0: 1})
    put(metrics, name, HOUR, {3.0: 1})
    late = SINCE + timedelta(seconds=42)
    assert asked(metrics, name, late, 3600) == {SINCE: 3.0}
    assert asked(metrics, name, late, 1200) == {SINCE: 2.0, HOUR: 3.0}
    assert asked(metrics, name, late + timedelta(minutes=1), 1200) == {
        SINCE + timedelta(minutes=1): 3.0
    }


@pytest.mark.parametrize("seconds", [0, 42])
def test_few_slow_ones_on_one_side_of_a_full_hour_are_few(metrics: Any, seconds: int) -> None:
    """All values of the span have one percentile: neither the few before the full hour nor those of
    the minute that has just begun have one of their own."""
    name, moment = unique("lag"), timedelta(seconds=seconds)
    put(metrics, name, HOUR - timedelta(minutes=5), {38_500.0: 2})
    put(metrics, name, HOUR + timedelta(minutes=5), {5_000.0: 9_900, 9_900.0: 400})
    put(metrics, name, UNTIL + timedelta(seconds=20), {60_000.0: 1})
    gauges = AwsGauges(
        {"cloudwatch": metrics}, installation=name, ledger_table="", parked_hints_url=""
    )
    assert gauges.lag(SINCE + moment, UNTIL + moment) == Lag(p50=5_000, p99=9_900)
