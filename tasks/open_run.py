"""Open Run: check what was asked for, and take the pool.

Input: {"given": the execution's input, "execution": its ARN, "name": its name, "started_at"}.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.run_request import RunRequest, run_id_of, run_request
from cognito_standby.reconciliation.domain.work_items import run_to_dict
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.first_run import scheduled_run_held_back
from cognito_standby.reconciliation.services.opening import open_run
from cognito_standby.reconciliation.services.run_store import RunStore
from tasks.reconcile_step import world
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer with the run, or with the execution that holds the pool."""
    ctx, request = world(event, context), run_request(event.get("given"))
    if request.scheduled and (why := scheduled_run_held_back(ctx)) is not None:
        report("open_run: not yet", {}, region=ctx.region, why=why.name)
        return {"opened": False, "running": "", "not_yet": why.value, "run": None}
    run = _resumed(ctx, event, request) if request.resume else _new(ctx, event, request)
    opened = open_run(ctx, run)
    running = opened.holder.execution if opened.refused else ""
    if request.resume and not running:
        ctx.store(run).take_over(run)
    report("open_run: refused" if running else "open_run: opened", {}, run=run.id, running=running)
    return {"opened": not running, "running": running, "run": run_to_dict(run)}


def _new(ctx: ReconcileContext, event: dict[str, Any], request: RunRequest) -> Run:
    return Run(
        id=run_id_of(text_of(event, "name")),
        execution=text_of(event, "execution"),
        region=ctx.region,
        user_pool_id=ctx.user_pool_id,
        started_at=text_of(event, "started_at"),
        mode=request.mode,
        shards=request.shards,
        seeding=request.seeding,
        clear_ids=request.clear_ids,
        scheduled=request.scheduled,
    )


def _resumed(ctx: ReconcileContext, event: dict[str, Any], request: RunRequest) -> Run:
    """The run to be resumed, as it was, with this execution. InvalidRecordError: it is not here, or
    is of another pool."""
    run = RunStore(ctx.files, request.resume).run()
    if run is None:
        raise InvalidRecordError(f"there is no run {request.resume} to resume in this Region")
    if (run.region, run.user_pool_id) != (ctx.region, ctx.user_pool_id):
        raise InvalidRecordError(f"the run {request.resume} was about another pool")
    return replace(run, execution=text_of(event, "execution"))
