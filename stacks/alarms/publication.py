"""Which alarms there are about what is published of the active pool."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.core.domain.metrics import Metric
from stacks.alarms.construct import AlarmSpec, window_seconds
from stacks.config.model import Config
from stacks.constructs.monitoring import metrics
from stacks.names import Names


def alarms(names: Names, config: Config) -> Iterator[AlarmSpec]:
    """Late, and what goes with it undone."""
    seconds = window_seconds(config.schedules.publish)
    yield AlarmSpec(
        "active-unpublished",
        "active-unpublished",
        "What this Region publishes of the active pool may be older than the claims.",
        metrics.own(names, Metric.ACTIVE_PUBLISHED, "Sum", seconds),
        threshold=1,
        missing=True,
        below=True,
    )
    yield AlarmSpec(
        "active-trouble",
        "active-trouble",
        "Operators were not told that the active Region turned, or the sign-in limit was not set.",
        metrics.own(names, Metric.ACTIVE_TROUBLE, "Sum", seconds),
    )
