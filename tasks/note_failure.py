"""Note Failure: describe a failed execution, and claim its letter.

Input: {"execution_arn": str, "owner": execution ARN of contain_failure}.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.subjects import digest
from cognito_standby.core.settings import NoteSettings
from cognito_standby.core.settings import region as own_region
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.failures.adapters.failures import DynamoFailureNotes
from cognito_standby.failures.services.note import NoteContext, note_failure
from tasks.reporting import counted, report

_NO_LEASE = 0
"""Nothing is written to a row here."""


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with what the machine routes by, and the letter."""
    ctx = _context()
    noted = note_failure(ctx, str(event.get("execution_arn")), str(event.get("owner")))
    failure, turn = noted.failure, noted.turn
    report(
        "note_failure: letter due" if turn.send else "note_failure: no letter",
        {Metric.DEAD_LETTERS: 1} if turn.send else {},
        failed=event.get("execution_arn"),
        error=failure.error if failure else "",
        user=digest(failure.subject) if failure and failure.subject else "",
        change_id=failure.change_id if failure else "",
        reason=turn.reason,
    )
    return noted.answer(ctx.installation, own_region())


@cache
def _context() -> NoteContext:
    settings, clock = NoteSettings.from_env(), SystemClock()
    dynamodb = clients.dynamodb()
    return NoteContext(
        installation=settings.installation_name,
        executions=SfnExecutions(clients.stepfunctions(), {}),
        notes=DynamoFailureNotes(dynamodb, settings.ledger_table, clock, settings.keep_seconds),
        ledger=DynamoLedger(dynamodb, settings.ledger_table, clock, _NO_LEASE),
        changes=DynamoChangeStore(dynamodb, settings.changes_table, clock),
        clock=clock,
    )
