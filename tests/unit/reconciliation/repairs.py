"""Runs that repair, on a stage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.repairs import Batch, Did, RepairPart, Visit
from cognito_standby.reconciliation.services.repair_rounds import plan_repairs
from cognito_standby.reconciliation.services.repairing import Repaired, repair_batch
from cognito_standby.reconciliation.services.run_store import RunStore
from tests.unit.reconciliation.stage import Stage

ROUNDS = 20


@dataclass
class Repairs:
    """What a run did."""

    stage: Stage
    run: Run
    rounds: int

    @property
    def parts(self) -> list[RepairPart]:
        store = RunStore(self.stage.files, self.run.id)
        return [store.repair_part(name) for name in store.progress_files(WorkPhase.REPAIRING)]

    @property
    def visits(self) -> list[Visit]:
        return [visit for part in self.parts for visit in part.visits]

    @property
    def did(self) -> dict[Did, int]:
        return dict(Counter(visit.did for visit in self.visits))

    @property
    def calls(self) -> dict[str, int]:
        total: Counter[str] = Counter()
        for part in self.parts:
            total.update(part.usage.calls)
        return dict(total)

    @property
    def write_units(self) -> float:
        return sum(part.usage.write_units for part in self.parts)

    @property
    def billed(self) -> int:
        return sum(visit.billed for visit in self.visits)


def judged(stage: Stage, **given: Any) -> Run:
    """A run up to the verdict."""
    stage.compare(**given)
    run = stage.register.current()
    assert run is not None
    return run


def planned(stage: Stage, run: Run, number: int) -> list[Batch]:
    """The batches of a round; none: the run is done."""
    plan = plan_repairs(stage.context(), run, number)
    if plan.done:
        return []
    batches = [Batch.from_dict(raw) for raw in stage.items(plan.items_file)]
    assert len(batches) == plan.count
    return batches


def worked(stage: Stage, run: Run, batch: Batch) -> Repaired:
    """One worker, whose time begins now."""
    return repair_batch(stage.context(), stage.side.context, run, batch)


def finish(stage: Stage, run: Run) -> Repairs:
    """All rounds; a worker that fails, fails alone."""
    for number in range(ROUNDS):
        batches = planned(stage, run, number)
        if not batches:
            return Repairs(stage, run, number)
        for batch in batches:
            try:
                worked(stage, run, batch)
            except StandbyError:
                continue
    raise AssertionError("the repairs do not end")


def repair(stage: Stage, **given: Any) -> Repairs:
    """A whole run."""
    return finish(stage, judged(stage, **given))
