"""Which alarms there are about the pool's configuration."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.core.domain.metrics import Metric
from stacks.alarms.construct import AlarmSpec, window_seconds
from stacks.config.model import Config
from stacks.constructs.monitoring import metrics
from stacks.names import Names

OLD_SECONDS = 30 * 3600
"""A day, and a quarter of one for a deployment, a throttled look or an account in trouble."""


def alarms(names: Names, config: Config) -> Iterator[AlarmSpec]:
    """Changed without a word, or not looked at."""
    seconds = window_seconds(config.schedules.sweep)
    yield AlarmSpec(
        "configuration-changed",
        "configuration-changed",
        "The pool is gone, was replaced, or is set up otherwise than was accepted.",
        metrics.own(names, Metric.CONFIGURATION_CHANGES, "Maximum", seconds),
    )
    yield AlarmSpec(
        "configuration-old",
        "configuration-old",
        "The pool's configuration has not been read for more than a day.",
        metrics.own(names, Metric.CONFIGURATION_AGE, "Maximum", seconds),
        threshold=OLD_SECONDS,
        missing=True,
    )
