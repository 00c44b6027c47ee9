"""The ledger of a throw-away pool: in this process's memory, and gone with it.

Only one person is worked on at a time, by one process, so a lease is noted and never contended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.absence import RegionNotes
from cognito_standby.core.domain.conflicts import Conflict
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.ledger import (
    Binding,
    Confirmation,
    Intent,
    Lease,
    LedgerRow,
    SyncState,
    with_confirmation,
    with_intent,
)
from cognito_standby.core.domain.subjects import Image, Subject
from cognito_standby.core.ports import NOTHING, Clock

_NEVER = 4_102_444_800.0
"""In 2100: a lease that nobody waits for."""


@dataclass
class RehearsedLedger:
    """Ledger of the throw-away pool."""

    clock: Clock
    user_pool_id: str
    rows: dict[Subject, LedgerRow] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: RegionNotes = field(default_factory=RegionNotes)

    def take_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """Noted."""
        return self._put(replace(self.read(subject), lease=Lease(holder, _NEVER)))

    def renew_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """The same."""
        return self.take_lease(subject, holder)

    def take_over_lease(self, subject: Subject, former: str, holder: str) -> LedgerRow:
        """The same."""
        return self.take_lease(subject, holder)

    def release(self, subject: Subject, holder: str) -> None:
        """Forgotten."""
        self._put(replace(self.read(subject), lease=None))

    def end_lease(self, subject: Subject, holder: str) -> None:
        """Ended."""
        ended = Lease(holder, self.clock.now().timestamp() - 1)
        self._put(replace(self.read(subject), lease=ended))

    def note_intent(self, subject: Subject, holder: str, intent: Intent) -> None:
        """What is about to be written."""
        self._put(with_intent(self.read(subject), intent))

    def note_created(
        self, subject: Subject, holder: str, intent: Intent, local_sub: str, username: str
    ) -> None:
        """Who was made, and the way onward."""
        row = with_intent(self.read(subject), intent)
        self._put(replace(row, local_sub=local_sub, local_username=username))
        self.origins[local_sub] = subject.id

    def bind(self, stranger: Subject, holder: str, subject: Subject, binding: Binding) -> None:
        """MisconfiguredError: always."""
        raise MisconfiguredError("nobody of a rehearsal comes by a provider")

    def confirm(self, subject: Subject, holder: str, confirmation: Confirmation) -> None:
        """The pool was seen to hold the record."""
        self._put(with_confirmation(self.read(subject), confirmation))

    def note_state(
        self,
        subject: Subject,
        holder: str,
        state: SyncState,
        reason: str,
        skipped: Mapping[str, str] = NOTHING,
    ) -> None:
        """Where somebody stands, and why."""
        row = self.read(subject)
        told = skipped or row.skipped
        self._put(replace(row, lease=None, state=state, reason=reason, skipped=told))

    def note_refused(self, subject: Subject, holder: str, refused: Image) -> None:
        """What the pool refuses."""
        self._put(replace(self.read(subject), refused=refused))

    def forget(self, subject: Subject, holder: str) -> None:
        """Nothing is left."""
        row = self.rows.pop(subject, None)
        self.origins.pop(row.local_sub if row else "", None)

    def note_conflict(self, conflict: Conflict) -> None:
        """Kept, for the report: there is nobody to have one with."""
        self.conflicts.append(conflict)

    def conflicts_of(self, subject: Subject) -> tuple[Conflict, ...]:
        """Those of somebody."""
        return tuple(each for each in self.conflicts if each.subject == subject)

    def drop_conflict(self, conflict: Conflict) -> bool:
        """Off the list."""
        there = conflict in self.conflicts
        self.conflicts = [each for each in self.conflicts if each != conflict]
        return there

    def drop_conflicts(self, subject: Subject) -> None:
        """All of somebody's."""
        self.conflicts = [each for each in self.conflicts if each.subject != subject]

    def read(self, subject: Subject) -> LedgerRow:
        """The row, or an empty one."""
        return self.rows.get(subject) or LedgerRow(subject)

    def origin_of(self, local_sub: str) -> str | None:
        """Whose copy somebody is."""
        return self.origins.get(local_sub)

    def region_notes(self) -> RegionNotes:
        """Of this process alone."""
        return self.notes

    def note_table(self, former: str, table_id: str) -> bool:
        """The first one."""
        self.notes = replace(self.notes, table_id=table_id)
        return True

    def note_reconciled(self, recoveries: frozenset[str]) -> None:
        """Kept."""
        self.notes = replace(self.notes, reconciled=self.notes.reconciled | recoveries)

    def _put(self, row: LedgerRow) -> LedgerRow:
        about = row.user_pool_id if row.state is SyncState.NEW else self.user_pool_id
        row = replace(row, user_pool_id=about)
        self.rows[row.subject] = row
        return row
