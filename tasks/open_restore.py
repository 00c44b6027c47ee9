"""Open Restore: check what was asked for, and take the pool.

Input: {"given": the execution's input, "execution": its ARN, "name": its name, "started_at"}.
Answer: {"opened": bool, "why": why not, "running": the execution that holds the pool, "run",
"as_of": of which time the records are wanted; "": as they are}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.run_request import run_id_of
from cognito_standby.reconciliation.domain.work_items import run_to_dict
from cognito_standby.recovery.domain.restore_request import RestoreOrder, order_from
from cognito_standby.recovery.services.restore_opening import OpenedRestore, open_restore
from tasks.reporting import counted, report
from tasks.restore_step import world
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer with the restore, or with what is in its way."""
    ctx = world(event, context)
    new = Run(
        id=run_id_of(text_of(event, "name")),
        execution=text_of(event, "execution"),
        region=ctx.region.region,
        user_pool_id=ctx.region.user_pool_id,
        started_at=text_of(event, "started_at"),
    )
    try:
        order = order_from(event.get("given"))
        opened = open_restore(ctx, new, order)
    except InvalidRecordError as error:
        # What a person typed, or named: told as an answer, not as a failure that is alarmed.
        order, opened = RestoreOrder(), OpenedRestore(None, str(error))
    run = opened.run
    report(
        "open_restore: opened" if run else "open_restore: refused",
        {},
        restore=run.id if run else new.id,
        runs=order.run,
        why=opened.why,
        running=opened.running,
    )
    return {
        "opened": run is not None,
        "why": opened.why,
        "running": opened.running,
        "run": run_to_dict(run) if run else None,
        "as_of": opened.as_of,
    }
