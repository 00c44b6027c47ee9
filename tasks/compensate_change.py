"""Compensate Change: put back what is still as we wrote it, then capture.

Input besides: {"cause": class of the error that Apply Change or Write Record ended with}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.changes.services.end import compensate_change
from tasks.change_step import context, named, tell
from tasks.reporting import counted
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with what Complete Change has to know: the cause, and what could not be taken back."""
    cause = text_of(event, "cause")
    done = compensate_change(context(), *named(event))
    facts = {"cause": cause, "left": done.not_reverted, "stands": done.irreversible}
    tell(event, "compensate_change: done", done.subject.key, {}, **facts)
    return {**facts, "left": list(done.not_reverted)}
