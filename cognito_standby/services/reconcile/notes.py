"""The small JSON files by which a run's steps know of each other, and where they lie.

run.json                          what Open Run found
listing/plan-<n>.json             the planner's state after round n, written last
listing/round-<n>.json            the work items of round n
listing/<item>/g<g>-p<part>.json  how far an item came; `.rows` beside it
listing/summary.json              which parts count; the listing is done
compare/items.json, compare/plan/<bucket>.json   the buckets, and where their rows lie
compare/<shard>.json              tally and suspects of a shard
judgement.json
runs/pools/<user pool>.json       of the pool, for the next run: how large it was
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cognito_standby.domain.errors import InvalidRecordError
from cognito_standby.domain.reconciliation import Run
from cognito_standby.services.reconcile import run_files
from cognito_standby.services.reconcile.context import ReconcileContext, file_of

_JSON = "application/json"
SUMMARY = "listing/summary.json"


def write_note(ctx: ReconcileContext, run: Run, name: str, content: Any) -> None:
    """Write one of a run's notes."""
    ctx.files.write(file_of(run.id, name), _dumped(content), _JSON)


def read_note(ctx: ReconcileContext, run: Run, name: str) -> Any:
    """One of a run's notes; None: there is none. InvalidRecordError: it is no JSON."""
    return read_json(ctx, file_of(run.id, name))


def read_json(ctx: ReconcileContext, file: str) -> Any:
    """A JSON file by its whole name; None: there is none. InvalidRecordError: it is no JSON."""
    return run_files.read_json(ctx.files, file)


def read_list(ctx: ReconcileContext, file: str) -> list[Any] | None:
    """The same of a file that holds a list."""
    raw = read_json(ctx, file)
    if raw is None and ctx.files.read(file) is None:
        return None
    if not isinstance(raw, list):
        raise InvalidRecordError(f"{file} holds no list")
    return raw


@dataclass(frozen=True)
class PoolNote:
    """What the last believed run saw of this pool.

    users, records  how many there were
    misfiled        users whose copy of the origin sub was not what the ledger says: as long as
                    there are some, the reverse map is asked for everybody
    begun           a run that may repair was let through, by the brake or by a person: from then
                    on a schedule may begin runs. A dry run is none
    """

    users: int = 0
    records: int = 0
    misfiled: int = 0
    begun: bool = False


def read_pool_note(ctx: ReconcileContext) -> PoolNote:
    """Of this pool; nothing known where there is no readable note."""
    try:
        raw = read_json(ctx, _pool_file(ctx))
    except InvalidRecordError:
        return PoolNote()
    if not isinstance(raw, Mapping):
        return PoolNote()
    names = ("users", "records", "misfiled")
    numbers = {name: raw[name] for name in names if isinstance(raw.get(name), int)}
    return PoolNote(**numbers, begun=raw.get("begun") is True)


def write_pool_note(ctx: ReconcileContext, note: PoolNote) -> None:
    """For the next run."""
    ctx.files.write(_pool_file(ctx), _dumped(asdict(note)), _JSON)


def _pool_file(ctx: ReconcileContext) -> str:
    return f"runs/pools/{ctx.user_pool_id}.json"


def _dumped(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
