"""What a Region has noted of its pools, in memory."""

from __future__ import annotations

from datetime import datetime

from cognito_standby.core.domain.pool_notes import PoolNote


class InMemoryPoolNotes:
    """PoolNotes of one Region."""

    def __init__(self) -> None:
        self._pool_notes: dict[str, PoolNote] = {}
        self._ended: dict[str, datetime] = {}
        self._watched: dict[str, datetime] = {}
        self._pool = self._accepted = ""

    def pool_note(self, user_pool_id: str) -> PoolNote | None:
        """What was kept of a pool."""
        return self._pool_notes.get(user_pool_id)

    def keep_pool_note(self, user_pool_id: str, note: PoolNote) -> None:
        """For the next run."""
        self._pool_notes[user_pool_id] = note

    def run_ended(self, user_pool_id: str, at: datetime) -> None:
        """A run has written its report."""
        self._ended[user_pool_id] = at.replace(microsecond=0)

    def has_run_ended(self, user_pool_id: str) -> bool:
        """Whether one ever has."""
        return user_pool_id in self._ended

    def not_reconciled_since(self, user_pool_id: str, now: datetime) -> datetime:
        """The end of the last run, or the first time that anybody asked."""
        watched = self._watched.setdefault(user_pool_id, now.replace(microsecond=0))
        return self._ended.get(user_pool_id, watched)

    def pool_of_record(self, user_pool_id: str) -> str:
        """The pool that was noted first, or accepted."""
        self._pool = self._pool or user_pool_id
        return self.known_pool()

    def known_pool(self) -> str:
        """The same, without noting one."""
        return self._accepted or self._pool

    def accept_pool(self, former: str, user_pool_id: str) -> bool:
        """An operator's word."""
        if not former or self.known_pool() != former:
            return False
        self._accepted = user_pool_id
        return True
