"""Records: a subject's state as one Region last saw it in its own pool."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.subjects import (
    ABSENT,
    FEDERATED,
    LINKED,
    ROLE,
    Fields,
    Subject,
    SubjectKind,
    is_about_factors,
)

SCHEMA_VERSION = 2
"""Readers accept this version and the one before; a newer one waits for the upgrade. 2: a group's
definition may tell the role, a user's state identities and second factors; the release before knows
no such field."""


def version_needed(subject: Subject, fields: Fields) -> int:
    """The oldest version whose readers understand a state, so that only what is new waits for the
    upgrade of the other Region."""
    if subject.kind is SubjectKind.GROUP:
        new = ROLE in fields
    else:
        new = any(
            name == FEDERATED or name.startswith(LINKED) or is_about_factors(name)
            for name in fields
        )
    return SCHEMA_VERSION if new else SCHEMA_VERSION - 1


@dataclass(frozen=True)
class Version:
    """Names one exact write of a record, for plans, confirmations and letters."""

    epoch: Epoch
    revision: int


@dataclass(frozen=True)
class Record:
    """The item of one Region. A tombstone (`deleted`) keeps the last fields for an undelete."""

    subject: Subject
    region: str
    revision: int
    epoch_number: int
    fields: Fields
    deleted: bool = False
    observed_at: str = ""
    """UTC, ISO 8601; for lag metrics only, never for order."""
    change_id: str = ""
    """Joins the log lines of both Regions about one change."""
    bulk: bool = False
    """One of very many: the other Region's stream starts no execution for it, its own
    reconciliation replays it in batches."""
    seen: int | None = None
    """Revision of the other Region's item that this Region had replayed, or overridden, when it
    wrote this; 0: none. None: written by an older release, so not known."""
    retired: bool = False
    """A tombstone whose Region has seen that the other one's item is a tombstone as well: nobody
    needs it any more, so it may be taken away and is not answered by another one."""

    user_pool_id: str = ""
    """The pool that it was captured from; "": written by an older release."""
    named: str = ""
    """Id of the key under which its names are in the index; "": they are not, or were not yet."""

    @property
    def written_at(self) -> datetime | None:
        """`observed_at` as a time, in UTC where it names no zone; None: it is no time."""
        try:
            written = datetime.fromisoformat(self.observed_at)
        except ValueError:
            return None
        return written.replace(tzinfo=written.tzinfo or UTC)

    @property
    def epoch(self) -> Epoch:
        """The claim under which this Region wrote it."""
        return Epoch(self.epoch_number, self.region)

    @property
    def version(self) -> Version:
        """Which write this is."""
        return Version(self.epoch, self.revision)

    @property
    def erased(self) -> bool:
        """Whether it is the empty tombstone of an erasure: neither this record nor a pool keeps
        anything."""
        return self.deleted and not self.fields

    @property
    def state(self) -> Fields:
        """What a pool should hold: nothing for a tombstone."""
        return ABSENT if self.deleted else self.fields


@dataclass(frozen=True)
class Partition:
    """Everything the table says about one subject: at most one record for each Region."""

    own: Record | None = None
    other: Record | None = None

    @property
    def records(self) -> list[Record]:
        """The records that exist."""
        return [record for record in (self.own, self.other) if record is not None]

    @property
    def epochs(self) -> list[Epoch]:
        """Evidence of claims."""
        return [record.epoch for record in self.records]


def resolve(partition: Partition) -> Record | None:
    """The winner: the record of the highest epoch. Pure; ties cannot happen."""
    return max(partition.records, key=lambda record: record.epoch, default=None)


@dataclass(frozen=True)
class Draft:
    """A record about to be put: the store adds Region and revision."""

    subject: Subject
    epoch_number: int
    fields: Fields
    deleted: bool
    expected_revision: int | None
    """Revision that must still be there; None: the item must not exist."""
    change_id: str = field(default="")
    bulk: bool = False
    user_pool_id: str = ""
    seen: int | None = None
    former: Record | None = None
    """The own record that it takes the place of, for what is kept beside it."""
