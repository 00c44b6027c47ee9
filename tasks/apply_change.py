"""Apply Change: write what was planned into the active pool; for a removal, the tombstone first."""

from __future__ import annotations

from typing import Any

from cognito_standby.changes.services.apply import apply_change
from tasks.change_step import context, named, tell
from tasks.reporting import counted


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with whom it was about."""
    plan = apply_change(context(), *named(event))
    tell(event, "apply_change: applied", plan.subject, {})
    return {"subject": plan.subject}
