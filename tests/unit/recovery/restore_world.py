"""Restores of one Region's pool on the in-memory twins, step by step as the machine goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services.context import ReconcileContext, RunSettings, Witnesses
from cognito_standby.recovery.domain.restore_plan import WorkKind
from cognito_standby.recovery.domain.restore_request import RestoreOrder, RestoreRequest, order_from
from cognito_standby.recovery.services.restore_context import PastRecords, RestoreContext
from cognito_standby.recovery.services.restore_desk import RestoreDesk
from cognito_standby.recovery.services.restore_ending import (
    RestoreReport,
    close_restore,
    name_of,
)
from cognito_standby.recovery.services.restore_looking import look_at_segment
from cognito_standby.recovery.services.restore_opening import OpenedRestore, open_restore
from cognito_standby.recovery.services.restore_planning import begun_of, plan_restore
from cognito_standby.recovery.services.restore_work import restore_batch
from tests.saga.world import Saga
from tests.twins.pacing import VirtualPacer
from tests.twins.pool.listing import InMemoryPoolListing
from tests.twins.regions import InMemoryRegions
from tests.twins.stores.past_tables import InMemoryPastTables, InMemoryRecordSegments
from tests.twins.stores.records import GlobalTable
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.twins.stores.run_register import InMemoryRunRegister
from tests.twins.stores.shard_indexes import InMemoryLedgerIndex, InMemoryRecordIndex
from tests.unit.world import BACKUP, INSTALLATION, PRIMARY, Side

ROUNDS = 40


@dataclass
class RestoreMachine:
    """`restore_pool`, which runs to its end when it is started. `fails`: executions that do not."""

    restores: Restores
    executions: dict[str, Execution] = field(default_factory=dict)
    fails: int = 0

    def find(self, name: str) -> Execution | None:
        return self.executions.get(name)

    def start(self, name: str, given: Mapping[str, Any]) -> bool:
        at, run = self.restores, self.restores.new(name)
        now = at.clock.now()
        ended = Execution(run.execution, ExecutionStatus.SUCCEEDED, now)
        if self.fails:
            self.fails -= 1
            ended = replace(ended, status=ExecutionStatus.FAILED, error="MisconfiguredError")
        else:
            ended = replace(ended, output=json.dumps(self._output(run, given)))
        self.executions[name] = ended
        return True

    def _output(self, run: Run, given: Mapping[str, Any]) -> dict[str, Any]:
        opened = self.restores.opened(run, order_from(dict(given)))
        if opened.run is None:
            return {"opened": False, "why": opened.why, "running": opened.running}
        self.restores.rounds(opened.run)
        self.restores.closed(opened.run)
        return {"report": name_of(opened.run)}

    def redrive(self, arn: str) -> str:
        return "a restore is resumed"

    def stop(self, arn: str, why: str) -> None:
        """Nobody does."""

    def place(self, arn: str) -> str:
        return ""


@dataclass
class Restores:
    """Restores in one Region."""

    saga: Saga
    side: Side
    calls: int = 0
    rates: Mapping[str, float] = field(default_factory=dict)
    """Requests a second of a worker, by quota category; one that is not named is not paced."""
    seconds: float = 240.0
    """That a worker has."""

    def __post_init__(self) -> None:
        self.clock: Any = self.side.context.clock
        self.files = InMemoryRunFiles()
        self.going: set[str] = set()
        self.register = InMemoryRunRegister(self.clock, self.going.__contains__)
        self.then = GlobalTable(INSTALLATION)
        """The records as of the time that a test has kept."""
        self.source = self._segments(self.saga.world.table)
        self.tables = InMemoryPastTables(
            cast(Any, self.clock), self.clock.now() - timedelta(days=35)
        )

    def _segments(self, table: GlobalTable) -> InMemoryRecordSegments:
        return InMemoryRecordSegments(lambda: table.records(self.side.region), page_items=3)

    def keep_records(self) -> str:
        """The table can be restored to now; the time."""
        self.then.restore(self.saga.world.table.snapshot())
        now = str(self.clock.now().isoformat())
        self.clock.advance(60)
        return now

    @property
    def context(self) -> RestoreContext:
        """For one worker, whose time begins now."""
        side, table = self.side, self.saga.world.table
        region = ReconcileContext(
            region=side.region,
            user_pool_id=side.context.user_pool_id,
            listing=InMemoryPoolListing(side.pool),
            records=InMemoryRecordIndex(table, side.region),
            ledger=InMemoryLedgerIndex(side.ledger),
            claims=table.store(side.region),
            regions=InMemoryRegions(INSTALLATION, {PRIMARY, BACKUP}),
            files=self.files,
            register=self.register,
            clock=self.clock,
            pacer=VirtualPacer(self.clock, self.rates, self.seconds),
            witnesses=Witnesses(side.context.directory, side.context.records, side.ledger),
            settings=RunSettings(),
        )
        admin = replace(self.saga.api, pause=self.waited)
        return RestoreContext(region, side.context, self.source, self._past, admin, self.tables)

    def _past(self, _as_of: str) -> PastRecords:
        return PastRecords(self._segments(self.then), self.then.store(self.side.region))

    def waited(self, seconds: float) -> None:
        """The machine of the Admin API runs while somebody waits for it."""
        self.clock.advance(seconds)
        while self.saga.bus.waiting:
            found = self.saga.changes.read(self.saga.bus.take())
            assert found is not None
            self.saga.execution(found).run(self.saga.context())

    def new(self, name: str = "r1") -> Run:
        pool = self.side.context.user_pool_id
        execution = f"arn:aws:states:x:1:execution:restore_pool:{name}"
        return Run(name, execution, self.side.region, pool, self.clock.now().isoformat())

    def opened(self, run: Run, order: RestoreOrder) -> OpenedRestore:
        self.going.add(run.execution)
        opened = open_restore(self.context, run, order)
        if opened.run is None:
            self.going.discard(run.execution)
        return opened

    def rounds(self, run: Run) -> None:
        """Plan, and the map's children, until nothing is left."""
        for number in range(ROUNDS):
            plan = plan_restore(self.context, run, number)
            if plan.done:
                return
            for item in json.loads(self.files.bodies[plan.items_file]):
                self.child(run, item)
        raise AssertionError("the restore does not end")

    def child(self, run: Run, item: dict[str, str]) -> None:
        """One child of the map; one that fails fails alone."""
        self.calls += 1
        context = self.context
        try:
            if WorkKind(item["kind"]) is WorkKind.LOOK:
                begun = begun_of(context.store(run))
                look_at_segment(context, run, begun, item["name"])
            else:
                restore_batch(context, run, item["name"], f"{run.execution}/{self.calls}")
        except StandbyError:
            return

    def closed(self, run: Run) -> RestoreReport:
        report = close_restore(self.context, run)
        self.going.discard(run.execution)
        return report

    def restore(
        self, name: str = "r1", *, run: bool = True, accept_brake: bool = False, **asked: Any
    ) -> RestoreReport:
        """A whole restore of one execution."""
        return self.played(
            name, RestoreOrder(RestoreRequest(**asked), run=run, accept_brake=accept_brake)
        )

    def resumed(self, name: str, restore: str, *, accept_brake: bool = False) -> RestoreReport:
        """An execution that goes on with a restore, to its end."""
        return self.played(name, RestoreOrder(resume=restore, run=True, accept_brake=accept_brake))

    def played(self, name: str, order: RestoreOrder) -> RestoreReport:
        """One execution, to its end."""
        opened = self.opened(self.new(name), order)
        assert opened.run is not None, opened.why
        self.rounds(opened.run)
        return self.closed(opened.run)

    def refused(self, **asked: Any) -> str:
        """Why a restore may not begin."""
        opened = self.opened(self.new("refused"), RestoreOrder(RestoreRequest(**asked), run=True))
        assert opened.run is None
        return opened.why

    def told(self, report: RestoreReport) -> list[dict[str, str]]:
        """The lines about each subject."""
        run = replace(self.new(report.restore), started_at=report.started_at)
        body = self.files.bodies[name_of(run).removesuffix(".restore") + ".outcomes"]
        return [json.loads(line) for line in body.decode().splitlines() if line]

    @property
    def desk(self) -> RestoreDesk:
        """For whoever types the command."""
        machine = RestoreMachine(self)
        return RestoreDesk(self.side.region, machine, self.files, self.clock, self.clock.advance)
