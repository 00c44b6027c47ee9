"""Plan Repairs: the batches of one round of repairs.

Input: {"run", "round", "answer": what came of the brake's question}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.services.judging import note_approval
from cognito_standby.reconciliation.services.repair_rounds import plan_repairs
from tasks.reconcile_step import hold, planned, run_of, world
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer where the batches are, or that no suspect is left."""
    run, ctx, number = run_of(event), world(event, context), int(event.get("round", 0))
    hold(ctx, run)
    if number == 0 and text_of(event, "answer") == Answer.APPROVED:
        note_approval(ctx, run)
        ctx.register.settle(run.id)
    plan = plan_repairs(ctx, run, number)
    report("plan_repairs: planned", {}, run=run.id, round=number, items=plan.count, done=plan.done)
    return planned(plan, number)
