"""Repair Batch: one worker sends a batch of suspects through SYNC. Input: {"run", "item", "width"}.

Its own calls to the pool are no hints, like those of the steps of sync_user.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from cognito_standby.reconciliation.domain.repairs import Batch
from cognito_standby.reconciliation.services.repairing import repair_batch
from cognito_standby.replication.services.context import SyncContext
from tasks.composition import sync_context
from tasks.reconcile_step import run_of, world
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer whether the batch is done; its files say the rest."""
    run, batch = run_of(event), Batch.from_dict(event.get("item"))
    # Leases belong to this invocation, because an invocation without an answer may still run when
    # the state is retried.
    own = replace(run, execution=f"{run.execution}/{context.aws_request_id}")
    repaired = repair_batch(world(event, context), _sync(), own, batch)
    report(
        "repair_batch: repaired" if repaired.done else "repair_batch: checkpointed",
        {},
        run=run.id,
        batch=repaired.batch,
        left=repaired.left,
        **{name.replace(" ", "_"): number for name, number in repaired.did.items()},
    )
    return {"done": repaired.done}


@cache
def _sync() -> SyncContext:
    return sync_context()
