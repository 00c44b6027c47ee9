"""What a Region reports about itself: queue, ledger, metrics, alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.adapters.conflict_items import listed_key
from cognito_standby.core.adapters.items import plain, wire
from cognito_standby.core.domain.conflicts import Weight
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.ledger_keys import BY_ATTENTION
from cognito_standby.core.domain.metrics import NAMESPACE, Metric
from cognito_standby.operator.ports import Attention, Lag

_ATTENTION = (SyncState.APPLYING, SyncState.FAILED, SyncState.QUARANTINED)
_SAMPLE = 25
_PAGES = 5
_MINUTE = timedelta(minutes=1)
_METRICS = 10


class AwsGauges:
    """Gauges of one Region. `clients` has sqs, dynamodb and cloudwatch."""

    def __init__(
        self,
        clients: Mapping[str, Any],
        *,
        installation: str,
        ledger_table: str,
        parked_hints_url: str,
    ) -> None:
        self._clients, self._installation = clients, installation
        self._ledger_table, self._parked = ledger_table, parked_hints_url

    def parked_hints(self) -> int | None:
        """One GetQueueAttributes. Nothing is received: that would count as an attempt."""
        if not self._parked:
            return None
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        with translated():
            answer = self._clients["sqs"].get_queue_attributes(
                QueueUrl=self._parked, AttributeNames=names
            )
        return sum(int(answer["Attributes"].get(name, 0)) for name in names)

    def attention(self) -> Attention | None:
        """A few Queries of the sparse index; above 5 MB of rows the counts are a lower bound."""
        counts: dict[str, int] = {}
        subjects: list[str] = []
        for state in _ATTENTION:
            rows = self._rows(state.value)
            if rows is None:
                return None
            counts[state.value] = len(rows)
            subjects += rows
        return Attention(counts, tuple(subjects[:_SAMPLE]))

    def conflicts(self) -> Attention | None:
        """The same for the list of conflicts, the worst first."""
        rows = {weight.value: self._rows(weight.value) for weight in Weight}
        known = {weight: keys for weight, keys in rows.items() if keys is not None}
        if len(known) < len(rows):
            return None
        subjects = dict.fromkeys(listed_key(key) for keys in known.values() for key in keys)
        counts = {weight: len(keys) for weight, keys in known.items()}
        return Attention(counts, tuple(subjects)[:_SAMPLE])

    def lag(self, since: datetime, until: datetime) -> Lag | None:
        """ListMetrics and one GetMetricData. Of several metrics the worst counts."""
        found = self._figures(Metric.REPLICATION_LAG, ("p50", "p99"), (since, until))
        values = {"p50": found.get("p50", []), "p99": found.get("p99", [])}
        if not values["p50"]:
            return None
        return Lag(p50=max(values["p50"]), p99=max(values["p99"] or values["p50"]))

    def canary(self, since: datetime, until: datetime) -> float | None:
        """The same two."""
        found = self._figures(Metric.CANARY_LAG, ("Maximum",), (since, until))
        return max(found.get("Maximum", []), default=None)

    def _figures(
        self, metric: Metric, stats: tuple[str, ...], span: tuple[datetime, datetime]
    ) -> dict[str, list[float]]:
        """Statistic -> its value over the whole span, of each metric; none where the installation
        told nothing of the metric for two weeks. What is another one's in the account and Region
        says nothing of this one."""
        cloudwatch = self._clients["cloudwatch"]
        start, period = _one_period(*span)
        values: dict[str, list[float]] = {}
        with translated():
            listed = cloudwatch.list_metrics(Namespace=NAMESPACE, MetricName=metric.value)
            own = self._own(listed["Metrics"])
            if not own:
                return values
            answer = cloudwatch.get_metric_data(
                MetricDataQueries=_queries(metric, own, stats, period),
                StartTime=start,
                EndTime=span[1],
            )
        for result in answer["MetricDataResults"]:
            values.setdefault(str(result["Id"]).partition("_")[2], []).extend(result["Values"])
        return values

    def alarms(self) -> Sequence[str]:
        """One DescribeAlarms: the installation's, by its prefix."""
        with translated():
            answer = self._clients["cloudwatch"].describe_alarms(
                AlarmNamePrefix=f"{self._installation}-",
                StateValue="ALARM",
                AlarmTypes=["MetricAlarm", "CompositeAlarm"],
            )
        found = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
        return sorted(alarm["AlarmName"] for alarm in found)

    def _rows(self, attention: str) -> list[str] | None:
        request: dict[str, Any] = {
            "TableName": self._ledger_table,
            "IndexName": BY_ATTENTION,
            "KeyConditionExpression": "attention = :state",
            "ExpressionAttributeValues": wire({":state": attention}),
        }
        keys: list[str] = []
        for _ in range(_PAGES):
            with translated():
                try:
                    answer = self._clients["dynamodb"].query(**request)
                except ClientError as error:
                    if code_of(error) in ("ValidationException", "ResourceNotFoundException"):
                        return None
                    raise
            keys += [str(plain(item)["subject"]) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return keys

    def _own(self, listed: Sequence[Any]) -> list[Any]:
        """The installation's: their functions say whose they are by the dimension `service`."""
        whose = {"Name": "service", "Value": self._installation}
        return [metric for metric in listed if whose in metric["Dimensions"]][:_METRICS]


def _one_period(since: datetime, until: datetime) -> tuple[datetime, int]:
    """When a period begins that has all of the span, but for the rest of its first minute, and its
    seconds. CloudWatch counts periods from the start, which it rounds down to a whole minute. With
    two periods the few values of a minute would have a percentile of their own, as the worst."""
    begun = timedelta(seconds=since.second, microseconds=since.microsecond)
    start = since - begun + _MINUTE if begun else since
    return start, 60 * ceil((until - start) / _MINUTE)


def _queries(
    metric: Metric, found: Sequence[Any], stats: tuple[str, ...], period: int
) -> list[dict[str, Any]]:
    return [
        {
            "Id": f"q{number}_{stat}",
            "MetricStat": {
                "Metric": {
                    "Namespace": NAMESPACE,
                    "MetricName": metric.value,
                    "Dimensions": each["Dimensions"],
                },
                "Period": period,
                "Stat": stat,
            },
        }
        for number, each in enumerate(found)
        for stat in stats
    ]
