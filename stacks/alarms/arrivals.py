"""Alarms of the trigger that makes people when they first come; of a pool that is filled on demand.

It answers whatever happens, so an error of the function's is a process that could not start.
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.core.domain.metrics import Metric
from stacks.alarms.construct import AlarmSpec
from stacks.alarms.triggers import held_up
from stacks.constructs.monitoring import metrics
from stacks.names import Names

RUNBOOK = "arrivals"
TASK = "user_migration"


def alarms(names: Names) -> Iterator[AlarmSpec]:
    """While one of them is on, people who are awaited cannot come; who is in the pool can."""
    function, awaited = names.function(TASK), "People who are awaited cannot come: UserMigration"
    yield AlarmSpec(
        f"{TASK}-errors",
        RUNBOOK,
        f"{awaited} fails.",
        metrics.function(function, "Errors"),
        periods=3,
        points=2,
    )
    yield from held_up(TASK, RUNBOOK, awaited, function)
    yield AlarmSpec(
        "arrivals-unread",
        RUNBOOK,
        f"{awaited} cannot read what it goes by, or has no time.",
        metrics.own(names, Metric.ARRIVALS_UNREAD, "Sum", 300),
        periods=3,
        points=2,
    )
