"""Plan Comparison: which shards one worker compares, and where their rows lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.file_names import PartName, counting
from cognito_standby.reconciliation.domain.listing_notes import ListingState, Progress
from cognito_standby.reconciliation.domain.reconciliation import SHARDS, Run
from cognito_standby.reconciliation.domain.run_notes import Bucket, Piece, Totals
from cognito_standby.reconciliation.domain.work_items import ItemKind, WorkPlan
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.definitions import ITEM as DEFINITIONS
from cognito_standby.reconciliation.services.pool_notes import read_pool_note
from cognito_standby.reconciliation.services.run_store import RunStore

_FEWEST = 8
"""Shards of a bucket, at most, however small the pool seems: what the tables hold is not known
before they are read."""


def plan_comparison(ctx: ReconcileContext, run: Run) -> WorkPlan:
    """The buckets of shards: the file is a JSON array of {"bucket": name}. Repeatable.

    Calls: files. InvalidRecordError: the listing is not done.
    """
    store = ctx.store(run)
    given_up = store.given_up()
    parts, lost = _parts(store)
    totals = _totals(given_up, [progress for _, progress in parts], lost)
    buckets = {
        name: Bucket(shards, [piece for part in parts if (piece := _piece(store, *part, shards))])
        for name, shards in _shards_by_bucket(ctx, run, totals.users).items()
    }
    file = store.write_comparison(totals, buckets)
    return WorkPlan(done=False, items_file=file, count=len(buckets))


def shards_of(run: Run) -> list[str]:
    """The shards that a run compares."""
    every = [f"{number:02x}" for number in range(SHARDS)]
    return [shard for shard in every if not run.shards or shard in run.shards]


def _parts(store: RunStore) -> tuple[list[tuple[PartName, Progress]], list[str]]:
    """The parts that count, and items of which one is poisoned."""
    parts: list[tuple[PartName, Progress]] = []
    lost: list[str] = []
    for item, names in sorted(store.parts().items()):
        for name in counting(names):
            try:
                parts.append((name, store.progress(name)))
            except InvalidRecordError:
                lost.append(item)
    return parts, lost


def _totals(given_up: ListingState, parts: Iterable[Progress], lost: Sequence[str]) -> Totals:
    counted: Counter[str] = Counter()
    for part in parts:
        counted.update(users=part.users, memberships=part.memberships, misfiled=part.misfiled)
    kinds = [(kind, value) for kind, value in given_up.failed_values]
    failed = [f"{item}: {why}" for item, why in given_up.failed.items()]
    prefixes = [value for kind, value in kinds if kind == ItemKind.PREFIX.value]
    groups_known = len(prefixes) == len(kinds) and DEFINITIONS not in lost
    if any(not item.startswith((ItemKind.GROUP.value, DEFINITIONS)) for item in lost):
        unknown = set(lost) - set(given_up.failed)
        prefixes += [""] if unknown else []
    return Totals(
        counted["users"],
        counted["memberships"],
        counted["misfiled"],
        tuple(prefixes),
        groups_known and not any(item.startswith(ItemKind.GROUP.value) for item in lost),
        tuple(failed),
    )


def _shards_by_bucket(ctx: ReconcileContext, run: Run, users: int) -> dict[str, list[str]]:
    shards = shards_of(run)
    note = read_pool_note(ctx)
    per_shard = max(users, note.users, note.records) / SHARDS
    fits = int(ctx.settings.bucket_users / per_shard) if per_shard else _FEWEST
    size = max(1, min(_FEWEST, fits))
    chunks = [shards[start : start + size] for start in range(0, len(shards), size)]
    return {f"{chunk[0]}-{chunk[-1]}": chunk for chunk in chunks}


def _piece(store: RunStore, name: PartName, part: Progress, shards: Sequence[str]) -> Piece | None:
    """The rows of consecutive shards lie side by side."""
    found = [part.ranges.get(shard, (0, 0)) for shard in shards]
    lengths = tuple(length for _, length in found)
    if not any(lengths):
        return None
    start = min(offset for offset, length in found if length)
    members = name.item.startswith(ItemKind.GROUP.value)
    return Piece(store.rows_file(name), members, start, lengths)
