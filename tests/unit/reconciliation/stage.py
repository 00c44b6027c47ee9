"""One Region's reconciliation on the in-memory twins, with visits by the services of sync_user."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from cognito_standby.core.domain.errors import RetryableError, StandbyError
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.ports import PasswordNotes
from cognito_standby.reconciliation.domain.reconciliation import Mode, Run, Suspect
from cognito_standby.reconciliation.domain.work_items import Judgement, WorkItem
from cognito_standby.reconciliation.ports import PoolListing, WholeRecords
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.comparing import compare_bucket
from cognito_standby.reconciliation.services.context import ReconcileContext, RunSettings, Witnesses
from cognito_standby.reconciliation.services.judging import judge
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.opening import open_run
from cognito_standby.reconciliation.services.planning import plan_listing
from cognito_standby.reconciliation.services.run_store import suspects_in
from tests.twins.pacing import VirtualPacer
from tests.twins.pool.listing import InMemoryPoolListing
from tests.twins.regions import InMemoryRegions
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.twins.stores.run_register import InMemoryRunRegister
from tests.twins.stores.shard_indexes import InMemoryLedgerIndex, InMemoryRecordIndex
from tests.unit.world import BACKUP, INSTALLATION, PRIMARY, Side, World

SETTINGS = RunSettings(
    concurrency=4, item_users=100, least_users=5, item_groups=2, bucket_users=50, part_bytes=600
)
"""So small that little pools are split, too."""
ROUNDS = 60


@dataclass
class Stage:
    """One Region's runs."""

    world: World
    side: Side
    settings: RunSettings = SETTINGS
    seconds: float = 240.0
    """Of each worker."""
    rates: dict[str, float] = field(default_factory=dict)
    runs: int = 0
    federated: FederatedWay = FederatedWay.ON_SIGN_IN
    pairwise: frozenset[str] = frozenset()
    passwords_set: PasswordNotes | None = None
    whole: WholeRecords | None = None
    hostile: Callable[[PoolListing], PoolListing] = lambda listing: listing

    def __post_init__(self) -> None:
        clock = self.side.context.clock
        self.clock: Any = clock
        self.files = InMemoryRunFiles()
        self.regions = InMemoryRegions(INSTALLATION, {PRIMARY, BACKUP})
        self.register = InMemoryRunRegister(clock)
        self.records = InMemoryRecordIndex(self.world.table, self.side.region, page=3)
        self.ledger = InMemoryLedgerIndex(self.side.ledger, page=3)
        self.listing = self.hostile(InMemoryPoolListing(self.side.pool))

    def context(self) -> ReconcileContext:
        """For one worker, whose time begins now."""
        return ReconcileContext(
            region=self.side.region,
            user_pool_id=self.side.context.user_pool_id,
            listing=self.listing,
            records=self.records,
            ledger=self.ledger,
            claims=self.world.table.store(self.side.region),
            regions=self.regions,
            files=self.files,
            register=self.register,
            clock=self.clock,
            pacer=VirtualPacer(self.clock, self.rates, self.seconds),
            witnesses=Witnesses(
                self.side.context.directory, self.side.context.records, self.side.ledger
            ),
            settings=self.settings,
            federated=self.federated,
            pairwise=self.pairwise,
            passwords_set=self.passwords_set,
            whole=self.whole,
        )

    def new_run(self, **given: Any) -> Run:
        """The next run; the one before has ended."""
        if current := self.register.current():
            self.register.close(current)
        self.runs += 1
        name = f"run-{self.runs}"
        region, pool = self.side.region, self.side.context.user_pool_id
        return Run(name, f"arn:{name}", region, pool, self.clock.now().isoformat(), **given)

    def list_all(self, run: Run) -> None:
        """Rounds of listing until nothing is left."""
        for number in range(ROUNDS):
            plan = plan_listing(self.context(), run, number)
            if plan.done:
                return
            for raw in self.items(plan.items_file):
                self.list_one(run, WorkItem.from_dict(raw))
        raise AssertionError("the listing does not end")

    def list_one(self, run: Run, item: WorkItem) -> None:
        """One child of the map: what fails after retries fails alone."""
        try:
            list_part(self.context(), run, item)
        except StandbyError:
            return

    def compare_all(self, run: Run) -> None:
        """All buckets; a child that fails is tried once more."""
        plan = plan_comparison(self.context(), run)
        for raw in self.items(plan.items_file):
            for _ in range(20):
                try:
                    compare_bucket(self.context(), run, raw["bucket"])
                except RetryableError:
                    continue
                except StandbyError:
                    pass
                break

    def compare(self, **given: Any) -> tuple[Judgement, list[Suspect]]:
        """A run up to the verdict."""
        run = self.new_run(**given)
        open_run(self.context(), run)
        self.list_all(run)
        self.compare_all(run)
        judgement = judge(self.context(), run)
        context = self.context()
        return judgement, [
            s for file in judgement.buckets for s in suspects_in(context.files, file)
        ]

    def found(self, **given: Any) -> list[tuple[str, str]]:
        """Kind and key of the suspects."""
        _, suspects = self.compare(**given)
        return sorted((suspect.kind.value, suspect.key) for suspect in suspects)

    def visit(self, suspect: Suspect) -> dict[str, Any]:
        """What `sync_user` does with them."""
        named = {"origin_sub": suspect.key} if suspect.key else {"local_sub": suspect.local_sub}
        return self.side.run({**named, "cause": "reconciliation"}, holder=f"visit-{self.runs}#0")

    def dry_run(self) -> tuple[Judgement, list[Suspect]]:
        """A run that only looks."""
        return self.compare(mode=Mode.DRY_RUN)

    def items(self, file: str) -> list[Any]:
        """What the map iterates over."""
        body = self.files.read(file)
        assert body is not None
        items = json.loads(body)
        assert isinstance(items, list)
        return items

    def pass_time(self, **time: float) -> None:
        """In this Region."""
        self.clock.advance(timedelta(**time).total_seconds())


def stage(world: World, side: Side, **settings: Any) -> Stage:
    """A stage with some settings changed."""
    return Stage(world, side, replace(SETTINGS, **settings))
