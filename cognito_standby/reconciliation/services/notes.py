"""The small JSON files by which a run's steps know of each other, and where they lie.

run.json                          what Open Run found
listing/plan-<n>.json             the planner's state after round n, written last
listing/round-<n>.json            the work items of round n
listing/<item>/g<g>-p<part>.json  how far an item came; `.rows` beside it
listing/summary.json              which parts count; the listing is done
compare/items.json, compare/plan/<bucket>.json   the buckets, and where their rows lie
compare/<shard>.json              tally and suspects of a shard
judgement.json

What the next run has to know of the pool is no file: it would expire (`PoolNote`, in the ledger).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services import run_files
from cognito_standby.reconciliation.services.context import ReconcileContext, file_of

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


def read_pool_note(ctx: ReconcileContext) -> PoolNote:
    """Of this pool; nothing known where there is no readable note. Calls: register, and files
    where it has none."""
    return ctx.register.pool_note(ctx.user_pool_id) or _earlier_note(ctx) or PoolNote()


def write_pool_note(ctx: ReconcileContext, note: PoolNote) -> None:
    """For the next run. Calls: register."""
    ctx.register.keep_pool_note(ctx.user_pool_id, note)


def _earlier_note(ctx: ReconcileContext) -> PoolNote | None:
    """Where releases before kept it, among the runs' files, until it expires there. A note that
    says nothing about `begun` is of a release whose schedules repaired without having been asked:
    that pool's runs have begun."""
    try:
        raw = read_json(ctx, f"runs/pools/{ctx.user_pool_id}.json")
    except InvalidRecordError:
        return None
    if not isinstance(raw, Mapping):
        return None
    names = ("users", "records", "misfiled")
    numbers = {name: raw[name] for name in names if isinstance(raw.get(name), int)}
    return PoolNote(**numbers, begun=raw.get("begun", True) is True) if numbers else None


def _dumped(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
