"""Note Failure: what a failed execution was about, and whether its letter is ours to send."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cognito_standby.changes.domain.changes import ChangeStatus
from cognito_standby.changes.domain.problems import GAVE_UP
from cognito_standby.changes.ports import ChangeStore
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.ledger_keys import LETTER
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import Clock, Ledger
from cognito_standby.failures.domain.executions import FAILED, Execution
from cognito_standby.failures.domain.failures import (
    CONTAINED_MACHINES,
    Failure,
    Marker,
    MarkerStage,
    Turn,
    turn_of,
)
from cognito_standby.failures.ports import Describing, FailureNotes


@dataclass(frozen=True)
class NoteContext:
    """What it takes to note a failure."""

    installation: str
    executions: Describing
    notes: FailureNotes
    ledger: Ledger
    changes: ChangeStore
    clock: Clock


@dataclass(frozen=True)
class Noted:
    """A failure and what is to be done about it. No failure: the execution is no longer failed."""

    failure: Failure | None
    turn: Turn

    def answer(self, installation: str, region: str) -> dict[str, Any]:
        """What the machine routes by, and the letter that it sends."""
        failure = self.failure
        return {
            "send": self.turn.send,
            "contain": self.turn.contain,
            "reason": self.turn.reason,
            "marker": LETTER + failure.key if failure else "",
            "redrive_count": failure.redrive_count if failure else 0,
            "letter": failure.letter(installation, region) if failure else {},
        }


def note_failure(ctx: NoteContext, execution_arn: str, owner: str) -> Noted:
    """Look whether the execution is still failed, and claim its letter."""
    execution = ctx.executions.describe(execution_arn)
    if execution is None:
        return Noted(None, Turn(False, False, "the execution does not exist"))
    if execution.status not in FAILED:
        return Noted(None, Turn(False, False, f"the execution is {execution.status.value}"))
    subject = _subject(ctx.ledger, execution)
    if change_id := execution.requested_change:
        subject = _tell_the_caller(ctx.changes, change_id, execution.arn)
    failure = Failure.of(execution, subject)
    machine = failure.machine(ctx.installation)
    containable = bool(failure.subject) and machine in CONTAINED_MACHINES
    return Noted(failure, _claim(ctx, failure, owner, containable))


def _claim(ctx: NoteContext, failure: Failure, owner: str, containable: bool) -> Turn:
    now = ctx.clock.now()
    seen = ctx.notes.read(failure.key)
    turn = turn_of(seen, owner, now, containable=containable)
    if not (turn.send or turn.contain):
        return turn
    claimed = Marker(owner, MarkerStage.SENDING, now.timestamp())
    mine = replace(seen, owner=owner, claimed_at=now.timestamp()) if seen else claimed
    if ctx.notes.claim(failure.key, seen, mine):
        return turn
    return Turn(False, False, "another execution was faster")


def _tell_the_caller(changes: ChangeStore, change_id: str, execution: str) -> str:
    """Note for whoever asked for the change that it gave up; returns whom it is about. A change
    that has ended, or that another execution has, stays as it is."""
    change = changes.claim(change_id, execution)
    if change is not None:
        changes.finish(change_id, execution, ChangeStatus.FAILED, GAVE_UP, None)
        return change.subject
    ended = changes.read(change_id)
    return ended.subject if ended is not None and ended.execution == execution else ""


def _subject(ledger: Ledger, execution: Execution) -> str:
    """The record key that the execution worked on, as far as the ledger alone can tell.

    A sub that the ledger does not know counts as the origin sub, because only users whom we made
    have another one.
    """
    hint = execution.hint
    if hint is None:
        return ""
    try:
        if hint.group:
            return Subject.group(hint.group).key
        if hint.origin_sub:
            return Subject.from_key(hint.origin_sub).key
        return Subject.user(ledger.origin_of(hint.local_sub) or hint.local_sub).key
    except InvalidRecordError:
        return ""
