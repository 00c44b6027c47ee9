"""What becomes of each user of an export when it is imported. Pure.

The table decides, not the file: a file is as old as it is, and who was erased, deleted or changed
since must not come back by it. So a user goes by an import job only where the file, the winning
record and the pool agree that they are to be made just so; all others are brought in by their own
replay, which looks for itself, or are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import FEDERATED
from cognito_standby.recovery.domain.import_csv import HASH_COLUMN, CsvUser, Misfit, with_hash
from cognito_standby.recovery.domain.password_hashes import Hashes


class Fate(StrEnum):
    """What is done about a user."""

    JOB = "made by an import job"
    CALL = "brought in by replication"
    HERE = "noted as here already"
    """By the ledger, which is not looked up in the pool: who is gone is a restore's business."""
    REFUSED = "refused"


ERASED = "erased: nobody makes them again"
UNKNOWN = "the table has no record of them, and nobody is made without one"
DELETED = "deleted since the export"
TWICE = "named before in this export"
CHANGED = "changed since the export"
KNOWN = "known in this pool"
STAGED = "staged for their provider"


@dataclass(frozen=True)
class Known:
    """What bears on one user.

    erased   either Region erased them
    row      the ledger's row, as far as it is about this pool
    made     the user as an import job is to make them, or why it cannot
    line     their line, or why there is none
    same     the file says of them what the winner says
    stages   replays make a provider's users before they come
    """

    erased: bool
    winner: Record | None
    row: LedgerRow
    made: CsvUser | str
    line: str | Misfit
    same: bool
    stages: bool = False


def fate_of(known: Known) -> tuple[Fate, str]:
    """What is done, and why."""
    winner = known.winner
    if known.erased:
        return Fate.REFUSED, ERASED
    if winner is None:
        return Fate.REFUSED, UNKNOWN
    if winner.deleted:
        return Fate.REFUSED, DELETED
    if FEDERATED in winner.fields and not known.stages:
        return Fate.REFUSED, NotHeld.FEDERATED
    # Of somebody who is awaited was confirmed that nobody is there.
    if known.row.confirmed_version == winner.version and known.row.was_here:
        return Fate.HERE, ""
    if known.row.was_here:
        return Fate.CALL, KNOWN
    if FEDERATED in winner.fields:
        return Fate.CALL, STAGED
    if isinstance(known.made, str):
        return Fate.CALL, known.made
    if not known.same:
        return Fate.CALL, CHANGED
    if isinstance(known.line, Misfit):
        return Fate.CALL, known.line
    return Fate.JOB, ""


@dataclass(frozen=True)
class Planned:
    """One user of a part. `place`: the line of the file; `user` and `text` of who goes by a job."""

    place: int
    origin_sub: str
    fate: Fate
    reason: str = ""
    user: CsvUser | None = None
    text: str = ""


class Stage(StrEnum):
    """How far a part is."""

    NAMED = "named in the ledger"
    CREATED = "has its job"
    DONE = "done"


@dataclass(frozen=True)
class PartRun:
    """A part of an import that is under way. `outcomes`: what the job's log told -> how many."""

    stage: Stage
    job_id: str = ""
    fates: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportRun:
    """What a run notes of itself, so that it can go on after a crash. Nobody's data. `algorithm`:
    of the hashes that are passed through, which are noted nowhere."""

    id: str
    export: str
    region: str
    user_pool_id: str
    started_at: str
    algorithm: str = ""
    parts: Mapping[str, PartRun] = field(default_factory=dict)


def body_of(header: Sequence[str], rows: Sequence[Planned], hashes: Hashes | None = None) -> bytes:
    """The file of a job: line 1 is the header. With hashes it has their column."""
    columns, lines = list(header), [row.text for row in rows]
    if hashes is not None:
        columns += [] if HASH_COLUMN in columns else [HASH_COLUMN]
        lines = [with_hash(header, r.text, hashes.value_of(r.origin_sub)) for r in rows]
    return "\n".join([",".join(columns), *lines, ""]).encode()
