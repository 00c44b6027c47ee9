"""The ledger with its lease rules.

Holder equality is what counts: an expired lease is still its holder's until somebody takes it,
because only then has anybody else been at work. Expiry only lets others take it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cognito_standby.core.domain.absence import RegionNotes
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.errors import LeaseHeldError, PlanStaleError
from cognito_standby.core.domain.ledger import (
    Binding,
    Confirmation,
    Intent,
    Lease,
    LedgerRow,
    SyncState,
    any_run_of,
    with_confirmation,
    with_intent,
)
from cognito_standby.core.domain.subjects import Image, Subject
from cognito_standby.core.ports import NOTHING, Clock
from tests.twins.stores.frozen import EMPTY, FrozenMap

Snapshot = tuple[
    frozenset[tuple[Subject, LedgerRow]],
    frozenset[tuple[str, str]],
    frozenset[Conflict],
    RegionNotes,
]


class InMemoryLedger:
    """Ledger of one Region."""

    def __init__(self, clock: Clock, lease_seconds: float = 120.0, user_pool_id: str = "") -> None:
        self._clock, self._pool = clock, user_pool_id
        self.noted = RegionNotes()
        """Of this Region as a whole."""
        self._lease_seconds = lease_seconds
        self._rows: dict[Subject, LedgerRow] = {}
        self._origins: dict[str, str] = {}
        self._conflicts: dict[tuple[Subject, ConflictKind], Conflict] = {}

    def take_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """Take or renew the lease."""
        lease = self.read(subject).lease
        now = self._clock.now().timestamp()
        if lease is not None and lease.holder != holder and lease.expires_at >= now:
            raise LeaseHeldError("another execution is at work on this subject")
        return self._lease(subject, holder)

    def renew_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """Go on with a lease that is still ours."""
        self._guarded(subject, holder)
        return self._lease(subject, holder)

    def take_over_lease(self, subject: Subject, former: str, holder: str) -> LedgerRow:
        """Take the expired lease of a failed execution."""
        lease = self.read(subject).lease
        theirs = lease is not None and lease.holder.startswith(any_run_of(former))
        if lease is None or not (theirs or lease.holder == holder):
            raise PlanStaleError("the lease has gone to somebody else")
        if theirs and lease.expires_at > self._clock.now().timestamp():
            raise LeaseHeldError("the failed execution's lease has not expired")
        return self._lease(subject, holder)

    def release(self, subject: Subject, holder: str) -> None:
        """Give the lease back."""
        row = self.read(subject)
        if row.lease is not None and row.lease.holder == holder:
            self._rows[subject] = replace(row, lease=None)

    def end_lease(self, subject: Subject, holder: str) -> None:
        """Let the lease run out; who had it stays known."""
        row = self._guarded(subject, holder)
        ended = Lease(holder, self._clock.now().timestamp() - 1)
        self._rows[subject] = replace(row, lease=ended)

    def note_intent(self, subject: Subject, holder: str, intent: Intent) -> None:
        """Name what is about to be written to the pool."""
        row = self._guarded(subject, holder)
        self._rows[subject] = self._about_pool(_intended(row, intent))

    def note_created(
        self, subject: Subject, holder: str, intent: Intent, local_sub: str, username: str
    ) -> None:
        """Note the local sub and name, and the way onward."""
        row = self._guarded(subject, holder)
        noted = replace(_intended(row, intent), local_sub=local_sub, local_username=username)
        self._rows[subject] = self._about_pool(noted)
        self._origins[local_sub] = subject.id

    def bind(self, stranger: Subject, holder: str, subject: Subject, binding: Binding) -> None:
        """All three at once, or none."""
        row, left, now = self.read(subject), self.read(stranger), self._clock.now().timestamp()
        lease = row.lease
        free = lease is None or lease.holder == holder or lease.expires_at < now
        vacant = row.local_sub in (binding.former, binding.local_sub)
        mine = left.lease is not None and left.lease.holder == holder and not left.local_sub
        told = self._origins.get(binding.local_sub, subject.id) == subject.id
        if not (free and vacant and mine and told):
            raise LeaseHeldError("the lease is not ours")
        forgotten = replace(row, confirmed=None, confirmed_version=None, summary="")
        noted = replace(
            _intended(replace(forgotten, record_fingerprint=""), binding.intent),
            lease=Lease(holder, now + self._lease_seconds),
            local_sub=binding.local_sub,
            local_username=binding.username,
            given=binding.given,
        )
        self._rows[subject] = self._about_pool(noted)
        self._rows[stranger] = replace(
            left,
            lease=None,
            state=SyncState.SKIPPED,
            reason="found to be somebody whom a record names",
            skipped=EMPTY,
        )
        self._origins[binding.local_sub] = subject.id

    def confirm(self, subject: Subject, holder: str, confirmation: Confirmation) -> None:
        """Base = confirmed, no target; release."""
        row = self._guarded(subject, holder)
        self._rows[subject] = _frozen(with_confirmation(self._about_pool(row), confirmation))

    def note_state(
        self,
        subject: Subject,
        holder: str,
        state: SyncState,
        reason: str,
        skipped: Mapping[str, str] = NOTHING,
    ) -> None:
        """Note a state and why; release."""
        row = self._guarded(subject, holder)
        told = FrozenMap(skipped) if skipped else row.skipped
        noted = replace(row, lease=None, state=state, reason=reason, skipped=told)
        self._rows[subject] = noted

    def note_refused(self, subject: Subject, holder: str, refused: Image) -> None:
        """Which values this pool refuses."""
        row = self._guarded(subject, holder)
        self._rows[subject] = replace(row, refused=FrozenMap(refused))

    def forget(self, subject: Subject, holder: str) -> None:
        """Take the row away."""
        row = self._guarded(subject, holder)
        del self._rows[subject]
        self._origins.pop(row.local_sub, None)

    def read(self, subject: Subject) -> LedgerRow:
        """The row as it is."""
        return self._rows.get(subject) or LedgerRow(
            subject, base=EMPTY, skipped=EMPTY, refused=EMPTY
        )

    def note_conflict(self, conflict: Conflict) -> None:
        """List it, along with what was listed of the subject."""
        key = conflict.subject, conflict.kind
        before = self._conflicts.get(key)
        listed = conflict.after(before.fields if before else EMPTY)
        self._conflicts[key] = replace(listed, fields=FrozenMap(listed.fields))

    def conflicts_of(self, subject: Subject) -> tuple[Conflict, ...]:
        """What is listed of a subject, by kind."""
        return tuple(each for key in ConflictKind if (each := self._conflicts.get((subject, key))))

    def drop_conflict(self, conflict: Conflict) -> bool:
        """Take it off the list, if it is still listed so."""
        key = conflict.subject, conflict.kind
        listed = self._conflicts.get(key)
        if listed is None or dict(listed.fields) != dict(conflict.fields):
            return False
        del self._conflicts[key]
        return True

    def drop_conflicts(self, subject: Subject) -> None:
        """Take what is listed of a subject off the list."""
        for kind in ConflictKind:
            self._conflicts.pop((subject, kind), None)

    def origin_of(self, local_sub: str) -> str | None:
        """The origin sub under which this pool's user is noted."""
        if origin := self._origins.get(local_sub):
            return origin
        own = self.read(Subject.user(local_sub))
        return local_sub if own.local_sub == local_sub else None

    def region_notes(self) -> RegionNotes:
        """What is noted about this Region as a whole."""
        return self.noted

    def note_table(self, former: str, table_id: str) -> bool:
        """Confirm the records table."""
        if self.noted.table_id != former:
            return False
        self.noted = replace(self.noted, table_id=table_id)
        return True

    def note_reconciled(self, recoveries: frozenset[str]) -> None:
        """A reconciliation has looked after these."""
        self.noted = replace(self.noted, reconciled=self.noted.reconciled | recoveries)

    def _about_pool(self, row: LedgerRow) -> LedgerRow:
        return replace(row, user_pool_id=self._pool) if self._pool else row

    def rows(self) -> tuple[LedgerRow, ...]:
        """Every row, for assertions and sweeps in tests."""
        return tuple(self._rows.values())

    def listed_conflicts(self) -> tuple[Conflict, ...]:
        """Every conflict, for sweeps in tests."""
        return tuple(self._conflicts.values())

    def snapshot(self) -> Snapshot:
        """The state, hashable."""
        return (
            frozenset(self._rows.items()),
            frozenset(self._origins.items()),
            frozenset(self._conflicts.values()),
            self.noted,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state."""
        rows, origins, conflicts, self.noted = snapshot
        self._rows, self._origins = dict(rows), dict(origins)
        self._conflicts = {(each.subject, each.kind): each for each in conflicts}

    def _lease(self, subject: Subject, holder: str) -> LedgerRow:
        expires_at = self._clock.now().timestamp() + self._lease_seconds
        row = replace(self.read(subject), lease=Lease(holder, expires_at))
        self._rows[subject] = row
        return row

    def _guarded(self, subject: Subject, holder: str) -> LedgerRow:
        row = self.read(subject)
        if row.lease is None or row.lease.holder != holder:
            raise PlanStaleError("the lease is lost")
        return row


def _intended(row: LedgerRow, intent: Intent) -> LedgerRow:
    return _frozen(with_intent(row, intent))


def _frozen(row: LedgerRow) -> LedgerRow:
    """The same, with nothing in it that whoever gave or reads it could change."""
    return replace(
        row,
        base=FrozenMap(row.base),
        target=None if row.target is None else FrozenMap(row.target),
        confirmed=None if row.confirmed is None else FrozenMap(row.confirmed),
        skipped=FrozenMap(row.skipped),
    )
