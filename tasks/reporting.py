"""One structured line and a few business metrics per outcome; never an attribute value.

Users appear as a hash of their origin sub, the same in both Regions, so that lines join.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "CognitoStandby"
"""CloudWatch namespace of every metric. Dimension `service` is the installation's name."""


@cache
def logger() -> Logger:
    """The process's logger. Settings come from POWERTOOLS_* variables."""
    return Logger()


@cache
def metrics() -> Metrics:
    """The process's metrics, written as embedded metric format to the log."""
    return Metrics(namespace=NAMESPACE)


def report(message: str, counts: dict[str, float], **facts: Any) -> None:
    """Log one outcome and emit its metrics. Names ending in `Milliseconds` are durations."""
    logger().info(message, extra={name: value for name, value in facts.items() if value})
    for name, value in counts.items():
        duration = name.endswith("Milliseconds")
        unit = MetricUnit.Milliseconds if duration else MetricUnit.Count
        metrics().add_metric(name=name, unit=unit, value=value)
    if counts:
        metrics().flush_metrics()
