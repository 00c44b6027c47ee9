"""The alarms of reconciliation: what it found, what waits for somebody, and that it runs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from cognito_standby.domain.metrics import Metric
from stacks.config import Config
from stacks.constructs import metrics
from stacks.constructs.alarms import AlarmSpec, interval_seconds
from stacks.names import Names

_HOUR, _DAY = 3600, 86_400
_MOST_DAYS = 7
"""CloudWatch looks back a week at most (PutMetricAlarm, API reference)."""


def alarms(names: Names, config: Config) -> Iterator[AlarmSpec]:
    """Every alarm about reconciliation but those of its machine."""
    yield from _drift(names)
    yield AlarmSpec(
        "question-open",
        "question",
        "A reconciliation has stopped before it changes anything, and waits for an answer.",
        metrics.own(names, Metric.OPEN_QUESTIONS, "Maximum", 300),
    )
    yield AlarmSpec(
        "doubted",
        "doubted",
        "The pool is or was recovered, or the records table is another one: deletions wait.",
        metrics.own(names, Metric.DOUBTED, "Sum", 300),
    )
    days = max(2, math.ceil(2 * interval_seconds(config.schedules.reconcile) / _DAY))
    if days <= _MOST_DAYS:
        yield AlarmSpec(
            "reconciliation-missed",
            "reconciliation-missed",
            f"No reconciliation has ended for {days} days: what events missed stays unnoticed.",
            metrics.own(names, Metric.RECONCILIATIONS, "Sum", _DAY),
            threshold=1,
            periods=days,
            points=days,
            missing=True,
            below=True,
        )


def _drift(names: Names) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        "drift",
        "drift",
        "A reconciliation found users that the events had missed, and mended them.",
        metrics.own(names, Metric.DRIFT, "Sum", _HOUR),
    )
    yield AlarmSpec(
        "drift-repeats",
        "drift",
        "The same drift was found run after run: something does not capture it.",
        metrics.own(names, Metric.REPEATED_DRIFT, "Sum", _HOUR),
    )
    yield AlarmSpec(
        "drift-left",
        "drift",
        "A reconciliation could not mend everybody.",
        metrics.own(names, Metric.UNREPAIRED, "Sum", _HOUR),
    )
