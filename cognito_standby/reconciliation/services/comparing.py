"""Compare Shards: one worker joins listing, ledger and records of a bucket of shards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    ServiceUnavailableError,
)
from cognito_standby.reconciliation.domain.cases import Terms
from cognito_standby.reconciliation.domain.listing_rows import split_rows
from cognito_standby.reconciliation.domain.readiness import awaited_in, unstaged_of
from cognito_standby.reconciliation.domain.reconciliation import (
    Drift,
    LedgerSummary,
    Run,
    Suspect,
    Tally,
)
from cognito_standby.reconciliation.domain.run_notes import Bucket, Opened, ShardNote
from cognito_standby.reconciliation.domain.shard_join import ShardJoin, ShardResult, recounted
from cognito_standby.reconciliation.domain.work_items import sum_of
from cognito_standby.reconciliation.services.awaiting import how_they_get_in, with_awaited
from cognito_standby.reconciliation.services.changed_passwords import changed_in
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.opening import claims_of
from cognito_standby.reconciliation.services.pages import pages
from cognito_standby.reconciliation.services.patience import is_late
from cognito_standby.reconciliation.services.readying import ShardReadiness

_LOOKUPS = 100
"""Local subs of one question to the reverse map, at most."""
_USER_FIELDS, _MEMBER_FIELDS = (5, 6), (3,)
"""A row of a user has marks since those are told; earlier releases wrote five fields."""
_OTHER_POOL = "confirmed in the pool before this one"
_WRONG_COPY = "the pool's copy of the origin sub is wrong or missing"


def compare_bucket(ctx: ReconcileContext, run: Run, bucket: str) -> Tally:
    """Compare the shards of a bucket; `compare/<shard>.json` for each. Repeatable: a shard that has
    its file is not compared again.

    Calls: both indexes, the notes of passwords, the reverse map for users whom the ledger does not
    know, clock, files.
    ServiceUnavailableError: the time was over; ThrottledError: a table refused for now; the next
    attempt goes on with the shards that are left. InvalidRecordError: rows are poisoned; the other
    shards were compared.
    """
    store = ctx.store(run)
    planned, totals, opened = store.bucket(bucket), store.totals(), store.opened()
    terms = Terms(
        region=ctx.region,
        claims=claims_of(opened),
        now=ctx.clock.now(),
        since=opened.since,
        grace=ctx.settings.grace,
        retention=ctx.settings.retention,
        not_listed=totals.not_listed,
        groups_known=totals.groups_known,
        stages=ctx.federated.stages,
        on_demand=ctx.whole is not None,
        filling=run.seeding,
    )
    rows = _Rows(ctx, planned)
    tallies, poisoned = [], []
    for shard in planned.shards:
        known = store.shard(shard)
        if known is None:
            if is_late(ctx):
                raise ServiceUnavailableError("the time was over; the shards compared are kept")
            try:
                tallies.append(_compare_shard(ctx, opened, shard, rows, terms))
            except InvalidRecordError:
                poisoned.append(shard)
        else:
            tallies.append(known.tally)
    if poisoned:
        raise InvalidRecordError(f"rows of the shards {', '.join(poisoned)} cannot be read")
    return sum_of(tallies)


def _compare_shard(
    ctx: ReconcileContext, opened: Opened, shard: str, rows: _Rows, terms: Terms
) -> Tally:
    run, ready = opened.run, ShardReadiness(opened.sign_in, users=list(rows.users(shard)))
    ready.held = ctx.ledger.not_held(shard)
    if ready.held:
        unstaged = unstaged_of(ready.held) if ctx.federated.stages else frozenset[str]()
        terms = replace(terms, unstaged=unstaged, awaited=awaited_in(ready.held))
    join = ShardJoin(terms)
    if not opened.active:
        ready.changed = changed_in(ctx, shard, claims_of(opened).of(ctx.region))
    join.listed(ready.users)
    join.members(rows.members(shard))
    for page in pages(lambda token: ctx.records.page(shard, token)):
        join.records(page.records, page.unreadable)
        ready.recorded.update(record.key for record in page.records)
    result = join.compare(ready.noting(_ledger_rows(ctx, shard)))
    if ctx.whole is not None:
        result = with_awaited(ctx, ctx.whole, result, terms)
    if ctx.whole is not None and opened.sign_in is not None:
        ready.awaiting = how_they_get_in(ctx.whole, result.awaited, opened.sign_in)
    ready.misfiled = misfiled = _misfiled(ctx, result)
    suspects = [_corrected(each, misfiled) for each in result.suspects]
    moved = _of_former_pool(ctx, result.groups) if opened.former_pool else []
    suspects += moved
    tally = result.tally
    if suspects or tally.drift:  # in most shards there is nothing to count anew
        tally = recounted(replace(tally, in_sync=tally.in_sync - len(moved)), suspects)
    counted = ready.note(ctx, run, shard)
    note = ShardNote(tally, result.newest, len(misfiled), suspects, counted)
    ctx.store(run).write_shard(shard, note)
    return tally


def _of_former_pool(ctx: ReconcileContext, groups: list[str]) -> list[Suspect]:
    """Group definitions that are in sync, but were confirmed in the pool whose place this one took:
    a visit confirms them here. A pool has 10,000 groups at most."""
    named: dict[str, str] = {}
    for start in range(0, len(groups), _LOOKUPS):
        named |= ctx.ledger.pools_of(groups[start : start + _LOOKUPS])
    return [
        Suspect(Drift.GROUP_DEFINITION, key, "", False, _OTHER_POOL)
        for key, pool in named.items()
        if pool != ctx.user_pool_id
    ]


def _misfiled(ctx: ReconcileContext, result: ShardResult) -> dict[str, str]:
    """Local sub -> origin, of users whose listing named another."""
    known: dict[str, str] = {}
    for start in range(0, len(result.unknown), _LOOKUPS):
        known |= ctx.ledger.origins_of(result.unknown[start : start + _LOOKUPS])
    return known


def _corrected(suspect: Suspect, misfiled: dict[str, str]) -> Suspect:
    """A user whom the ledger knows under another origin is visited under that origin."""
    origin = misfiled.get(suspect.local_sub, "")
    if not origin or origin == suspect.key:
        return suspect
    kind = Drift.LEDGER_OUT_OF_STEP
    return replace(suspect, kind=kind, key=origin, destructive=False, cause=_WRONG_COPY)


def _ledger_rows(ctx: ReconcileContext, shard: str) -> Iterator[LedgerSummary]:
    for page in pages(lambda token: ctx.ledger.page(shard, token)):
        yield from page.rows


class _Rows:
    """The rows of a bucket: its byte ranges of all files, read once, and cut by shard."""

    def __init__(self, ctx: ReconcileContext, bucket: Bucket) -> None:
        self._shards, self._pieces = bucket.shards, bucket.pieces
        self._bodies = [
            ctx.files.read_range(piece.file, piece.start, sum(piece.lengths))
            for piece in bucket.pieces
        ]

    def users(self, shard: str) -> Iterator[tuple[str, ...]]:
        """Rows of users and of group definitions. InvalidRecordError: they are none."""
        return self._rows(shard, members=False, fields=_USER_FIELDS)

    def members(self, shard: str) -> Iterator[tuple[str, ...]]:
        """Rows of memberships. InvalidRecordError: they are none."""
        return self._rows(shard, members=True, fields=_MEMBER_FIELDS)

    def _rows(
        self, shard: str, *, members: bool, fields: tuple[int, ...]
    ) -> Iterator[tuple[str, ...]]:
        number = self._shards.index(shard)
        for piece, body in zip(self._pieces, self._bodies, strict=True):
            if piece.members is not members:
                continue
            start = sum(piece.lengths[:number])
            try:
                rows = split_rows(body[start : start + piece.lengths[number]])
            except UnicodeDecodeError:
                raise InvalidRecordError("rows of a listing cannot be read") from None
            if any(len(row) not in fields for row in rows):
                raise InvalidRecordError("rows of a listing are not of their shape")
            yield from rows
