"""Imitates `reconcile_pool` around its real steps: rounds, Distributed Maps, children, time limits.

What runs is the code of `reconciliation/services`; what is imitated is Step Functions
(transitions, the start of maps and children, as many at once as the configuration says), Lambda
(cold starts, each child its own pacer and time limit) and the network. Repairs are not run: a
daily run that finds everybody in sync has none, and what the planted drift leads to is counted as
suspects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.reconciliation.adapters.pacing import SharePacer, shares
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.file_names import RUNS
from cognito_standby.reconciliation.domain.reconciliation import Mode, Run
from cognito_standby.reconciliation.domain.work_items import Judgement, WorkItem, WorkPlan
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.comparing import compare_bucket
from cognito_standby.reconciliation.services.context import ReconcileContext, RunSettings
from cognito_standby.reconciliation.services.judging import judge
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.opening import open_run
from cognito_standby.reconciliation.services.report_figures import Pace as ReportedPace
from cognito_standby.reconciliation.services.reporting import write_report
from cognito_standby.reconciliation.services.run_store import RunStore
from tests.bench.reconcile.assumptions import FUNCTION_MB
from tests.bench.reconcile.population import REGION
from tests.bench.reconcile.steps import Job, comparison, holding, listing, planning
from tests.bench.reconcile.store import DiskFiles, Notes
from tests.bench.reconcile.twins import GeneratedLedger, GeneratedListing, GeneratedRecords
from tests.bench.reconcile.world import POOL, Counts, World
from tests.twins.regions import InMemoryRegions

T = TypeVar("T")

_PHASES = ("open", "plan", "list", "compare", "judge", "report")
_MOST_ROUNDS = 50
_OF_A_SHARD = re.compile(r"compare/[0-9a-f]{2}\.json$")
BOTH = Installation(REGION, "us-west-2")
RUN = Run("run", "execution", REGION, POOL, "2026-01-01T00:00:00+00:00", Mode.DRY_RUN)


@dataclass(frozen=True)
class Pace:
    """What an operator configures (`stacks/config/reconcile.py`, with its defaults): the share of
    the quotas, and children at once."""

    share: float = 0.5
    at_once: int = 16
    worker_seconds: float = 195.0
    """After which a worker checkpoints: a function's 240 s less what tasks/reconcile_step.py keeps
    for writing (stacks/constructs/functions/task_list.py)."""


@dataclass
class Phase:
    """One state of the machine, all its rounds together. Seconds are virtual; `own` are real, of
    one core of this machine, spent by our code alone."""

    seconds: float = 0.0
    children: int = 0
    function_seconds: float = 0.0
    own_seconds: float = 0.0


@dataclass
class RunFigures:
    """What one run took."""

    pace: Pace
    judgement: Judgement
    counts: Counts
    seconds: float = 0.0
    phases: dict[str, Phase] = field(default_factory=dict)
    transitions: int = 0
    express: int = 0
    longest_child: float = 0.0
    bytes_written: int = 0


class Machine:
    """One installation's machine, in the active Region."""

    def __init__(
        self, world: World, folder: Path, pace: Pace, settings: RunSettings | None = None
    ) -> None:
        self._world, self._pace, self._settings = (
            world,
            pace,
            settings or RunSettings(concurrency=pace.at_once),
        )
        self._files, self._notes = DiskFiles(world, folder), Notes(world)
        self._phases = {name: Phase() for name in _PHASES}
        self._transitions = self._express = 0
        self._longest = 0.0
        self._warm: set[str] = set()

    def run(self) -> RunFigures:
        """One daily run, repairs left out."""
        world, run = self._world, RUN
        self._task("open", lambda ctx: open_run(ctx, run))
        self._transitions += 1
        self._list(run)
        plan = self._task("plan", holding(run, lambda ctx: plan_comparison(ctx, run)))
        buckets = [item["bucket"] for item in self._items(plan)]
        self._map("compare", plan, [comparison(run, bucket) for bucket in buckets])
        judgement = self._task("judge", holding(run, lambda ctx: judge(ctx, run)))
        self._transitions += 1
        self._task("report", lambda ctx: write_report(ctx, run, Answer.NOT_ASKED, self._told()))
        self._task("report", lambda ctx: ctx.register.close(run))
        return RunFigures(
            self._pace,
            judgement,
            world.counts,
            world.time.seconds,
            self._phases,
            self._transitions,
            self._express,
            self._longest,
            self._files.bytes_written,
        )

    def list_again(self) -> int:
        """Do the first work item of a run that is over once more; returns its users."""
        store = RunStore(self._files, RUN.id)
        item = WorkItem.from_dict(json.loads(self._files.read(store.listing_round(0)) or b"")[0])
        self._files.remove(f"{RUNS}{RUN.id}/listing/{item.id}/")
        return list_part(self._context(self._pace.at_once), RUN, item).users

    def compare_again(self) -> int:
        """Do the first bucket of a run that is over once more; returns its users."""
        for name in self._files.names(f"{RUNS}{RUN.id}/compare/"):
            if _OF_A_SHARD.search(name):
                self._files.remove(name)
        plan = plan_comparison(self._context(1), RUN)
        bucket = self._items(plan)[0]["bucket"]
        return compare_bucket(self._context(self._pace.at_once), RUN, bucket).users

    def _list(self, run: Run) -> None:
        """Plan Listing <-> List Pool."""
        for number in range(_MOST_ROUNDS):
            plan = self._task("plan", holding(run, planning(run, number)))
            self._transitions += 1
            if plan.done:
                return
            items = [WorkItem.from_dict(raw) for raw in self._items(plan)]
            self._map("list", plan, [listing(run, item) for item in items])
        raise AssertionError(f"the listing is not done after {_MOST_ROUNDS} rounds")

    def _items(self, plan: WorkPlan) -> list[dict[str, Any]]:
        """What Step Functions reads from the bucket by itself."""
        body = self._files.read(plan.items_file) if plan.count else b"[]"
        assert body is not None
        items: list[dict[str, Any]] = json.loads(body)
        assert len(items) == plan.count
        return items

    def _task(self, phase: str, job: Job[T]) -> T:
        """A state of the Standard machine with its function, which has the quota for itself."""
        self._transitions += 1
        self._world.time.sleep(2 * self._world.latencies.transition)
        return self._call(phase, job, self._start_of(phase), width=1)

    def _map(self, phase: str, plan: WorkPlan, jobs: list[Job[int]]) -> None:
        """A Distributed Map of Express children."""
        self._transitions += 1 + len(jobs)
        self._express += len(jobs)
        width = plan.width(self._pace.at_once)
        time, latencies = self._world.time, self._world.latencies
        began = time.seconds
        time.sleep(latencies.transition + latencies.map_start)

        def child(job: Job[int]) -> Callable[[], int]:
            def work() -> int:
                time.sleep(latencies.child_start)
                return self._call(phase, job, latencies.warm_start, width)

            return work

        cold = self._start_of(phase) - latencies.warm_start
        time.run_all(map(child, jobs), width, lambda: time.sleep(cold))
        self._phases[phase].seconds += time.seconds - began

    def _start_of(self, phase: str) -> float:
        """The first round finds cold sandboxes, later ones those that were left."""
        cold = phase not in self._warm
        self._warm.add(phase)
        return self._world.latencies.cold_start if cold else self._world.latencies.warm_start

    def _call(self, phase: str, job: Job[T], start: float, width: int) -> T:
        """One function's call: what it waits is virtual, what it computes is measured."""
        world, of_phase = self._world, self._phases[phase]
        began, own = world.time.seconds, world.watch.own_seconds()
        world.time.sleep(start)
        result = job(self._context(width))
        of_phase.children += 1
        of_phase.own_seconds += world.watch.own_seconds() - own
        took = world.time.seconds - began
        of_phase.function_seconds += took
        if phase in ("list", "compare"):
            self._longest = max(self._longest, took)
        else:
            of_phase.seconds += took
        return result

    def _told(self) -> ReportedPace:
        """What the report holds the quotas' use against."""
        return ReportedPace(self._pace.share, DEFAULTS, FUNCTION_MB / 1024)

    def _context(self, width: int) -> ReconcileContext:
        """What the function is made of: its own pacer and time limit, the same world."""
        world = self._world
        time = world.time
        pacer = SharePacer(
            shares(DEFAULTS, self._pace.share, width),
            deadline=time.seconds + self._pace.worker_seconds,
            now=lambda: time.seconds,
            sleep=time.sleep,
        )
        return ReconcileContext(
            region=REGION,
            user_pool_id=POOL,
            listing=GeneratedListing(world),
            records=GeneratedRecords(world),
            ledger=GeneratedLedger(world),
            claims=self._notes,
            regions=InMemoryRegions(BOTH, {BOTH.primary, BOTH.backup}),
            files=self._files,
            register=self._notes,
            clock=time,
            pacer=pacer,
            settings=self._settings,
        )
