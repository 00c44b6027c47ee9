"""The lists of erased users: the one that is replicated, and each Region's own."""

from __future__ import annotations

from dataclasses import dataclass, field

from cognito_standby.core.domain.erasures import ErasureNote, is_erased
from cognito_standby.core.domain.subjects import Subject

Notes = dict[tuple[str, Subject], ErasureNote]
"""(Region, user) -> what that Region noted."""


@dataclass
class ErasureNotes:
    """What lies in the tables. A test that restores the records table replaces `records`."""

    records: Notes = field(default_factory=dict)
    ledgers: Notes = field(default_factory=dict)
    unreadable: Exception | None = None

    def of(self, region: str, subject: Subject) -> list[ErasureNote]:
        """What a Region can read of a user."""
        replicated = [note for (_, whom), note in self.records.items() if whom == subject]
        own = self.ledgers.get((region, subject))
        return [*replicated, *([own] if own else [])]


class InMemoryErasureList:
    """ErasureList of one Region."""

    def __init__(self, region: str = "", notes: ErasureNotes | None = None) -> None:
        self._region = region
        self.notes = ErasureNotes() if notes is None else notes

    def add(self, subject: Subject, change_id: str) -> None:
        """Note an erasure in both tables."""
        self._put(subject, ErasureNote(True, change_id))

    def take_back(self, subject: Subject, change_id: str) -> None:
        """It did not happen."""
        self._put(subject, ErasureNote(False, change_id))

    def learn(self, subject: Subject, change_id: str) -> None:
        """Note it in the ledger."""
        noted = self.notes.ledgers.get((self._region, subject))
        if noted is None or noted.change_id not in ("", change_id):
            self.notes.ledgers[self._region, subject] = ErasureNote(True, change_id)

    def has(self, subject: Subject) -> bool:
        """Whether the user was erased."""
        if self.notes.unreadable is not None:
            raise self.notes.unreadable
        return is_erased(self.notes.of(self._region, subject))

    def _put(self, subject: Subject, note: ErasureNote) -> None:
        self.notes.ledgers[self._region, subject] = note
        self.notes.records[self._region, subject] = note
