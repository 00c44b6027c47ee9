"""A run's files with known content, as its steps leave them, and a Region around them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from cognito_standby.reconciliation.domain.drift_report import Answer, DriftReport
from cognito_standby.reconciliation.domain.file_names import RUNS
from cognito_standby.reconciliation.domain.reconciliation import (
    Drift,
    Housekeeping,
    Run,
    Suspect,
    Tally,
)
from cognito_standby.reconciliation.domain.repairs import Did, RepairPart, Visit
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.domain.work_items import (
    BrakeVerdict,
    Judgement,
    run_to_dict,
    suspect_to_list,
    tally_to_dict,
)
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.report_figures import Pace
from cognito_standby.reconciliation.services.reporting import Written, write_report
from tests.twins.clock import ManualClock
from tests.twins.pacing import VirtualPacer
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.twins.stores.run_register import InMemoryRunRegister

REGION, POOL = "us-east-1", "us-east-1_Pool"
PACE = Pace(0.5, {"UserList": 30.0, "UserRead": 120.0}, 2.0)
MISSED = "its event never arrived"


def missing(number: int, cause: str = MISSED) -> list[Suspect]:
    """So many users without a record."""
    return [
        Suspect(Drift.MISSING_RECORD, f"user-{n}", f"user-{n}", False, cause) for n in range(number)
    ]


def due(number: int) -> list[Suspect]:
    """Deleted users whose grace period is over."""
    return [Suspect(Housekeeping.PURGE, f"gone-{n}", f"gone-{n}", True) for n in range(number)]


@dataclass
class RunFolder:
    """One Region's bucket and what writes into it."""

    clock: ManualClock = field(default_factory=ManualClock)
    files: InMemoryRunFiles = field(default_factory=InMemoryRunFiles)
    runs: int = 0

    @property
    def context(self) -> ReconcileContext:
        """Reporting asks only files and clock."""
        unused: Any = None
        return ReconcileContext(
            region=REGION,
            user_pool_id=POOL,
            listing=unused,
            records=unused,
            ledger=unused,
            claims=unused,
            regions=unused,
            files=self.files,
            register=InMemoryRunRegister(self.clock),
            clock=self.clock,
            pacer=VirtualPacer(self.clock, {}, 60.0),
        )

    def new_run(self, **given: Any) -> Run:
        """The next run, a day after the one before."""
        self.clock.advance(86_400)
        self.runs += 1
        name = f"run-{self.runs}"
        began = self.clock.now().isoformat()
        return Run(name, f"arn:aws:states:execution:{name}", REGION, POOL, began, **given)

    def open(self, run: Run, *, active: bool = True, users: int = 1000) -> None:
        """As Open Run does."""
        note = {"run": run_to_dict(run), "active": active, "estimated_users": users}
        self.note(run, "run.json", note)

    def judged(
        self,
        run: Run,
        suspects: Sequence[Suspect],
        verdict: BrakeVerdict = BrakeVerdict.REPAIR,
        **given: Any,
    ) -> Judgement:
        """As Compare Shards and Judge Drift do: two files of suspects."""
        half = len(suspects) // 2
        files = []
        for shard, some in (("0a", suspects[:half]), ("f0", suspects[half:])):
            files.append(self.context.store(run).shard_file(shard))
            tally = Tally(users=500, drift=_counted(some))
            note = {"tally": tally_to_dict(tally), "suspects": [suspect_to_list(s) for s in some]}
            self.note(run, f"compare/{shard}.json", note)
        tally = Tally(
            users=1000,
            records=2010,
            ledger_rows=1005,
            groups=3,
            memberships=400,
            in_sync=1000 - len(suspects),
            skipped={"federated": 4},
            drift=_counted(suspects),
            destructive=sum(s.destructive for s in suspects),
        )
        judgement = replace(Judgement(verdict, tally=tally, buckets=tuple(files)), **given)
        self.note(run, "judgement.json", judgement.to_dict())
        return judgement

    def visited(self, run: Run, visits: Sequence[Visit], usage: Usage | None = None) -> None:
        """As Repair does: a batch in two parts."""
        half = len(visits) // 2
        self.note(run, "repair/round-0.json", [{"id": "b-0"}])
        parts = ((0, visits[:half], "part-0"), (half, visits[half:], "part-1-end"))
        for first, some, name in parts:
            part = RepairPart(first, tuple(some), usage or Usage())
            self.note(run, f"repair/b-0/{name}.json", part.to_dict())

    def spent(self, run: Run, phase: str, worker: str, usage: Usage) -> None:
        """As `spending` does."""
        self.note(run, f"usage/{phase}/{worker}.json", {"usage": usage.to_dict()})

    def note(self, run: Run, name: str, content: Any) -> None:
        """Write one file of a run."""
        self.files.write(f"{RUNS}{run.id}/{name}", json.dumps(content).encode())

    def write(self, run: Run, answer: Answer = Answer.NOT_ASKED) -> Written:
        """Write Report."""
        return write_report(self.context, run, answer, PACE)

    def whole_run(
        self, suspects: Sequence[Suspect], did: Did = Did.CAPTURED, **given: Any
    ) -> DriftReport:
        """A run whose every suspect came to the same."""
        run = self.new_run(**given)
        self.open(run)
        self.judged(run, suspects)
        self.visited(run, [Visit(each, did, billed=True) for each in suspects])
        return self.write(run).report


def usage(began: datetime, seconds: float, calls: Mapping[str, int], **given: Any) -> Usage:
    """What a worker used in so many seconds."""
    return Usage(calls=calls, began_at=began, ended_at=began + timedelta(seconds=seconds), **given)


def _counted(suspects: Sequence[Suspect]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in suspects:
        counts[each.kind.value] = counts.get(each.kind.value, 0) + 1
    return counts
