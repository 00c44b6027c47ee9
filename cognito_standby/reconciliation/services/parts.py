"""Parts of a listing: what one item wrote so far, and where it goes on.

A part is two files: `g<generation>-p<part>.rows` with the rows, and `.json`, written after it, with
how far the item came. A generation is one attempt to list the whole item: when a token is not
accepted any more the next one begins, and what the former ones listed does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.listing_rows import RowBuffer
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services.context import ReconcileContext, file_of
from cognito_standby.reconciliation.services.notes import read_note, write_note

_NAME = re.compile(r"listing/([^/]+)/g(\d+)-p(\d+)\.json$")

Ranges = Mapping[str, Sequence[int]]
"""Shard -> where its rows begin in the file, and how long they are, in bytes."""


@dataclass(frozen=True)
class PartProgress:
    """How far an item came.

    chain    index of the value that is being listed
    token    the next page of it; "": its first
    at       when the token was given, epoch seconds
    users, memberships, misfiled   in this part
    broken   why the item cannot be listed at all
    """

    generation: int = 0
    part: int = -1
    chain: int = 0
    token: str = ""
    at: float = 0.0
    done: bool = False
    users: int = 0
    memberships: int = 0
    misfiled: int = 0
    broken: str = ""
    ranges: Ranges = ()  # type: ignore[assignment]

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return self.done or bool(self.broken)

    def anew(self) -> PartProgress:
        """The next generation."""
        return PartProgress(self.generation + 1)


_FIELDS = tuple(PartProgress.__dataclass_fields__)


def write_part(
    ctx: ReconcileContext, run: Run, item: str, progress: PartProgress, rows: RowBuffer
) -> PartProgress:
    """Write one part: the rows, then how far it came. The answer is where the next one begins."""
    written = replace(progress, part=progress.part + 1)
    body, ranges = rows.body()
    if body:
        ctx.files.write(file_of(run.id, rows_name(item, written.generation, written.part)), body)
    written = replace(written, ranges=ranges)
    note = {name: getattr(written, name) for name in _FIELDS}
    write_note(ctx, run, _json_name(item, written.generation, written.part), note)
    return written


def last_progress(ctx: ReconcileContext, run: Run, names: Iterable[str]) -> PartProgress:
    """How far an item came, by the names of its parts' notes."""
    newest = max(names, key=_numbers, default=None)
    return PartProgress() if newest is None else read_progress(ctx, run, newest)


def read_progress(ctx: ReconcileContext, run: Run, name: str) -> PartProgress:
    """One part's note. InvalidRecordError: it is poisoned."""
    raw = read_note(ctx, run, name)
    try:
        progress = PartProgress(**{field: raw[field] for field in _FIELDS})
    except (KeyError, TypeError):
        raise InvalidRecordError(f"{name} is no note of a part") from None
    if not isinstance(progress.ranges, dict) or not _well_typed(progress):
        raise InvalidRecordError(f"{name} is no note of a part")
    return progress


def parts_by_item(ctx: ReconcileContext, run: Run, item: str = "") -> dict[str, list[str]]:
    """Item -> names of its parts' notes, relative to the run; of all items, or of one."""
    begin = file_of(run.id, "")
    prefix = file_of(run.id, f"listing/{item}/" if item else "listing/")
    found: dict[str, list[str]] = {}
    for file in ctx.files.names(prefix):
        if match := _NAME.search(file):
            found.setdefault(match[1], []).append(file.removeprefix(begin))
    return found


def counting(names: Sequence[str]) -> list[str]:
    """The notes of an item's newest generation, in order."""
    ordered = sorted(names, key=_numbers)
    return [name for name in ordered if _numbers(name)[0] == _numbers(ordered[-1])[0]]


def rows_name(item: str, generation: int, part: int) -> str:
    """The file of a part's rows."""
    return f"{_stem(item, generation, part)}.rows"


def _json_name(item: str, generation: int, part: int) -> str:
    return f"{_stem(item, generation, part)}.json"


def _stem(item: str, generation: int, part: int) -> str:
    return f"listing/{item}/g{generation}-p{part:05d}"


def _numbers(name: str) -> tuple[int, int]:
    match = _NAME.search(name)
    return (int(match[2]), int(match[3])) if match else (-1, -1)


def _well_typed(progress: PartProgress) -> bool:
    wanted: dict[str, Any] = {
        **dict.fromkeys(("generation", "part", "chain", "users", "memberships", "misfiled"), int),
        **dict.fromkeys(("token", "broken"), str),
    }
    return all(isinstance(getattr(progress, name), kind) for name, kind in wanted.items())
