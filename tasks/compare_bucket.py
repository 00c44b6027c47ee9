"""Compare Bucket: one worker compares a bucket of shards. Input: {"run", "item", "width"}."""

from __future__ import annotations

from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.services.comparing import compare_bucket
from cognito_standby.reconciliation.services.spending import spending
from tasks.reconcile_step import run_of, world
from tasks.reporting import counted, report


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer nothing: the bucket's file says it."""
    item = event.get("item")
    bucket = item.get("bucket") if isinstance(item, dict) else None
    if not isinstance(bucket, str):
        raise InvalidRecordError("the input of the step names no bucket")
    run = run_of(event)
    with spending(world(event, context), run, WorkPhase.COMPARING, bucket) as ctx:
        tally = compare_bucket(ctx, run, bucket)
    drift = sum(tally.drift.values())
    report(
        "compare_bucket: compared", {}, run=run.id, bucket=bucket, users=tally.users, drift=drift
    )
    return {}
