"""Plan Listing: the work items of one round of the listing. Input: {"run", "round"}."""

from __future__ import annotations

from typing import Any

from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.services.planning import plan_listing
from cognito_standby.reconciliation.services.spending import spending
from tasks.reconcile_step import hold, planned, run_of, world
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer where the items are, or that nothing is left."""
    run, ctx, number = run_of(event), world(event, context), int(event.get("round", 0))
    hold(ctx, run)
    with spending(ctx, run, WorkPhase.LISTING, f"plan-{number}") as counted_ctx:
        plan = plan_listing(counted_ctx, run, number)
    report("plan_listing: planned", {}, run=run.id, round=number, items=plan.count, done=plan.done)
    return planned(plan, number)
