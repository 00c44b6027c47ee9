"""Snapshot User: whom an admin change is about, whether it may be made, and the before-image."""

from __future__ import annotations

from typing import Any

from cognito_standby.changes.services.snapshot import snapshot_user
from tasks.change_step import context, named, tell
from tasks.reporting import counted


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with whom it is about."""
    done = snapshot_user(context(), *named(event))
    fields = sorted(done.plan.touched)
    tell(event, "snapshot_user: planned", done.subject.key, {}, fields=fields)
    return {"subject": done.subject.key}
