"""Following a run by what its files tell. Reads each file once, however often it looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cognito_standby.failures.domain.executions import FAILED, GOING, Execution
from cognito_standby.operator.domain.run_progress import RunProgress, RunStage
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.operator.services.run_control import Begun, known_run, refusal_in
from cognito_standby.reconciliation.domain.drift_report import DriftReport
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.domain.run_notes import Glance
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.services.reports import find
from cognito_standby.reconciliation.services.run_store import RunStore

_PHASES = {
    RunStage.LISTING: WorkPhase.LISTING,
    RunStage.COMPARING: WorkPhase.COMPARING,
    RunStage.REPAIRING: WorkPhase.REPAIRING,
}


@dataclass(frozen=True)
class RunEnd:
    """How a run ended. `refused`: the ARN of the run that held the pool."""

    status: str
    report: DriftReport | None = None
    error: str = ""
    refused: str = ""


@dataclass
class Watch:
    """Looks at one run again and again."""

    ctx: RunContext
    run: Begun
    _seen: dict[str, Glance] = field(default_factory=dict)
    _spent: dict[str, Usage] = field(default_factory=dict)
    _expected: int = 0
    _shards: int = SHARDS
    _stages: dict[RunStage, datetime] = field(default_factory=dict)

    def look(self) -> tuple[RunProgress, RunEnd | None]:
        """How far it is, and how it ended once it has. MisconfiguredError: it does not exist."""
        execution = self.ctx.executions.describe(self.run.execution)
        ended = self._ended(execution)
        return self._progress(execution, ended), ended

    def follow(self, tell: Callable[[RunProgress], None], every: float) -> RunEnd:
        """Until it has ended."""
        while True:
            progress, ended = self.look()
            tell(progress)
            if ended is not None:
                return ended
            self.ctx.pause(every)

    def _ended(self, execution: Execution | None) -> RunEnd | None:
        if execution is None:
            return RunEnd("GONE", error="its execution is not there")
        if execution.status in GOING:
            return None
        if execution.status in FAILED:
            return RunEnd(execution.status.value, error=execution.explained)
        if refused := refusal_in(execution):
            return RunEnd(execution.status.value, refused=refused)
        kept = find(self.ctx.files, self.run.run_id)
        if kept is None or kept.report is None:
            why = kept.trouble if kept else "it left none"
            return RunEnd(execution.status.value, error=f"its report cannot be read: {why}")
        return RunEnd(execution.status.value, kept.report)

    def _progress(self, execution: Execution | None, ended: RunEnd | None) -> RunProgress:
        parts = {stage: self._parts(phase) for stage, phase in _PHASES.items()}
        listed, compared, repaired = (list(parts[stage].values()) for stage in _PHASES)
        self._learn_the_run()
        stage = RunStage.ENDED if ended else self._stage(parts)
        usages = self._usages()
        began = execution.started_at if execution else self.ctx.clock.now()
        drift: Counter[str] = Counter()
        for each in compared:
            drift.update(each.drift)
        return RunProgress(
            stage=stage,
            seconds=(self.ctx.clock.now() - began).total_seconds(),
            users=sum(each.users for each in listed),
            expected=self._expected,
            memberships=sum(each.memberships for each in listed),
            compared=len(compared),
            shards=self._shards,
            drift=dict(drift),
            repaired=sum(each.visits for each in repaired),
            suspects=sum(drift.values()),
            calls=sum(usages.values(), Usage()).calls,
            stage_seconds=self._in_stage(stage, usages.get(stage)),
        )

    @property
    def _store(self) -> RunStore:
        return RunStore(self.ctx.files, self.run.run_id)

    def _parts(self, phase: WorkPhase) -> dict[str, Glance]:
        names = self._store.progress_files(phase)
        for name in names:
            if name not in self._seen:
                self._seen[name] = self._store.glance(name)
        return {name: self._seen[name] for name in names}

    def _learn_the_run(self) -> None:
        if not self._expected and (run := known_run(self.ctx, self.run.run_id)) is not None:
            self._expected = self._store.expected_users()
            self._shards = len(run.shards) or SHARDS

    def _stage(self, parts: dict[RunStage, dict[str, Glance]]) -> RunStage:
        judgement = self._store.judgement()
        if judgement is not None:
            if parts[RunStage.REPAIRING] or self._store.has_begun(WorkPhase.REPAIRING):
                return RunStage.REPAIRING
            asked = self.ctx.register.question(self.run.run_id)
            return RunStage.ASKING if asked else RunStage.JUDGING
        if parts[RunStage.COMPARING] or self._store.has_begun(WorkPhase.COMPARING):
            return RunStage.COMPARING
        return RunStage.LISTING if self._store.has_begun(WorkPhase.LISTING) else RunStage.STARTING

    def _usages(self) -> dict[RunStage, Usage]:
        found = {}
        for stage, phase in _PHASES.items():
            names = self._store.usage_files(phase)
            for name in names:
                if name not in self._spent:
                    self._spent[name] = self._store.usage(name)
            found[stage] = sum((self._spent[name] for name in names), Usage())
        return found

    def _in_stage(self, stage: RunStage, usage: Usage | None) -> float:
        """Since its first worker began; until one has told that, since it was first seen."""
        now = self.ctx.clock.now()
        seen = self._stages.setdefault(stage, now)
        began = usage.began_at if usage and usage.began_at else seen
        return max(0.0, (now - began).total_seconds())
