"""Hint Members: one round of the search for the members of a deleted group.

Input: {"hint": {"group": ..., "cause", "change_id"}, "after": where the last round stopped, "" at
the beginning}. Answer: {"after": where to go on, "" at the end, "hinted": so many in this round}.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.subjects import digest
from cognito_standby.core.settings import MembersSettings
from cognito_standby.replication.adapters.members import DynamoMemberRecords, EventBridgeHintBatches
from cognito_standby.replication.services.hint_members import MembersContext, hint_members
from tasks.reporting import counted, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with where the machine goes on."""
    hint = Hint.from_dict(event.get("hint"))
    done = hint_members(_context(), hint, text_of(event, "after"))
    report(
        "hint_members: round done",
        {Metric.MEMBERS_HINTED: done.hinted} if done.hinted else {},
        group=digest(hint.group),
        change_id=hint.change_id,
        hinted=done.hinted,
        more=bool(done.after),
    )
    return {"after": done.after, "hinted": done.hinted}


@cache
def _context() -> MembersContext:
    settings = MembersSettings.from_env()
    return MembersContext(
        records=DynamoMemberRecords(clients.dynamodb(), settings.records_table),
        bus=EventBridgeHintBatches(clients.events(), settings.bus_name),
        clock=SystemClock(),
    )
