"""Following a run by what its files tell. Reads each file once, however often it looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cognito_standby.failures.domain.executions import FAILED, GOING, Execution
from cognito_standby.operator.domain.run_progress import Progress, Stage
from cognito_standby.operator.services.run_context import RunDesk
from cognito_standby.operator.services.run_control import Begun, known_run, refusal_in
from cognito_standby.reconciliation.domain.drift_report import DriftReport
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.domain.run_notes import Glance
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.services.reports import find
from cognito_standby.reconciliation.services.run_store import RunStore

_PHASES = {
    Stage.LISTING: WorkPhase.LISTING,
    Stage.COMPARING: WorkPhase.COMPARING,
    Stage.REPAIRING: WorkPhase.REPAIRING,
}


@dataclass(frozen=True)
class Ended:
    """How a run ended. `refused`: the ARN of the run that held the pool."""

    status: str
    report: DriftReport | None = None
    error: str = ""
    refused: str = ""


@dataclass
class Watch:
    """Looks at one run again and again."""

    desk: RunDesk
    run: Begun
    _seen: dict[str, Glance] = field(default_factory=dict)
    _spent: dict[str, Usage] = field(default_factory=dict)
    _expected: int = 0
    _shards: int = SHARDS
    _stages: dict[Stage, datetime] = field(default_factory=dict)

    def look(self) -> tuple[Progress, Ended | None]:
        """How far it is, and how it ended once it has. MisconfiguredError: it does not exist."""
        execution = self.desk.executions.describe(self.run.execution)
        ended = self._ended(execution)
        return self._progress(execution, ended), ended

    def follow(self, tell: Callable[[Progress], None], every: float) -> Ended:
        """Until it has ended."""
        while True:
            progress, ended = self.look()
            tell(progress)
            if ended is not None:
                return ended
            self.desk.pause(every)

    def _ended(self, execution: Execution | None) -> Ended | None:
        if execution is None:
            return Ended("GONE", error="its execution is not there")
        if execution.status in GOING:
            return None
        if execution.status in FAILED:
            return Ended(execution.status.value, error=execution.error or execution.status.value)
        if refused := refusal_in(execution):
            return Ended(execution.status.value, refused=refused)
        kept = find(self.desk.files, self.run.run_id)
        if kept is None or kept.report is None:
            why = kept.trouble if kept else "it left none"
            return Ended(execution.status.value, error=f"its report cannot be read: {why}")
        return Ended(execution.status.value, kept.report)

    def _progress(self, execution: Execution | None, ended: Ended | None) -> Progress:
        parts = {stage: self._parts(phase) for stage, phase in _PHASES.items()}
        listed, compared, repaired = (list(parts[stage].values()) for stage in _PHASES)
        self._learn_the_run()
        stage = Stage.ENDED if ended else self._stage(parts)
        usages = self._usages()
        began = execution.started_at if execution else self.desk.clock.now()
        drift: Counter[str] = Counter()
        for each in compared:
            drift.update(each.drift)
        return Progress(
            stage=stage,
            seconds=(self.desk.clock.now() - began).total_seconds(),
            users=sum(each.users for each in listed),
            expected=self._expected,
            memberships=sum(each.memberships for each in listed),
            compared=len(compared),
            buckets=self._shards,
            drift=dict(drift),
            repaired=sum(each.visits for each in repaired),
            suspects=sum(drift.values()),
            calls=sum(usages.values(), Usage()).calls,
            stage_seconds=self._in_stage(stage, usages.get(stage)),
        )

    @property
    def _store(self) -> RunStore:
        return RunStore(self.desk.files, self.run.run_id)

    def _parts(self, phase: WorkPhase) -> dict[str, Glance]:
        names = self._store.progress_files(phase)
        for name in names:
            if name not in self._seen:
                self._seen[name] = self._store.glance(name)
        return {name: self._seen[name] for name in names}

    def _learn_the_run(self) -> None:
        if not self._expected and (run := known_run(self.desk, self.run.run_id)) is not None:
            self._expected = self._store.expected_users()
            self._shards = len(run.shards) or SHARDS

    def _stage(self, parts: dict[Stage, dict[str, Glance]]) -> Stage:
        judgement = self._store.judgement()
        if judgement is not None:
            if parts[Stage.REPAIRING] or self._store.has_begun(WorkPhase.REPAIRING):
                return Stage.REPAIRING
            asked = self.desk.register.question(self.run.run_id)
            return Stage.ASKING if asked else Stage.JUDGING
        if parts[Stage.COMPARING] or self._store.has_begun(WorkPhase.COMPARING):
            return Stage.COMPARING
        return Stage.LISTING if self._store.has_begun(WorkPhase.LISTING) else Stage.STARTING

    def _usages(self) -> dict[Stage, Usage]:
        found = {}
        for stage, phase in _PHASES.items():
            names = self._store.usage_files(phase)
            for name in names:
                if name not in self._spent:
                    self._spent[name] = self._store.usage(name)
            found[stage] = sum((self._spent[name] for name in names), Usage())
        return found

    def _in_stage(self, stage: Stage, usage: Usage | None) -> float:
        """Since its first worker began; until one has told that, since it was first seen."""
        now = self.desk.clock.now()
        seen = self._stages.setdefault(stage, now)
        began = usage.began_at if usage and usage.began_at else seen
        return max(0.0, (now - began).total_seconds())
