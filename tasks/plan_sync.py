"""Plan Sync: take the lease, look, decide.

Input: {"hint": Hint as a dict, "holder": execution ARN and redrive count, "replanned": how often a
later step sent the execution back here, "redriven": how often an operator redrove it}.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.domain.errors import NotSettlingError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.sync import plan_sync
from tasks.composition import plan_context
from tasks.reporting import counted
from tasks.sync_step import answer, text_of

MOST_REPLANS = 25
"""Rounds before an execution gives up; each redrive grants as many again. Somebody who changes a
user at every step is believed so often; a pool that rewrites a value would go on for a day."""


@cache
def context() -> SyncContext:
    """One context for the life of the process."""
    return plan_context()


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with the decision that the machine routes by."""
    replanned = event.get("replanned", 0)
    if replanned > MOST_REPLANS * (1 + event.get("redriven", 0)):
        raise NotSettlingError("pool and record do not come to rest")
    hint = Hint.from_dict(event.get("hint"))
    outcome = plan_sync(context(), hint, text_of(event, "holder"), again=replanned > 0)
    capturing = outcome.decision == "capture"
    change_id = hint.change_id if capturing else ""
    return answer({**event, "change_id": change_id}, "plan_sync", outcome)
