"""Measure RPO: change the canary in the active Region, look at it in the standby. No input."""

from __future__ import annotations

from typing import Any

from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.settings import CanarySettings
from cognito_standby.replication.services.measure import measure_rpo
from tasks.reporting import counted, report
from tasks.sync_step import context


@counted
def handler(_: dict[str, Any], __: object) -> dict[str, Any]:
    """Answer with what was measured."""
    found = measure_rpo(context(), CanarySettings.from_env().canary_seconds)
    if found.paused:
        report("measure_rpo: not changed", {}, why=found.paused.value)
    elif found.active:
        report("measure_rpo: changed", {Metric.CANARY_CHANGES: 1})
    elif found.lag_seconds is None:
        report("measure_rpo: no canary", {Metric.CANARY_MISSING: 1})
    else:
        report("measure_rpo: seen", {Metric.CANARY_LAG: found.lag_seconds})
    return {"active": found.active, "lag_seconds": found.lag_seconds}
