"""Plan Comparison: the buckets of shards. Input: {"run"}."""

from __future__ import annotations

from typing import Any

from cognito_standby.reconciliation.services.buckets import plan_comparison
from tasks.reconcile_step import hold, planned, run_of, world
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer where the buckets are."""
    run, ctx = run_of(event), world(event, context)
    hold(ctx, run)
    plan = plan_comparison(ctx, run)
    report("plan_comparison: planned", {}, run=run.id, buckets=plan.count)
    return planned(plan, 0)
