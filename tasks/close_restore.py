"""Close Restore: writes the report, and gives the pool back. Input: {"run"}."""

from __future__ import annotations

from typing import Any

from cognito_standby.recovery.services.restore_ending import close_restore, name_of
from tasks.reconcile_step import run_of
from tasks.reporting import counted, report
from tasks.restore_step import world


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer what came of it in figures, and where the report is."""
    run = run_of(event)
    ended = close_restore(world(event, context), run)
    told = {"ran": ended.ran, "planned": dict(ended.plan.actions), "outcomes": dict(ended.outcomes)}
    report("close_restore: closed", {}, restore=run.id, **told)
    outcome = "restored" if ended.ran else "planned"
    return {"outcome": outcome, **told, "report": name_of(run), "keeps_past": ended.keeps_past}
