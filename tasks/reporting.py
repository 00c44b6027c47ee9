"""One structured line and a few business metrics per outcome; never an attribute value.

Users appear as a hash of their origin sub, which is the same in both Regions, so that their log
lines can be joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from cognito_standby.core.domain.errors import (
    NotBelievedError,
    PoolPausedError,
    StandbyError,
    ThrottledError,
)
from cognito_standby.core.domain.ledger import execution_of
from cognito_standby.core.domain.metrics import NAMESPACE, Metric

_COUNTED: Mapping[type[StandbyError], Metric] = {
    ThrottledError: Metric.THROTTLED,
    NotBelievedError: Metric.DOUBTED,
    PoolPausedError: Metric.DOUBTED,
}
"""Errors that are metrics as well."""

Handler = Callable[[dict[str, Any], object], dict[str, Any]]


@cache
def logger() -> Logger:
    """The process's logger. Settings come from POWERTOOLS_* variables."""
    return Logger()


@cache
def metrics() -> Metrics:
    """The process's metrics, written as embedded metric format to the log."""
    return Metrics(namespace=NAMESPACE)


def report(message: str, counts: dict[str, float], **facts: Any) -> None:
    """Log one outcome and emit its metrics, each in the unit that its name ends with."""
    logger().info(message, extra={name: value for name, value in facts.items() if value})
    for name, value in counts.items():
        metrics().add_metric(name=name, unit=_unit(name), value=value)
    if counts:
        metrics().flush_metrics()


def count_skipped(reason: str) -> None:
    """Count a skipped subject by the reason, which is one of a few texts of ours."""
    metric = single_metric(Metric.SKIPPED, MetricUnit.Count, 1, namespace=NAMESPACE)
    with metric as skipped:
        skipped.add_dimension("service", logger().service)
        skipped.add_dimension("reason", reason)


def count_drift(kind: str, number: int) -> None:
    """Count drift by its kind, which is one of a few texts of ours; beside the sum of all."""
    metric = single_metric(Metric.DRIFT, MetricUnit.Count, number, namespace=NAMESPACE)
    with metric as drift:
        drift.add_dimension("service", logger().service)
        drift.add_dimension("kind", kind)


def count_by_reason(metric: Metric, numbers: Mapping[str, int]) -> None:
    """Count something by reasons, each of which is one of a few texts of ours; beside the sum."""
    for reason, number in numbers.items():
        by_reason = single_metric(metric, MetricUnit.Count, number, namespace=NAMESPACE)
        with by_reason as single:
            single.add_dimension("service", logger().service)
            single.add_dimension("reason", reason)


def counted(handler: Handler) -> Handler:
    """Log what a task raises, by class; count throttles and doubts. The machine decides what
    happens then."""
    step = handler.__module__.rsplit(".", 1)[-1]

    @wraps(handler)
    def counting(event: dict[str, Any], context: object) -> dict[str, Any]:
        try:
            return handler(event, context)
        except StandbyError as error:
            metric = _COUNTED.get(type(error))
            report(
                f"{step}: {type(error).__name__}",
                {metric: 1} if metric else {},
                execution=execution_of(str(event.get("holder") or event.get("owner") or "")),
                change_id=event.get("change_id"),
            )
            raise

    return counting


def _unit(name: str) -> MetricUnit:
    if name.endswith("Milliseconds"):
        return MetricUnit.Milliseconds
    return MetricUnit.Seconds if name.endswith("Seconds") else MetricUnit.Count
