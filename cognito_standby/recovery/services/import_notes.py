"""What a run of an import notes: how far it is, and who is in which line of its jobs.

runs/imports/current            the run that is under way in the pool's Region
runs/imports/<run>.json         how far it is
runs/imports/<run>/<part>.jsonl its users: fate, outcome, reason. Ids only
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.reconciliation.domain.file_names import RUNS
from cognito_standby.recovery.domain.import_plan import Fate, ImportRun, PartRun, Planned
from cognito_standby.recovery.domain.password_hashes import Hashes
from cognito_standby.recovery.services.transfer_ports import TransferContext, TransferRefusedError

FOLDER = f"{RUNS}imports/"
CURRENT = f"{FOLDER}current"


@dataclass(frozen=True)
class ImportOrder:
    """What is imported, by which role Cognito writes the jobs' logs, and with which hashes."""

    run_id: str
    export: str
    role_arn: str
    hashes: Hashes | None = field(default=None, repr=False)

    @property
    def algorithm(self) -> str:
        """Of the hashes; "": there are none."""
        return self.hashes.algorithm.value if self.hashes else ""


def begin(ctx: TransferContext, order: ImportOrder) -> ImportRun:
    """Note a new run, or go on with this one. TransferRefusedError: another one is under way."""
    run = noted(ctx, order.run_id)
    if run is not None:
        check_hashes(run, order)
    else:
        sync = ctx.sync
        now = sync.clock.now().isoformat()
        where = (sync.region, sync.user_pool_id)
        run = ImportRun(order.run_id, order.export, *where, now, order.algorithm)
    if not ctx.notes.write_new(CURRENT, order.run_id.encode()):
        other = _current(ctx)
        if other != order.run_id:
            raise TransferRefusedError(
                f"the import {other} is under way: go on with it (--resume {other}), or, if nobody "
                f"works at it any more, give it up (--give-up {other})"
            )
    _save(ctx, run)
    return run


def resumed(ctx: TransferContext, order: ImportOrder) -> ImportRun:
    """A run that was begun. TransferRefusedError: there is none, or it is about something else."""
    run = noted(ctx, order.run_id)
    if run is None:
        raise TransferRefusedError(f"there is no import {order.run_id}")
    if (run.user_pool_id, run.export) != (ctx.sync.user_pool_id, order.export):
        what = f"the export {run.export} and the pool {run.user_pool_id}"
        raise TransferRefusedError(f"the import {order.run_id} is about {what}")
    return run


def check_hashes(run: ImportRun, order: ImportOrder) -> None:
    """A run goes on as it began. TransferRefusedError: with other hashes, or without."""
    if run.algorithm != order.algorithm:
        began = f"with hashes of {run.algorithm}" if run.algorithm else "without hashes"
        raise TransferRefusedError(f"the import {run.id} began {began}: give the same again")


def is_current(ctx: TransferContext, run_id: str) -> bool:
    """Whether this run is the one that is under way."""
    return _current(ctx) == run_id


def end(ctx: TransferContext) -> None:
    """Let another run begin."""
    ctx.notes.remove(CURRENT)


def _current(ctx: TransferContext) -> str:
    return (ctx.notes.read(CURRENT) or b"").decode()


def noted(ctx: TransferContext, run_id: str) -> ImportRun | None:
    """A run as it was noted last; None: it was not begun."""
    body = ctx.notes.read(_file_of(run_id))
    return None if body is None else from_plain(ImportRun, json.loads(body))


def _save(ctx: TransferContext, run: ImportRun) -> None:
    ctx.notes.write(_file_of(run.id), json.dumps(to_plain(run), indent=2).encode())


def _file_of(run_id: str) -> str:
    return f"{FOLDER}{run_id}.json"


def _rows_of(run_id: str, part: str) -> str:
    return f"{FOLDER}{run_id}/{part.partition('.')[0]}.jsonl"


def note(ctx: TransferContext, run: ImportRun, name: str, part: PartRun) -> ImportRun:
    """How far a part is."""
    further = replace(run, parts={**run.parts, name: part})
    _save(ctx, further)
    return further


def keep(
    ctx: TransferContext,
    order: ImportOrder,
    name: str,
    rows: Sequence[Planned],
    outcomes: dict[str, tuple[str, str]],
) -> None:
    """Who is in which line of the job, and later what became of them."""
    told = []
    for row in rows:
        outcome, reason = outcomes.get(row.origin_sub, ("", ""))
        what = {"fate": row.fate.name, "outcome": outcome, "reason": reason or row.reason}
        told.append(json.dumps({"line": row.place, "origin_sub": row.origin_sub, **what}))
    body = "\n".join([*told, ""]).encode()
    ctx.notes.write(_rows_of(order.run_id, name), body)


def kept(ctx: TransferContext, order: ImportOrder, name: str) -> list[Planned]:
    """Who was in which line, as `keep` wrote it: without their data."""
    body = ctx.notes.read(_rows_of(order.run_id, name)) or b""
    rows = [json.loads(line) for line in body.decode().split("\n") if line]
    return [
        Planned(row["line"], row["origin_sub"], Fate[row["fate"]], row["reason"]) for row in rows
    ]
