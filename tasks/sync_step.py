"""What the tasks of `sync_user` share: context, report and answer.

Input of every step but the first: {"subject": record key, "holder": execution ARN and redrive
count, "change_id": str}. Answer: {"subject", "decision": capture | apply | done, "reason",
"change_id", "wait_seconds": until the turn of a replay}.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.ledger import execution_of
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.subjects import Subject, SubjectKind, digest
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.replay import replay_record
from cognito_standby.replication.services.sync import SKIPPED, SyncOutcome
from tasks.composition import sync_context
from tasks.reporting import count_skipped, report


@cache
def context() -> SyncContext:
    """One context for the life of the process."""
    return sync_context()


def subject_of(event: dict[str, Any]) -> Subject:
    """The subject that Plan Sync assigned. InvalidRecordError."""
    return Subject.from_key(text_of(event, "subject"))


def text_of(event: dict[str, Any], name: str) -> str:
    """One text of a step's input. InvalidRecordError: it is not there or is no text."""
    value = event.get(name)
    if not isinstance(value, str):
        raise InvalidRecordError(f"the input of the step has no text `{name}`")
    return value


def answer(event: dict[str, Any], step: str, outcome: SyncOutcome) -> dict[str, Any]:
    """Report an outcome and give the machine what it routes by: ids and reasons only."""
    winner = outcome.winner
    change_id = event.get("change_id") or (winner.change_id if winner else "")
    counts: dict[str, float] = {Metric.CONFLICTS: 1} if outcome.conflict else {}
    if step == "capture_record":
        counts |= captured(outcome)
    if step in ("replay_record", "confirm_sync"):
        counts[Metric.REPLAYED] = 1
        counts |= _lag(winner.observed_at if winner else "")
    if outcome.reason.startswith(SKIPPED):
        count_skipped(outcome.reason.removeprefix(SKIPPED))
    report(
        f"{step}: {outcome.decision}",
        counts,
        user=digest(outcome.subject.key),
        reason=outcome.reason,
        change_id=change_id,
        execution=execution_of(text_of(event, "holder")),
        skipped_fields=outcome.skipped_fields,
        conflict=outcome.conflict,
    )
    return {
        "subject": outcome.subject.key,
        "decision": outcome.decision,
        "reason": outcome.reason,
        "change_id": change_id,
        "wait_seconds": outcome.wait_seconds,
    }


def captured(outcome: SyncOutcome) -> dict[str, float]:
    """What is counted of a capture: a person's deletion apart, too."""
    user = outcome.subject.kind is SubjectKind.USER
    gone = user and outcome.winner is not None and outcome.winner.deleted
    return {Metric.CAPTURED: 1, **({Metric.DELETED: 1} if gone else {})}


def replayed(event: dict[str, Any], step: str) -> dict[str, Any]:
    """Replay what the event is about, and answer. No lease is left: each call takes its own."""
    outcome = replay_record(context(), subject_of(event), text_of(event, "holder"))
    return answer(event, step, outcome)


def _lag(observed_at: str) -> dict[str, float]:
    """Time from the write of the record to its confirmation here. For metrics only, because it
    compares the clocks of two Regions; a time that cannot be read is left out."""
    try:
        lag = context().clock.now() - datetime.fromisoformat(observed_at)
    except (ValueError, TypeError, OverflowError):
        return {}
    return {Metric.REPLICATION_LAG: max(0.0, lag.total_seconds() * 1000)}
