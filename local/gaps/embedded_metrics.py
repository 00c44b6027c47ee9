"""Gap: metrics that functions write to their logs do not become metrics.

Lambda sends what a function prints to CloudWatch Logs, which turns each line in the embedded metric
format into metrics ("Specification: Embedded metric format", CloudWatch user guide): one of each
name for each set of dimensions, with the values that the line has for it. The emulator keeps the
lines and makes no metrics, so that whatever looks at figures (`standby status`, checks of a
failover, alarms) finds none.

Each line is read when the function's process has printed it, not when the emulator fetches the log
of an invocation, which may be the next one's. A line that is not in the format makes no metric, as
on AWS.

The emulator looks at an alarm when it is made, and at all of them when somebody puts a metric, by a
rule that knows neither dimensions nor missing data: a metric of one function would set off the
alarms of others. So it does not look; an alarm has the state that SetAlarmState gives it.

Limits: metrics are there at once (AWS: within a minute or two); no `StorageResolution`; a line's
time counts however old it is; whether the function's role may write its log is not asked.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.patching import replace, require

_MARK = '"_aws"'
MOST_VALUES, MOST_DIMENSIONS = 100, 30
"""Of one metric of a line, and of one set of dimensions (the specification)."""


@dataclass(frozen=True)
class Point:
    """One value of one metric. `at`: seconds since the epoch."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    unit: str
    value: float
    at: float


def points_of(line: str) -> list[Point]:
    """What a line of a log tells, if it is in the format; otherwise nothing."""
    if _MARK not in line:
        return []
    try:
        told = json.loads(line)
        at = float(told["_aws"]["Timestamp"]) / 1000
        return [
            point
            for directive in told["_aws"]["CloudWatchMetrics"]
            for point in _of_directive(told, directive, at)
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _of_directive(told: Mapping[str, Any], directive: Any, at: float) -> Iterator[Point]:
    """KeyError, TypeError, ValueError: a part that the specification demands is missing."""
    for names in directive["Dimensions"]:
        if len(names) > MOST_DIMENSIONS:
            raise ValueError("too many dimensions")
        dimensions = {name: str(told[name]) for name in names}
        for metric in directive["Metrics"]:
            name, unit = str(metric["Name"]), str(metric.get("Unit", "None"))
            given = told[name]
            values = given if isinstance(given, list) else [given]
            if len(values) > MOST_VALUES:
                raise ValueError("too many values")
            for value in values:
                namespace = str(directive["Namespace"])
                yield Point(namespace, name, dimensions, unit, float(value), at)


def install() -> None:
    """Read the lines of every process that runs a function."""
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import cloudwatch  # noqa: PLC0415

    for name in ("_metrics", "_dims_key"):
        require(hasattr(cloudwatch, name), f"cloudwatch.{name} is gone")
    lock = threading.Lock()
    replace(lambda_runtime.Worker, "_read_stderr", lambda _: _reading(cloudwatch, lock))
    replace(cloudwatch, "_evict_old_metrics", lambda evict: _alone(evict, lock))
    replace(cloudwatch, "_evaluate_alarm", lambda _: _left)


def _left(_alarm: Any) -> None:
    """Its state stays."""


def _reading(cloudwatch: Any, lock: threading.Lock) -> Callable[[Any], None]:
    """As the emulator's own: until the process ends, each line into the worker's queue."""

    def read(worker: Any) -> None:
        lines, arn = worker._stderr_queue, str(worker.config.get("FunctionArn", ""))
        try:
            for raw in worker._proc.stderr:
                line = raw.rstrip("\n")
                for point in points_of(line):
                    with lock:
                        _store(cloudwatch, arn, point)
                lines.put(line)
        except (OSError, ValueError):
            return  # the process ended, and its pipe with it

    return read


def _alone(evict: Callable[[], None], lock: threading.Lock) -> Callable[[], None]:
    """It writes the points anew that are young enough: none may come in between."""

    def evicted() -> None:
        with lock:
            evict()

    return evicted


def _store(cloudwatch: Any, arn: str, point: Point) -> None:
    _, _, _, region, account, *_ = arn.split(":")
    metrics, dimensions = cloudwatch._metrics, dict(point.dimensions)
    key = (point.namespace, point.name, cloudwatch._dims_key(dimensions))
    kept = metrics.get_scoped(account, region, key)
    if kept is None:
        kept = []
        metrics.set_scoped(account, region, key, kept)
    kept.append(
        {
            "Timestamp": point.at,
            "Value": point.value,
            "Unit": point.unit,
            "Dimensions": dimensions,
        }
    )
