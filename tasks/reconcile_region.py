"""Reconcile Region: starts a reconciliation of this Region, or looks how far it is.

Input: {"request": the execution's input, "name": the execution's name, "started_at": ISO 8601,
"attempt": which one}. A redriven execution finds the same run.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.recovery.services.draining import reconcile
from tasks.failover_step import accepted_in, reconciliations
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer whether it has ended, and how."""
    found = reconcile(
        reconciliations(), _run(event), int(event.get("attempt", 0)), accepted_in(event)
    )
    report("reconcile_region: looked", {}, run=found.run, why=found.why)
    return {
        "run": found.run,
        "attempt": found.attempt,
        "ended": found.ended,
        "clean": found.clean,
        "why": found.why,
    }


def _run(event: dict[str, Any]) -> str:
    """Sorts by time, as the ids of all runs do, and names the execution. InvalidRecordError."""
    try:
        begun = datetime.fromisoformat(text_of(event, "started_at")).astimezone(UTC)
    except ValueError:
        raise InvalidRecordError("`started_at` is not a time") from None
    return f"{begun:%Y%m%dT%H%M%S}-{text_of(event, 'name')}"[:70]
