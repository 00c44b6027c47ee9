"""Judge Drift: adds up the shards, and the brake."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.reconciliation.domain.brake import Evidence, brake_verdict, emptied, shrunk
from cognito_standby.reconciliation.domain.readiness import Readiness
from cognito_standby.reconciliation.domain.readiness import sum_of as readiness_of
from cognito_standby.reconciliation.domain.reconciliation import Run, Tally
from cognito_standby.reconciliation.domain.run_notes import Opened, ShardSum, Totals
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict, Judgement, sum_of
from cognito_standby.reconciliation.services.buckets import shards_of
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.pool_notes import read_pool_note, write_pool_note


@dataclass
class _Sum:
    tallies: list[Tally] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)
    misfiled: int = 0
    files: list[str] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)
    readiness: list[Readiness] = field(default_factory=list)

    def add(self, shard: ShardSum, file: str) -> None:
        """One shard."""
        self.misfiled += shard.misfiled
        self.tallies.append(shard.tally)
        for region, number in shard.newest.items():
            self.newest[region] = max(number, self.newest.get(region, number))
        if shard.suspects:
            self.files.append(file)
        if shard.readiness is not None:
            self.readiness.append(shard.readiness)


def judge(ctx: ReconcileContext, run: Run) -> Judgement:
    """The verdict, also written to `judgement.json`. Repeatable.

    What the next run expects of this pool is noted here, unless the listing looks truncated.
    Calls: claims, files, witnesses.
    """
    store = ctx.store(run)
    opened, totals = store.opened(), store.totals()
    added = _add_up(ctx, run)
    former = read_pool_note(ctx)
    whole = not run.shards
    seen = Evidence(
        run=run,
        tally=sum_of(added.tallies),
        pool_of_record=opened.pool_of_record,
        claims_before=opened.claims,
        claims_now=ctx.claims.read_claims().numbers,
        newest=added.newest,
        listed=totals.users,
        estimated=opened.estimated_users,
        former=former.users,
        not_listed=totals.failed,
        not_compared=tuple(added.not_compared),
        compared=len(added.tallies),
        recovered=opened.recovered,
        recovered_since=_recovered_since(ctx, opened),
        other_table=ctx.witnesses.other_table() if ctx.witnesses else "",
        former_records=former.records,
        unasked=run.scheduled and not former.begun,
        triggers=opened.triggers,
        former_pool=ctx.witnesses.former_pool(run.user_pool_id) if ctx.witnesses else "",
    )
    decided, reasons = brake_verdict(seen, ctx.settings.brake)
    judgement = Judgement(
        verdict=decided,
        reasons=reasons,
        tally=seen.tally,
        buckets=tuple(added.files),
        not_listed=totals.failed,
        not_compared=seen.not_compared,
    )
    if added.readiness:
        store.write_readiness(readiness_of(added.readiness))
    store.write_judgement(judgement)
    believed = whole and decided is not BrakeVerdict.STOP and not totals.failed
    limits = ctx.settings.brake
    if believed and not (shrunk(seen, limits) or emptied(seen, limits)):
        begun = former.begun or decided in (BrakeVerdict.REPAIR, BrakeVerdict.NOTHING)
        _note_pool(ctx, totals, seen.tally, added.misfiled, begun=begun)
    elif totals.misfiled + added.misfiled and former.misfiled == 0:
        write_pool_note(ctx, replace(former, misfiled=1))
    return judgement


def note_approval(ctx: ReconcileContext, run: Run) -> None:
    """An operator approved: the size of the pool as listed is what the next run expects.

    Calls: files.
    """
    store = ctx.store(run)
    judgement = store.judgement()
    if judgement is None:
        raise InvalidRecordError("the comparison of this run has not been judged")
    misfiled = read_pool_note(ctx).misfiled
    _note_pool(ctx, store.totals(), judgement.tally, misfiled, begun=True)


def _recovered_since(ctx: ReconcileContext, opened: Opened) -> tuple[str, ...]:
    found = ctx.witnesses.unsettled() if ctx.witnesses else []
    return tuple(sorted(each.id for each in found if each.id not in opened.recovered))


def _add_up(ctx: ReconcileContext, run: Run) -> _Sum:
    added, store = _Sum(), ctx.store(run)
    for shard in shards_of(run):
        try:
            found = store.shard(shard)
        except InvalidRecordError:
            found = None
        if found is None:
            added.not_compared.append(shard)
        else:
            added.add(found, store.shard_file(shard))
    return added


def _note_pool(
    ctx: ReconcileContext, totals: Totals, tally: Tally, misfiled: int, *, begun: bool
) -> None:
    write_pool_note(ctx, PoolNote(totals.users, tally.records, totals.misfiled + misfiled, begun))
