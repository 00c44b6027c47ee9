"""Write Record: pool -> record after an admin change, then look again and confirm."""

from __future__ import annotations

from typing import Any

from cognito_standby.changes.services.apply import write_record
from cognito_standby.core.domain.metrics import Metric
from tasks.change_step import context, named, tell
from tasks.reporting import counted


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with whom it was about."""
    outcome = write_record(context(), *named(event))
    key = outcome.subject.key
    tell(event, "write_record: done", key, {Metric.CAPTURED: 1}, reason=outcome.reason)
    return {"subject": key}
