"""What a rehearsal is handed, and the note that it leaves before it makes anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cognito_standby.core.ports import (
    Clock,
    ErasureList,
    PasswordSource,
    RecordStore,
    UserDirectory,
)
from cognito_standby.reconciliation.ports import Pacer, PoolListing, RecordIndex, RunFiles
from cognito_standby.recovery.domain.rehearsal_marks import Mark, Noted, note_of
from cognito_standby.recovery.ports import RehearsalPools


class NotRehearsedError(Exception):
    """What was asked for cannot be; the text says why. Nothing was made."""


@dataclass(frozen=True)
class RehearsalContext:
    """One Region. `records`, `index` and `erasures` are read and never written; `directory` is of a
    pool by its id; `seconds` is a clock that only runs; `pause` waits that many seconds."""

    installation: str
    region: str
    other: str
    user_pool_id: str
    pools: RehearsalPools
    standby: PoolListing
    directory: Callable[[str], UserDirectory]
    records: RecordStore
    index: RecordIndex
    erasures: ErasureList
    files: RunFiles
    pacer: Pacer
    clock: Clock
    passwords: PasswordSource
    seconds: Callable[[], float]
    pause: Callable[[float], None]


def leave_note(ctx: RehearsalContext, mark: Mark, pool_id: str, **more: Any) -> None:
    """Say in the bucket what is about to be made, or was."""
    told = {
        "id": mark.id,
        "installation": mark.installation,
        "region": ctx.region,
        "expires_at": mark.expires_at.isoformat(),
        "pool_id": pool_id,
        **more,
    }
    body = json.dumps(told, indent=2).encode()
    ctx.files.write(note_of(mark.id), body, "application/json")


def noted(ctx: RehearsalContext, drill_id: str) -> Noted | None:
    """The note of a rehearsal; None: there is none, or nobody can read it. It is listed first: who
    may list a part of a bucket alone is told "forbidden" of a file that is not there."""
    name = note_of(drill_id)
    body = ctx.files.read(name) if drill_id and name in ctx.files.names(name) else None
    try:
        told = json.loads(body or b"")
        return Noted(str(told["id"]), str(told["pool_id"]))
    except (ValueError, KeyError, TypeError):
        return None
