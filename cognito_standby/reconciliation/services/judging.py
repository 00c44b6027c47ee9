"""Judge Drift: adds up the shards, and the brake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.reconciliation.domain.brake import Evidence, emptied, shrunk, verdict
from cognito_standby.reconciliation.domain.reconciliation import Run, Tally
from cognito_standby.reconciliation.domain.work_items import (
    BrakeVerdict,
    Judgement,
    sum_of,
    tally_from_dict,
)
from cognito_standby.reconciliation.services.buckets import BucketTotals, read_totals, shards_of
from cognito_standby.reconciliation.services.comparing import shard_file
from cognito_standby.reconciliation.services.context import ReconcileContext, file_of
from cognito_standby.reconciliation.services.notes import (
    read_note,
    read_pool_note,
    write_note,
    write_pool_note,
)
from cognito_standby.reconciliation.services.opening import Opened, read_opened

_FILE = "judgement.json"


@dataclass
class _Sum:
    tallies: list[Tally] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)
    misfiled: int = 0
    files: list[str] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)

    def add(self, raw: Mapping[str, Any], file: str) -> None:
        """One shard. KeyError, TypeError, InvalidRecordError: it is poisoned."""
        tally, suspects = tally_from_dict(raw["tally"]), len(raw["suspects"])
        newest = {str(region): int(number) for region, number in raw["newest"].items()}
        self.misfiled += int(raw["misfiled"])
        self.tallies.append(tally)
        for region, number in newest.items():
            self.newest[region] = max(number, self.newest.get(region, number))
        if suspects:
            self.files.append(file)


def judge(ctx: ReconcileContext, run: Run) -> Judgement:
    """The verdict, also written to `judgement.json`. Repeatable.

    What the next run expects of this pool is noted here, unless the listing looks truncated.
    Calls: claims, files, witnesses.
    """
    opened, totals = read_opened(ctx, run), read_totals(ctx, run)
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
    decided, reasons = verdict(seen, ctx.settings.limits)
    judgement = Judgement(
        verdict=decided,
        reasons=reasons,
        tally=seen.tally,
        buckets=tuple(added.files),
        not_listed=totals.failed,
        not_compared=seen.not_compared,
    )
    write_note(ctx, run, _FILE, judgement.to_dict())
    believed = whole and decided is not BrakeVerdict.STOP and not totals.failed
    limits = ctx.settings.limits
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
    tally = read_judgement(ctx, run).tally
    _note_pool(ctx, read_totals(ctx, run), tally, read_pool_note(ctx).misfiled, begun=True)


def read_judgement(ctx: ReconcileContext, run: Run) -> Judgement:
    """What was judged. InvalidRecordError: nothing was, or it is poisoned."""
    return Judgement.from_dict(read_note(ctx, run, _FILE))


def _recovered_since(ctx: ReconcileContext, opened: Opened) -> tuple[str, ...]:
    found = ctx.witnesses.unsettled() if ctx.witnesses else []
    return tuple(sorted(each.id for each in found if each.id not in opened.recovered))


def _add_up(ctx: ReconcileContext, run: Run) -> _Sum:
    added = _Sum()
    for shard in shards_of(run):
        try:
            raw = read_note(ctx, run, shard_file(shard))
            added.add(raw, file_of(run.id, shard_file(shard)))
        except (InvalidRecordError, KeyError, TypeError, AttributeError):
            added.not_compared.append(shard)
    return added


def _note_pool(
    ctx: ReconcileContext, totals: BucketTotals, tally: Tally, misfiled: int, *, begun: bool
) -> None:
    write_pool_note(ctx, PoolNote(totals.users, tally.records, totals.misfiled + misfiled, begun))
