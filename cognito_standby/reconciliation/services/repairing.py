"""Repair: one worker visits a batch of suspects, paced, until it ends or the worker's time does.

Repeatable by its files: a batch goes on after the last suspect that is in a part, and a visit that
is made twice finds nothing to do. Shapes of the files: domain/repairs.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.errors import MisconfiguredError, ThrottledError
from cognito_standby.core.domain.ledger import holder_of
from cognito_standby.reconciliation.domain.reconciliation import Run, Suspect
from cognito_standby.reconciliation.domain.repairs import Batch, RepairPart, Visit
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.metering import Meter
from cognito_standby.reconciliation.services.purging import housework
from cognito_standby.reconciliation.services.repair_rounds import visited_in
from cognito_standby.reconciliation.services.visiting import Visitor
from cognito_standby.replication.services.context import SyncContext

RESERVE_SECONDS = 60.0
"""Time that a worker keeps for the visit that it is at, and for writing its part."""

_PART_VISITS = 50
"""After so many a part is written: what a killed worker loses are words for the report."""

_MISCONFIGURED = 3
"""So many in a row are not about single users any more."""


@dataclass(frozen=True)
class Repaired:
    """How far a worker came. `done`: the batch needs no other round."""

    batch: str
    done: bool
    left: int
    did: dict[str, int] = field(default_factory=dict)
    """What was done -> visits of this worker."""


def repair_batch(ctx: ReconcileContext, sync: SyncContext, run: Run, batch: Batch) -> Repaired:
    """Visit the suspects of a batch, from where its last part ended.

    Calls: pacer, clock, files, and through `sync` everything that a step of sync_user calls.
    MisconfiguredError: several suspects in a row met one, which is not about them.
    """
    store = ctx.store(run)
    parts = store.repair_parts(batch.id)
    suspects = store.batch(batch.id)
    work = _Work(ctx, run, batch, len(parts), visited_in(store, parts))
    holder = holder_of(f"{run.execution}/{batch.id}", batch.round)
    own = replace(sync, bulk=batch.bulk, asked=_was_asked(ctx, run), filling=run.seeding)
    visitor = Visitor.of(own, ctx.pacer, holder, housework(ctx.settings))
    work.begin(visitor.meter)
    try:
        for suspect in suspects[work.first :]:
            if ctx.pacer.remaining_seconds() < RESERVE_SECONDS:
                break
            work.add(_visited(visitor, suspect, work))
            if len(work.visits) == _PART_VISITS:
                work.write(suspects)
    except ThrottledError:
        pass  # no time is left to wait: the next round goes on with this suspect
    finally:
        work.write(suspects)
    left = len(suspects) - work.first
    return Repaired(batch.id, left == 0, left, work.did)


def _was_asked(ctx: ReconcileContext, run: Run) -> bool:
    """A run whose brake asked repairs only after a yes."""
    judgement = ctx.store(run).judgement()
    return judgement is not None and judgement.verdict is BrakeVerdict.ASK


def _visited(visitor: Visitor, suspect: Suspect, work: _Work) -> Visit:
    try:
        visit = visitor.visit(suspect)
    except MisconfiguredError as error:
        work.misconfigured += 1
        if work.misconfigured == _MISCONFIGURED:
            work.forget(_MISCONFIGURED - 1)
            raise
        did, reason = visitor.hand_over(suspect, error)
        return Visit(suspect, did, reason)
    work.misconfigured = 0
    return visit


@dataclass
class _Work:
    """What one worker has done and not yet written. `first`: position of the first of `visits`."""

    ctx: ReconcileContext
    run: Run
    batch: Batch
    number: int
    first: int
    visits: list[Visit] = field(default_factory=list)
    did: dict[str, int] = field(default_factory=dict)
    misconfigured: int = 0

    def begin(self, meter: Meter) -> None:
        """The next part begins now."""
        self._meter, self._began = meter, self.ctx.clock.now()

    def add(self, visit: Visit) -> None:
        """One more."""
        self.visits.append(visit)
        self.did[visit.did.value] = self.did.get(visit.did.value, 0) + 1

    def forget(self, number: int) -> None:
        """Count the last visits as not made. So a batch that meets only such errors comes no
        further, and is given up after some rounds."""
        del self.visits[-number:]

    def write(self, suspects: Sequence[Suspect]) -> None:
        """Write what is not written yet, and what it cost, as a part."""
        end = self.first + len(self.visits) == len(suspects)
        if not self.visits and not (end and self.number == 0):
            return
        usage = self._meter.taken(self._began, self.ctx.clock.now())
        part = RepairPart(self.first, tuple(self.visits), usage)
        store = self.ctx.store(self.run)
        store.write_repair_part(self.batch.id, self.number, part, end=end)
        self.first += len(self.visits)
        self.number += 1
        self.visits = []
        self._began = self.ctx.clock.now()
