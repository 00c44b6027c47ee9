"""Plan Comparison: which shards one worker compares, and where their rows lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.reconciliation import SHARDS, Run
from cognito_standby.reconciliation.domain.work_items import ItemKind, WorkPlan
from cognito_standby.reconciliation.services.context import ReconcileContext, file_of
from cognito_standby.reconciliation.services.definitions import ITEM as DEFINITIONS
from cognito_standby.reconciliation.services.notes import (
    SUMMARY,
    read_note,
    read_pool_note,
    write_note,
)
from cognito_standby.reconciliation.services.parts import (
    PartProgress,
    counting,
    parts_by_item,
    read_progress,
    rows_name,
)

_ITEMS = "compare/items.json"
_TOTALS = "compare/totals.json"
_FEWEST = 8
"""Shards of a bucket, at most, however small the pool seems: what the tables hold is not known
before they are read."""


@dataclass(frozen=True)
class Piece:
    """Rows of a bucket in one file: where they begin, and the length of each shard's."""

    file: str
    members: bool
    start: int
    lengths: tuple[int, ...]


@dataclass(frozen=True)
class BucketTotals:
    """What was listed altogether.

    not_listed   prefixes of `sub` that could not be listed
    groups_known whether all groups were
    failed       what could not be listed, for people
    """

    users: int
    memberships: int
    misfiled: int
    not_listed: tuple[str, ...]
    groups_known: bool
    failed: tuple[str, ...]


def plan_comparison(ctx: ReconcileContext, run: Run) -> WorkPlan:
    """The buckets of shards: the file is a JSON array of {"bucket": name}. Repeatable.

    Calls: files. InvalidRecordError: the listing is not done.
    """
    raw = read_note(ctx, run, SUMMARY)
    if raw is None:
        raise InvalidRecordError("the listing is not done")
    parts, lost = _parts(ctx, run)
    totals = _totals(raw, [part for _, part in parts], lost)
    write_note(ctx, run, _TOTALS, totals.__dict__)
    buckets = _buckets(ctx, run, totals.users)
    for bucket, shards in buckets.items():
        pieces = [piece for item, part in parts if (piece := _piece(run, item, part, shards))]
        note = [[piece.file, piece.members, piece.start, piece.lengths] for piece in pieces]
        write_note(ctx, run, _bucket_file(bucket), {"shards": shards, "pieces": note})
    items = [{"bucket": bucket} for bucket in buckets]
    write_note(ctx, run, _ITEMS, items)
    return WorkPlan(done=False, items_file=file_of(run.id, _ITEMS), count=len(items))


def read_bucket(ctx: ReconcileContext, run: Run, bucket: str) -> tuple[list[str], list[Piece]]:
    """A bucket's shards and where their rows lie. InvalidRecordError: it was not planned."""
    raw = read_note(ctx, run, _bucket_file(bucket))
    try:
        pieces = [Piece(f, bool(m), s, tuple(lengths)) for f, m, s, lengths in raw["pieces"]]
        return list(raw["shards"]), pieces
    except (KeyError, TypeError, ValueError):
        raise InvalidRecordError(f"the bucket {bucket} was not planned") from None


def read_totals(ctx: ReconcileContext, run: Run) -> BucketTotals:
    """What was listed. InvalidRecordError: the comparison was not planned."""
    raw = read_note(ctx, run, _TOTALS)
    try:
        lists = {name: tuple(raw[name]) for name in ("not_listed", "failed")}
        return BucketTotals(**{**raw, **lists})
    except (KeyError, TypeError):
        raise InvalidRecordError("the comparison was not planned") from None


def shards_of(run: Run) -> list[str]:
    """The shards that a run compares."""
    every = [f"{number:02x}" for number in range(SHARDS)]
    return [shard for shard in every if not run.shards or shard in run.shards]


def _parts(ctx: ReconcileContext, run: Run) -> tuple[list[tuple[str, PartProgress]], list[str]]:
    """The parts that count, and items of which one is poisoned."""
    parts: list[tuple[str, PartProgress]] = []
    lost: list[str] = []
    for item, names in sorted(parts_by_item(ctx, run).items()):
        for name in counting(names):
            try:
                parts.append((item, read_progress(ctx, run, name)))
            except InvalidRecordError:
                lost.append(item)
    return parts, lost


def _totals(raw: Any, parts: Iterable[PartProgress], lost: Sequence[str]) -> BucketTotals:
    counted: Counter[str] = Counter()
    for part in parts:
        counted.update(users=part.users, memberships=part.memberships, misfiled=part.misfiled)
    kinds = [(kind, value) for kind, value in raw["values"]]
    failed = [f"{item}: {why}" for item, why in raw["failed"].items()]
    prefixes = [value for kind, value in kinds if kind == ItemKind.PREFIX.value]
    groups_known = len(prefixes) == len(kinds) and DEFINITIONS not in lost
    if any(not item.startswith((ItemKind.GROUP.value, DEFINITIONS)) for item in lost):
        unknown = set(lost) - set(raw["failed"])
        prefixes += [""] if unknown else []
    return BucketTotals(
        counted["users"],
        counted["memberships"],
        counted["misfiled"],
        tuple(prefixes),
        groups_known and not any(item.startswith(ItemKind.GROUP.value) for item in lost),
        tuple(failed),
    )


def _buckets(ctx: ReconcileContext, run: Run, users: int) -> dict[str, list[str]]:
    shards = shards_of(run)
    note = read_pool_note(ctx)
    per_shard = max(users, note.users, note.records) / SHARDS
    fits = int(ctx.settings.bucket_users / per_shard) if per_shard else _FEWEST
    size = max(1, min(_FEWEST, fits))
    chunks = [shards[start : start + size] for start in range(0, len(shards), size)]
    return {f"{chunk[0]}-{chunk[-1]}": chunk for chunk in chunks}


def _piece(run: Run, item: str, part: PartProgress, shards: Sequence[str]) -> Piece | None:
    """The rows of consecutive shards lie side by side."""
    found = [part.ranges.get(shard, (0, 0)) for shard in shards]
    lengths = tuple(length for _, length in found)
    if not any(lengths):
        return None
    start = min(offset for offset, length in found if length)
    members = item.startswith(ItemKind.GROUP.value)
    file = file_of(run.id, rows_name(item, part.generation, part.part))
    return Piece(file, members, start, lengths)


def _bucket_file(bucket: str) -> str:
    return f"compare/plan/{bucket}.json"
