"""The rehearsals (`standby drill`) that a Region's bucket knows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain
from cognito_standby.reconciliation.ports import RunFiles
from cognito_standby.recovery.domain.rehearsal_marks import NOTES

MOST = 20
"""Notes that are read: their names tell no time, and old ones expire."""


@dataclass(frozen=True)
class Played:
    """What a rehearsal's report says, as far as a list shows it."""

    ok: bool
    began_at: str
    ended_at: str = ""
    people: str = ""
    made: int = 0
    equal: int = 0
    signed_in: int = 0
    differing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    broke_off: str = ""
    left: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """One of them; `played`: None while it goes on, or if it was broken off without a report."""

    id: str
    played: Played | None = None
    trouble: str = ""


def rehearsals(files: RunFiles) -> list[Rehearsal]:
    """The newest first. A listing, and a read for each."""
    found = [_read(files, name) for name in list(files.names(NOTES))[-MOST:]]
    return sorted(
        found, key=lambda each: each.played.began_at if each.played else "~", reverse=True
    )


def _read(files: RunFiles, name: str) -> Rehearsal:
    drill = name.removeprefix(NOTES).removesuffix(".json")
    try:
        note: Any = json.loads(files.read(name) or b"")
        report = note.get("report") if isinstance(note, dict) else None
        return Rehearsal(drill, None if report is None else from_plain(Played, report))
    except (ValueError, RecursionError, InvalidRecordError) as error:
        return Rehearsal(drill, trouble=f"its note cannot be read: {type(error).__name__}")
