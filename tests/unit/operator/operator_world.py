"""A Region as an operator meets it, made of twins."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Confirmation
from cognito_standby.core.domain.records import Draft, resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.operator.ports import ReplayProgress
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.operator.services.redrive import RegionReport, drain
from cognito_standby.operator.services.redrive_job import RedriveOutcome, RedriveRequest
from tests.twins.clock import ManualClock
from tests.twins.operator.gauges import (
    InMemoryArchive,
    InMemoryGauges,
    InMemoryStreamRecords,
)
from tests.twins.operator.operations import (
    InMemoryDeadLetters,
    InMemoryExecutions,
    Switch,
)
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable

REGION, OTHER = "us-east-1", "us-west-2"
FIELDS = {"present": "true", "enabled": "true", "username": "ann"}


@dataclass
class OperatorWorld:
    """One Region. `poison`: keys whose executions fail; `slow`: keys whose executions never end."""

    clock: ManualClock = field(default_factory=ManualClock)
    switch: Switch = field(default_factory=Switch)
    poison: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.table = GlobalTable(Installation(REGION, OTHER))
        self.records = self.table.store(REGION)
        self.ledger = InMemoryLedger(self.clock)
        self.letters = InMemoryDeadLetters(self.clock, self.switch)
        self.executions = InMemoryExecutions(self.clock, self._run, self.switch)
        self.stream = InMemoryStreamRecords({}, self.switch)
        self.archive = InMemoryArchive([ReplayProgress("COMPLETED")], self.switch)
        self.gauges = InMemoryGauges(self.switch)

    @property
    def context(self) -> OperatorContext:
        return OperatorContext(
            region=REGION,
            letters=self.letters,
            executions=self.executions,
            stream=self.stream,
            archive=self.archive,
            gauges=self.gauges,
            records=self.records,
            ledger=self.ledger,
            clock=self.clock,
            pause=self.clock.advance,
        )

    def record(self, key: str) -> None:
        """A change of the subject that nobody has confirmed yet."""
        subject = Subject.from_key(key)
        own = self.records.read(subject)[0].own
        draft = Draft(subject, 1, FIELDS, False, own.revision if own else None)
        assert self.records.put(draft, self.clock.now())

    def failed(self, key: str, name: str = "", **changes: Any) -> str:
        """An execution about the subject that failed, and its letter; the ARN."""
        arn = InMemoryExecutions.PREFIX + (name or f"failed-{key}")
        hint = json.dumps({"origin_sub": key, "cause": "replica_stream"})
        now = self.clock.now()
        execution = Execution(arn, ExecutionStatus.FAILED, now, now, "InvalidRecordError", hint)
        self.executions.add(execution)
        self.letters.send(letter(arn, key, **changes))
        return arn

    def drain(self, **wanted: Any) -> RegionReport:
        return drain(self.context, RedriveRequest(**wanted), at_once=1)

    def sync(self, key: str) -> None:
        """What `sync_user` does in the end: confirm the winner."""
        subject = Subject.from_key(key)
        winner = resolve(self.records.read(subject)[0])
        self.ledger.take_lease(subject, "execution")
        version = winner.version if winner else None
        self.ledger.confirm(subject, "execution", Confirmation(FIELDS, version, {}))

    def _run(self, arn: str, hint: Hint | None) -> ExecutionStatus:
        key = "" if hint is None else hint.origin_sub or hint.local_sub or f"#group#{hint.group}"
        if key in self.poison:
            return ExecutionStatus.FAILED
        if key in self.slow:
            return ExecutionStatus.RUNNING
        if key:
            self.sync(key)
        return ExecutionStatus.SUCCEEDED


def letter(arn: str, key: str, **changes: Any) -> str:
    """A failed execution's letter, as `contain_failure` writes it."""
    body = {
        "kind": "failed_execution",
        "execution_arn": arn,
        "machine": "sync_user",
        "status": "FAILED",
        "error": "InvalidRecordError",
        "subject": key,
        "change_id": "c-1",
        "region": REGION,
        "redrive_count": 0,
        "failed_at": "2026-01-01T00:00:00+00:00",
    }
    return json.dumps({**body, **changes})


def only(report: RegionReport) -> tuple[str, RedriveOutcome, str]:
    """What was done about the only letter, what came of it, and why."""
    (line,) = report.lines
    return line.done, line.outcome, line.reason
