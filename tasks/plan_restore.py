"""Plan Restore: who is looked at, or restored, in this round. Input: {"run", "round"}."""

from __future__ import annotations

from typing import Any

from cognito_standby.recovery.services.restore_planning import plan_restore
from tasks.reconcile_step import hold, planned, run_of
from tasks.reporting import counted, report
from tasks.restore_step import world


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer where the work items are, or that nothing is left."""
    run, ctx, number = run_of(event), world(event, context), int(event["round"])
    hold(ctx.region, run)
    plan = plan_restore(ctx, run, number)
    report("plan_restore: planned", {}, restore=run.id, round=number, items=plan.count)
    return planned(plan, number)
