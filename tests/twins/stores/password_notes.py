"""Notes that passwords were set, and of the resets that follow, in memory."""

from __future__ import annotations

import bisect

from cognito_standby.core.domain.changed_passwords import PasswordNote
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import PlanStaleError
from cognito_standby.core.domain.subjects import Subject, shard_of_key
from cognito_standby.core.ports import PasswordNotePage
from cognito_standby.recovery.domain.changed_passwords import ResetNote
from tests.twins.stores.ledger import InMemoryLedger

_Items = dict[tuple[str, str], PasswordNote]


class SharedPasswordNotes:
    """Both Regions' items, which arrive at once."""

    def __init__(self, page: int = 100) -> None:
        self._items: _Items = {}
        self._page = page

    def store(self, region: str) -> InMemoryPasswordNotes:
        """The port that code in one Region uses."""
        return InMemoryPasswordNotes(self._items, region, self._page)


class InMemoryPasswordNotes:
    """PasswordNotes of one Region."""

    def __init__(self, items: _Items, region: str, page: int) -> None:
        self._items, self._region, self._page = items, region, page

    def note(self, subject: Subject, number: int, at: str, user_pool_id: str) -> bool:
        """Only ever upwards."""
        before = self._items.get((subject.key, self._region))
        if before is not None and (before.epoch.number, before.at) >= (number, at):
            return False
        note = PasswordNote(Epoch(number, self._region), at, user_pool_id)
        self._items[(subject.key, self._region)] = note
        return True

    def of(self, subject: Subject) -> tuple[PasswordNote, ...]:
        """Of either Region."""
        return tuple(note for (key, _), note in self._items.items() if key == subject.key)

    def page(self, shard: str, token: str) -> PasswordNotePage:
        """By key, then Region."""
        keys = sorted(pair for pair in self._items if shard_of_key(pair[0]) == shard)
        start = bisect.bisect_right(keys, tuple(token.split(" "))) if token else 0
        found = keys[start : start + self._page]
        onward = " ".join(found[-1]) if start + self._page < len(keys) else ""
        return PasswordNotePage([(key, self._items[(key, where)]) for key, where in found], onward)


class InMemoryResetNotes:
    """ResetNotes beside a ledger in memory."""

    def __init__(self, ledger: InMemoryLedger) -> None:
        self._ledger = ledger
        self._notes: dict[str, ResetNote] = {}

    def read(self, subject: Subject) -> ResetNote | None:
        """What was noted last."""
        return self._notes.get(subject.key)

    def note(self, subject: Subject, holder: str, note: ResetNote) -> None:
        """By whoever holds the lease."""
        lease = self._ledger.read(subject).lease
        if lease is None or lease.holder != holder:
            raise PlanStaleError("the lease is lost")
        self._notes[subject.key] = note
