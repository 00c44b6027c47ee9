"""The replication lag over time, on CloudWatch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cognito_standby.console.ports import LagPoint
from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.domain.metrics import NAMESPACE, Metric

_METRICS = 10
_STATS = ("p50", "p99")


class CloudWatchLag:
    """LagFigures of one Region: of the installation that the dimension `service` names."""

    def __init__(self, client: Any, installation: str) -> None:
        self._client, self._installation = client, installation

    def lag_over_time(self, since: datetime, until: datetime, seconds: int) -> Sequence[LagPoint]:
        """ListMetrics and one GetMetricData. Of several metrics the worst counts."""
        with translated():
            listed = self._client.list_metrics(
                Namespace=NAMESPACE, MetricName=Metric.REPLICATION_LAG.value
            )["Metrics"]
            whose = {"Name": "service", "Value": self._installation}
            own = [each for each in listed if whose in each["Dimensions"]]
            if not own:
                return ()
            answer = self._client.get_metric_data(
                MetricDataQueries=_queries(own, seconds),
                StartTime=since,
                EndTime=until,
                ScanBy="TimestampAscending",
            )
        worst: dict[str, dict[datetime, float]] = {stat: {} for stat in _STATS}
        for result in answer["MetricDataResults"]:
            of = worst[result["Id"].split("_")[0]]
            for at, value in zip(result["Timestamps"], result["Values"], strict=True):
                of[at] = max(value, of.get(at, 0.0))
        return [
            LagPoint(at, p50, worst["p99"].get(at, p50)) for at, p50 in sorted(worst["p50"].items())
        ]


def _queries(own: Sequence[Any], seconds: int) -> list[dict[str, Any]]:
    metric = {"Namespace": NAMESPACE, "MetricName": Metric.REPLICATION_LAG.value}
    return [
        {
            "Id": f"{stat}_{number}",
            "MetricStat": {
                "Metric": {**metric, "Dimensions": each["Dimensions"]},
                "Period": seconds,
                "Stat": stat,
            },
        }
        for number, each in enumerate(own[:_METRICS])
        for stat in _STATS
    ]
