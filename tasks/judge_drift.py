"""Judge Drift: adds up what was compared, and applies the brake. Input: {"run"}."""

from __future__ import annotations

from typing import Any

from cognito_standby.reconciliation.services.judging import judge
from cognito_standby.reconciliation.services.settling import wake_erased
from tasks.reconcile_step import bus, hold, run_of, settings, world
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer with the verdict that the machine routes by."""
    run, ctx = run_of(event), world(event, context)
    hold(ctx, run)
    judgement = judge(ctx, run)
    verdict = judgement.verdict.value
    wake_erased(ctx, bus(), judgement)
    report(f"judge_drift: {verdict}", {}, run=run.id, reasons=list(judgement.reasons))
    return {"verdict": verdict, "approval_seconds": settings().approval_seconds}
