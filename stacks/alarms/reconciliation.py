"""The alarms of reconciliation: what it found, what waits for somebody, and that it runs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from cognito_standby.core.domain.metrics import Metric
from stacks.alarms.construct import AlarmSpec, window_seconds
from stacks.config.cadence import longest_gap_seconds
from stacks.config.model import Config
from stacks.constructs.monitoring import metrics
from stacks.names import Names

_HOUR, _DAY = 3600, 86_400
_FEWEST_DAYS = 2
"""However often it is scheduled: a run of a large pool takes hours, and a question waits a day."""


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
    yield _missed(names, config)


def _missed(names: Names, config: Config) -> AlarmSpec:
    """By the age that the sweep measures: CloudWatch looks back a week at most (PutMetricAlarm, API
    reference), and a schedule may be rarer. Without a sweep there is no age: `sweep-missed`."""
    days = max(_FEWEST_DAYS, math.ceil(2 * longest_gap_seconds(config.schedules.reconcile) / _DAY))
    window = window_seconds(config.schedules.sweep)
    return AlarmSpec(
        "reconciliation-missed",
        "reconciliation-missed",
        f"No reconciliation has ended for {days} days: what events missed stays unnoticed.",
        metrics.own(names, Metric.RECONCILIATION_AGE, "Maximum", window),
        threshold=days * _DAY,
    )


def _drift(names: Names) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        "drift",
        "drift",
        "A reconciliation found users that the events had missed, and repaired them.",
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
        "A reconciliation could not repair everybody.",
        metrics.own(names, Metric.UNREPAIRED, "Sum", _HOUR),
    )
