"""Close Run: gives the pool back. Input: {"run", "report": the answer of Write Report}."""

from __future__ import annotations

from typing import Any

from tasks.reconcile_step import run_of, world
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer what became of the run."""
    run, ctx = run_of(event), world(event, context)
    ctx.register.settle(run.id)
    ctx.register.close(run)
    told = event.get("report")
    report("close_run: closed", {}, run=run.id)
    return {**(told if isinstance(told, dict) else {}), "run": run.id}
