"""Restore Part: looks at everybody of a segment, or restores everybody of a batch.

Input: {"run", "item", "width"}. Its own calls to the pool are no hints, like those of sync_user.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.core.domain.plain import from_plain
from cognito_standby.recovery.domain.restore_plan import Work, WorkKind
from cognito_standby.recovery.services.restore_looking import look_at_segment
from cognito_standby.recovery.services.restore_planning import begun_of
from cognito_standby.recovery.services.restore_work import restore_batch
from tasks.reconcile_step import run_of
from tasks.reporting import counted, report
from tasks.restore_step import world


@counted
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer whether the part is done; its files say the rest."""
    run, work = run_of(event), from_plain(Work, event.get("item"))
    ctx = world(event, context)
    match work.kind:
        case WorkKind.LOOK:
            done = look_at_segment(ctx, run, begun_of(ctx.store(run)), work.name)
        case WorkKind.RESTORE:
            # Leases belong to this invocation: one without an answer may still run when the state
            # is retried.
            holder = f"{run.execution}/{context.aws_request_id}"
            done = restore_batch(ctx, run, work.name, holder)
    told = "done" if done else "checkpointed"
    report(f"restore_part: {told}", {}, restore=run.id, kind=work.kind, part=work.name)
    return {"done": done}
