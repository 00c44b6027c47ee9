"""One Region's executions, markers and ledger, in memory, with what notes and sweeps failures."""

from __future__ import annotations

import json
from typing import Any

from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.failures.services.note import NoteContext, Noted, note_failure
from cognito_standby.failures.services.sweep import SweepContext, sweep
from tests.twins.clock import ManualClock
from tests.twins.stores.changes import InMemoryChangeStore
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.failures import (
    InMemoryAttentionIndex,
    InMemoryExecutions,
    InMemoryFailureNotes,
)
from tests.twins.stores.ledger import InMemoryLedger

PREFIX = "arn:aws:states:us-east-1:111111111111:execution"
ARN = f"{PREFIX}:alpha-sync_user:one"
MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:alpha-sync_user"
ANN = Subject.user("origin-ann")
INTENT = Intent(base={}, target={"present": "x"}, skipped={})


def failed(clock: ManualClock, arn: str = ARN, hint: Any = None, **more: Any) -> Execution:
    given = {"origin_sub": ANN.key, "change_id": "c-1"} if hint is None else hint
    facts: dict[str, Any] = {
        "status": ExecutionStatus.FAILED,
        "started_at": clock.now(),
        "stopped_at": clock.now(),
        "error": "InvalidRecordError",
        "input": json.dumps(given),
    }
    return Execution(arn=arn, **(facts | more))


class FailureRegion:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.executions = InMemoryExecutions()
        self.notes = InMemoryFailureNotes(self.clock)
        self.ledger = InMemoryLedger(self.clock, 90)
        self.changes = InMemoryChangeStore(self.clock)
        self.bus = InMemoryHintBus()

    def note(self, arn: str = ARN, owner: str = "contain-1") -> Noted:
        known = (self.executions, self.notes, self.ledger, self.changes)
        ctx = NoteContext("alpha", *known, self.clock)
        return note_failure(ctx, arn, owner)

    def sweep(self) -> Any:
        attention = InMemoryAttentionIndex(self.ledger)
        return sweep(
            SweepContext([MACHINE], self.executions, self.notes, attention, self.bus, self.clock)
        )

    def strand(self, subject: Subject = ANN) -> None:
        self.ledger.take_lease(subject, "dead")
        self.ledger.note_intent(subject, "dead", INTENT)
