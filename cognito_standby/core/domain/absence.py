"""What may be believed about somebody who is not in the pool, or is in it again. Pure.

A missing user counts as deleted only if a ledger row or an own record says that the user was in
*this* pool. And not while AWS itself may have taken the user away, which is from the initiation of
a point-in-time recovery until a reconciliation has looked after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import Observation
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import SubjectKind


class RecoveryStatus(StrEnum):
    """Cognito's RestoreStatusType (API reference, RestorationType)."""

    PREVIEW_GENERATING = "PREVIEW_GENERATING"
    PREVIEW_GENERATED = "PREVIEW_GENERATED"
    PREVIEW_CANCELLED = "PREVIEW_CANCELLED"
    PREVIEW_GENERATION_FAILED = "PREVIEW_GENERATION_FAILED"
    PREVIEW_EXPIRED = "PREVIEW_EXPIRED"
    RESTORING = "RESTORING"
    RESTORE_COMPLETED = "RESTORE_COMPLETED"
    TEMPORARY_INTERNAL_ERROR_SEE_SUPPORT_CASE = "TEMPORARY_INTERNAL_ERROR_SEE_SUPPORT_CASE"
    AWS_ABORTED = "AWS_ABORTED"


_CHANGED_NOTHING = frozenset(
    {
        RecoveryStatus.PREVIEW_CANCELLED.value,
        RecoveryStatus.PREVIEW_GENERATION_FAILED.value,
        RecoveryStatus.PREVIEW_EXPIRED.value,
    }
)


@dataclass(frozen=True)
class Recovery:
    """A point-in-time recovery of a pool. `status`: one of RecoveryStatus; any other counts as
    being under way."""

    id: str
    status: str

    @property
    def completed(self) -> bool:
        """Whether users may have gone and come back, and writes are taken again."""
        return self.status == RecoveryStatus.RESTORE_COMPLETED

    @property
    def harmless(self) -> bool:
        """Whether it has ended without changing anybody."""
        return self.status in _CHANGED_NOTHING

    @property
    def under_way(self) -> bool:
        """Whether the pool refuses writes."""
        return not (self.completed or self.harmless)


@dataclass(frozen=True)
class RegionNotes:
    """What this Region has noted about its world as a whole.

    table_id    of the records table that was confirmed; "": none yet
    reconciled  ids of the recoveries after which a reconciliation has looked
    first_pool  the user pool that was noted first for this Region; "": none yet
    """

    table_id: str = ""
    reconciled: frozenset[str] = frozenset()
    first_pool: str = ""


def unsettled(recoveries: Iterable[Recovery], notes: RegionNotes) -> list[Recovery]:
    """The recoveries because of which no absence is believed now."""
    return [
        each
        for each in recoveries
        if not each.harmless and not (each.completed and each.id in notes.reconciled)
    ]


def of_this_pool(row: LedgerRow, user_pool_id: str) -> LedgerRow:
    """What a row says about this pool. A row that names another pool says nothing here, but its
    lease counts. A row of an older release names no pool, and its content is taken as it is;
    `proof_of_presence` asks for more."""
    if row.user_pool_id in ("", user_pool_id):
        return row
    return LedgerRow(row.subject, lease=row.lease)


class Proof(StrEnum):
    """Whether the user was in this pool before."""

    NAMED = "the ledger or the own record names this pool"
    UNNAMED = "the ledger or the own record of an older release names no pool"
    NONE = "nothing says that the user was in this pool"


def proof_of_presence(row: LedgerRow, own: Record | None, user_pool_id: str) -> Proof:
    """What proves that the user was in this pool before. The row comes from `of_this_pool`."""
    named = [row.user_pool_id] if row.was_here else []
    named += [own.user_pool_id] if own is not None and not own.deleted else []
    if user_pool_id in named:
        return Proof.NAMED
    return Proof.UNNAMED if "" in named else Proof.NONE


def has_returned(row: LedgerRow, observed: Observation) -> bool:
    """Whether a user was seen to be gone from this pool and is in it again as the same entry. A
    pool never gives a sub twice, so only a recovery brings one back. A group's name can be given
    again by anybody."""
    return (
        row.subject.kind is SubjectKind.USER
        and observed.present
        and row.confirmed is not None
        and not row.confirmed
        and not row.base
        and row.target is None
        and observed.local_sub in (row.local_sub, row.subject.id)
    )
