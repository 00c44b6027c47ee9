"""Complete Change: note the end of an admin change for whoever asked.

Input besides: {"cause": class of the error that it ended with, "" for none, "left": names of fields
that a compensation left, "stands": whether the change cannot be taken back and is done}.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.changes.domain.changes import ChangeStatus
from cognito_standby.changes.services.end import complete_change
from cognito_standby.core.domain.metrics import Metric
from tasks.change_step import context, named, tell
from tasks.reporting import counted
from tasks.sync_step import text_of

_COUNTED = {
    ChangeStatus.COMPLETED: Metric.CHANGES_COMPLETED,
    ChangeStatus.REFUSED: Metric.CHANGES_REFUSED,
    ChangeStatus.COMPENSATED: Metric.CHANGES_COMPENSATED,
}


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with how it ended."""
    change_id, holder = named(event)
    not_reverted = tuple(str(name) for name in event.get("left", ()))
    cause, irreversible = text_of(event, "cause"), event.get("stands") is True
    ended = complete_change(context(), change_id, holder, cause, not_reverted, irreversible)
    if ended.status is None:
        tell(event, "complete_change: not ours", ended.subject, {})
        return {"subject": ended.subject, "change_id": change_id, "status": ""}
    facts = {"problem": ended.problem, "cause": cause, "left": not_reverted}
    tell(
        event,
        f"complete_change: {ended.status}",
        ended.subject,
        {_COUNTED[ended.status]: 1},
        **facts,
    )
    return {"subject": ended.subject, "change_id": change_id, "status": ended.status.value}
