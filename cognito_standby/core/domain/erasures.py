"""Who was erased, by every note of it: each Region's in the replicated table, and those that this
Region keeps in its ledger, of its own erasures and of the other Region's. Pure.

A records table that was restored to a time has forgotten the erasures after it; the ledger has not.
So one note is enough. Only that very erasure's being taken back, noted anywhere, speaks against it:
the user was still in the pool then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cognito_standby.core.domain.subjects import ERASED_KEY, Subject


@dataclass(frozen=True)
class ErasureNote:
    """One item. `erased`: False, it was taken back. `change_id`: of the erasure; "" where an older
    release noted it."""

    erased: bool
    change_id: str = ""


def is_erased(notes: Iterable[ErasureNote]) -> bool:
    """Whether one of these is of an erasure that nobody took back."""
    known = list(notes)
    taken_back = {note.change_id for note in known if not note.erased and note.change_id}
    return any(note.erased and note.change_id not in taken_back for note in known)


def key_of(subject: Subject) -> str:
    """Key of the items: SHA-256 of the whole key. An origin sub is a random UUID, so only somebody
    who already has it can find it by its hash."""
    return ERASED_KEY + hashlib.sha256(subject.key.encode()).hexdigest()
