"""Contain Failure: make safe what a failed execution of sync_user left behind, or of
apply_admin_change.

Input: {"execution_arn": str, "redrive_count": int, "holder": execution ARN of
contain_failure and its redrive count}.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.ports import ChangeStore
from cognito_standby.core.adapters import clients
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.subjects import digest
from cognito_standby.core.settings import ChangeSettings
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.failures.adapters.failures import DynamoFailureNotes
from cognito_standby.failures.ports import Describing, FailureNotes
from cognito_standby.failures.services.contain import Contained
from cognito_standby.failures.services.treat import treat_failure
from cognito_standby.replication.services.context import SyncContext
from tasks.composition import sync_context_on
from tasks.reporting import counted, report

_NO_CLAIM = 0
"""Markers are claimed by Note Failure, not here."""


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with what was done."""
    failed = str(event.get("execution_arn"))
    count, holder = int(event.get("redrive_count", 0)), str(event.get("holder"))
    ctx, executions, notes, changes = _world()
    outcome = treat_failure(ctx, executions, notes, changes, failed, count, holder)
    if isinstance(outcome, str):
        report("contain_failure: nothing to contain", {}, failed=failed, reason=outcome)
        return {"done": outcome}
    report(
        f"contain_failure: {outcome.done.name.lower()}", _counts(outcome), **_facts(outcome, failed)
    )
    return {"subject": outcome.subject.key, "done": outcome.done.value, "woken": outcome.woken}


def _counts(outcome: Contained) -> dict[str, float]:
    counts: dict[str, float] = {Metric.CONTAINED: 1}
    return counts | ({Metric.QUARANTINED: 1} if outcome.done.quarantines else {})


def _facts(outcome: Contained, failed: str) -> dict[str, Any]:
    user = digest(outcome.subject.key)
    return {"user": user, "reason": outcome.done.value, "failed": failed, "woken": outcome.woken}


@cache
def _world() -> tuple[SyncContext, Describing, FailureNotes, ChangeStore]:
    settings, dynamodb = ChangeSettings.from_env(), clients.dynamodb()
    sync = sync_context_on(settings, dynamodb, clients.events())
    return (
        sync,
        SfnExecutions(clients.stepfunctions(), {}),
        DynamoFailureNotes(dynamodb, settings.ledger_table, sync.clock, _NO_CLAIM),
        DynamoChangeStore(dynamodb, settings.changes_table, sync.clock),
    )
