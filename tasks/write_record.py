"""Write Record: pool -> record after an admin change, then look again and confirm."""

from __future__ import annotations

from typing import Any

from cognito_standby.changes.services.apply import write_record
from tasks.change_step import context, named, tell
from tasks.reporting import counted
from tasks.sync_step import captured


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with whom it was about."""
    outcome = write_record(context(), *named(event))
    key = outcome.subject.key
    tell(event, "write_record: done", key, captured(outcome), reason=outcome.reason)
    return {"subject": key}
