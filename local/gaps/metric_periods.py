"""Gap: the periods of GetMetricData begin where they like.

CloudWatch rounds the start of what is asked down to a whole minute (GetMetricData, API reference,
"StartTime") and counts the periods from there: a request from 04:59 on with periods of 20 minutes
is told of 04:59, 05:19 and so on (CloudWatch's people in github.com/boto/boto3 issue 3457). The
emulator counts them from the full hour, so that one figure of the last hour becomes two at most
times of the day, the first perhaps of a single value, and whoever takes the worst of them is told
something else than on AWS.

Limits: metrics of a second's resolution, starts of more than 15 days ago (AWS: rounded to five
minutes, an hour), Expressions, ScanBy and pages of answers are as the emulator has them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from local.patching import replace, require

_MINUTE = 60
_USED = (
    *("_metrics", "_dims_key", "_dims_from_list", "_parse_ts", "_ts_iso", "_calc_stats"),
    *("_stat_value", "_cbor_metric_data_result", "_cbor_ok", "_json_ok"),
)


def install() -> None:
    """Count the periods of a request from its own start."""
    from ministack.services import cloudwatch  # noqa: PLC0415

    for name in _USED:
        require(hasattr(cloudwatch, name), f"cloudwatch.{name} is gone")
    replace(cloudwatch, "_get_metric_data", lambda inner: _counting(cloudwatch, inner))


def _counting(cloudwatch: Any, inner: Callable[..., Any]) -> Callable[..., Any]:
    def get_metric_data(params: Any, told: Any, is_cbor: bool, is_json: bool = False) -> Any:
        if not (is_cbor or is_json) or any("MetricStat" not in q for q in _queries(told)):
            return inner(params, told, is_cbor, is_json)
        span = (cloudwatch._parse_ts(told["StartTime"]), cloudwatch._parse_ts(told["EndTime"]))
        results = [
            _result(cloudwatch, query, *span)
            for query in _queries(told)
            if query.get("ReturnData", True)
        ]
        if is_json:
            return cloudwatch._json_ok({"MetricDataResults": results})
        wired = [cloudwatch._cbor_metric_data_result(each) for each in results]
        return cloudwatch._cbor_ok({"MetricDataResults": wired})

    return get_metric_data


def _queries(told: Mapping[str, Any]) -> list[Any]:
    return list(told.get("MetricDataQueries") or [])


def _result(cloudwatch: Any, query: Mapping[str, Any], start: float, end: float) -> dict[str, Any]:
    """Start and end in seconds since the epoch; the end belongs to what is asked no more."""
    asked, period = query["MetricStat"], int(query["MetricStat"]["Period"])
    start -= start % _MINUTE
    periods: dict[float, list[Any]] = defaultdict(list)
    for point in _points(cloudwatch, asked["Metric"]):
        if start <= point["Timestamp"] < end:
            periods[start + (point["Timestamp"] - start) // period * period].append(point)
    values = {
        at: cloudwatch._stat_value(cloudwatch._calc_stats(points), asked["Stat"], points)
        for at, points in sorted(periods.items())
    }
    known = {cloudwatch._ts_iso(at): value for at, value in values.items() if value is not None}
    return {
        "Id": query["Id"],
        "Label": query.get("Label", query["Id"]),
        "Timestamps": list(known),
        "Values": list(known.values()),
        "StatusCode": "Complete",
    }


def _points(cloudwatch: Any, metric: Mapping[str, Any]) -> list[Any]:
    """All that is kept of a metric: its name and its dimensions, exactly."""
    dimensions = cloudwatch._dims_from_list(metric.get("Dimensions") or [])
    key = (metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))
    return list(cloudwatch._metrics.get(key) or [])
