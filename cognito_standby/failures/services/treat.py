"""Contain Failure: after the last task of a failed execution can no longer run, make safe what it
left behind, and note that nothing is left to do."""

from __future__ import annotations

from cognito_standby.changes.ports import ChangeStore
from cognito_standby.core.domain.errors import InvalidRecordError, PermanentError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.failures.domain.executions import FAILED, Execution
from cognito_standby.failures.domain.failures import Failure, MarkerStage, marker_key
from cognito_standby.failures.ports import Describing, FailureNotes
from cognito_standby.failures.services.contain import Contained, Containment, contain_failure
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import identify


def treat_failure(
    ctx: SyncContext,
    executions: Describing,
    notes: FailureNotes,
    changes: ChangeStore,
    execution_arn: str,
    redrive_count: int,
    holder: str,
) -> Contained | str:
    """Contain one failure, or say why there is nothing to contain.

    LeaseHeldError: the failed execution's lease has not run out. PlanStaleError: something moved.
    After either, call again.
    """
    key = marker_key(execution_arn, redrive_count)
    execution = executions.describe(execution_arn)
    outcome = _treat(ctx, changes, execution, key, holder)
    notes.advance(key, MarkerStage.SETTLED)
    return outcome


def _treat(
    ctx: SyncContext,
    changes: ChangeStore,
    execution: Execution | None,
    key: str,
    holder: str,
) -> Contained | str:
    if execution is None or execution.status not in FAILED:
        return "the execution is no longer failed"
    failure = Failure.of(execution)
    if failure.key != key:
        return "the execution was redriven and failed again"
    changing = execution.requested_change
    hint = _hint_of(changes, changing) if changing else execution.hint
    if hint is None:
        return "the execution was not about anybody"
    reason = failure.error or failure.status
    try:
        # What an administrator's change left in an active pool stays there until somebody decides;
        # a sync makes the record follow.
        return contain_failure(ctx, hint, execution.arn, holder, reason, wake=bool(changing))
    except PermanentError:
        return _give_up(ctx, hint, holder, reason)


def _hint_of(changes: ChangeStore, change_id: str) -> Hint | None:
    change = changes.read(change_id)
    if change is None or not change.subject:
        return None
    return Hint(origin_sub=change.subject, cause="admin change", change_id=change_id)


def _give_up(ctx: SyncContext, hint: Hint, holder: str, reason: str) -> Contained | str:
    """The cause of the failure, such as an unreadable record, also prevents a judgement here: note
    the state for the operator and leave the pool as it is."""
    try:
        subject = identify(ctx, hint)
    except InvalidRecordError:
        return "the execution was about nobody of ours"
    ctx.ledger.note_state(subject, holder, SyncState.FAILED, reason)
    return Contained(subject, Containment.LEFT, woken=False)
