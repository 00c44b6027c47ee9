"""The ledger: what one Region knows about a subject in its own pool. Never replicated.

It decides who is who (local sub <-> origin sub). And it distinguishes a person's change from a
half-finished write of ours, because whatever we write to a pool is named here first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cognito_standby.core.domain.contacts import CONTACT_OF
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.records import Version
from cognito_standby.core.domain.subjects import (
    PRESENT,
    Fields,
    Image,
    Subject,
    digest,
    image_of,
)
from cognito_standby.core.domain.summaries import summary_of


class SyncState(StrEnum):
    """Where a subject stands in this Region."""

    NEW = "new"
    IN_SYNC = "in_sync"
    APPLYING = "applying"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    SKIPPED = "skipped"


LEASE_SECONDS = 90
"""A task runs 30 s at most and a state 60 s: no call of a holder outlives its lease."""

_RUN = "#"
"""Stands between an execution and its redrive count; no ARN contains it."""


def holder_of(execution: str, redrive_count: int) -> str:
    """The name of one run of an execution, which is what holds a lease. A call of an earlier run
    may still be on its way, so a redrive waits until the lease of that run has expired."""
    return f"{execution}{_RUN}{redrive_count}"


def any_run_of(execution: str) -> str:
    """The beginning that the names of all runs of this execution share, and no others."""
    return f"{execution}{_RUN}"


def execution_of(holder: str) -> str:
    """The execution whose run a holder is."""
    return holder.rpartition(_RUN)[0] or holder


@dataclass(frozen=True)
class Lease:
    """The right to act on a subject. `expires_at` is in epoch seconds of this Region's clock."""

    holder: str
    expires_at: float


@dataclass(frozen=True)
class LedgerRow:
    """Everything noted about one subject.

    base       image of the pool when we last looked before writing, or last confirmed
    target     image that an apply is heading for; None when none is open
    confirmed  full fields last confirmed (what a compensation puts back); None: never confirmed
    skipped    fields of the winner that this pool cannot hold; a capture carries them over
    restoring  the open write puts the pool back to this Region's own record

    summary             of what the pool showed when it was last confirmed (domain.summaries)
    record_fingerprint  of the record that was confirmed then
    """

    subject: Subject
    lease: Lease | None = None
    state: SyncState = SyncState.NEW
    local_sub: str = ""
    local_username: str = ""
    base: Image = field(default_factory=dict)
    target: Image | None = None
    confirmed: Fields | None = None
    confirmed_version: Version | None = None
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Skipped field -> reason."""
    refused: Image = field(default_factory=dict)
    """Field -> what a pool refused for it (`refusal_of`): not tried again until it changes."""
    reason: str = ""
    summary: str = ""
    record_fingerprint: str = ""
    user_pool_id: str = ""
    """The pool that base, target and confirmed are about; "": written by an older release."""
    restoring: bool = False
    given: frozenset[str] | None = None
    """Fields that a provider's sign-in gave somebody who was found to be this subject, and who is
    to be completed; None: nobody is."""

    @property
    def was_here(self) -> bool:
        """Whether the subject was once seen or made in this pool."""
        if self.base or self.local_sub:
            return True
        awaited = self.skipped.get(PRESENT) == NotHeld.AWAITED
        return self.confirmed is not None and not awaited

    @property
    def creation_is_open(self) -> bool:
        """Whether a creation is named of which nothing came back yet: the user may be in the pool,
        under the noted name and with our mark."""
        named = self.target is not None and PRESENT in self.target
        return bool(self.local_username) and not self.base and named

    @property
    def expects_presence(self) -> bool:
        """Whether the subject should be in the pool by all that we noted."""
        return bool(self.base) and self.target != {}


def refusal_of(user_pool_id: str, value: str) -> str:
    """Names a refused value of a field (nothing: its removal) in a pool: another pool's refusal
    says nothing of this one."""
    return digest(f"{user_pool_id} {value}")


def locally_changed(fields: Fields, row: LedgerRow) -> set[str]:
    """The fields that equal neither base nor target, so somebody else wrote them.

    A base tells of what the pool shows between two writes, too: an address that is new counts as
    verified for a moment. Who has no address yet has no flag of it, and nobody took one away.
    """
    seen, base = image_of(fields), row.base
    target = row.target if row.target is not None else base
    return {
        name
        for name in {*seen, *base, *target}
        if seen.get(name) not in (base.get(name), target.get(name))
        and not _never_was(name, seen, base)
    }


def _never_was(name: str, seen: Image, base: Image) -> bool:
    """Whether a field is the flag of an address that the user neither has nor had."""
    contact = CONTACT_OF.get(name)
    return contact is not None and not {name, contact} & seen.keys() and contact not in base


@dataclass(frozen=True)
class Intent:
    """What is noted before a write to the pool. `anew`: the row tells nothing of this pool yet."""

    base: Image
    target: Image
    skipped: Mapping[str, str]
    local_username: str = ""
    restoring: bool = False
    anew: bool = False

    @property
    def creates(self) -> bool:
        """Whether the subject is about to be made."""
        return bool(self.target) and not self.base

    @property
    def forgets(self) -> bool:
        """Whether the ledger must forget what was confirmed before, because it was confirmed of
        another pool entry, or in another pool (a group of the same name may be there and here).
        Otherwise this write, which names this pool, would make it count for this pool."""
        return self.creates or self.anew


@dataclass(frozen=True)
class Binding:
    """What is noted when somebody whom a provider's sign-in made is found to be a subject.

    intent  base: as they were seen. target: as they are to be
    former  the local sub that the subject's row names, of one who is gone; "": none
    given   `LedgerRow.given`
    """

    intent: Intent
    local_sub: str
    username: str
    former: str
    given: frozenset[str]


@dataclass(frozen=True)
class Confirmation:
    """What is noted when the pool was seen to hold what the winner says."""

    fields: Fields
    version: Version | None
    skipped: Mapping[str, str]
    local_sub: str = ""
    local_username: str = ""
    record_fingerprint: str = ""
    """Of the winner's fields, a tombstone's last ones included."""
    anew: bool = False
    """The row tells nothing of this pool yet: a local sub in it is one of another pool, and would
    count for this one from now on."""

    @property
    def summary(self) -> str:
        """The digest by which a reconciliation sees whether the pool still shows this."""
        return summary_of(self.fields)


def with_intent(row: LedgerRow, intent: Intent) -> LedgerRow:
    """A row after the note of what is about to be written."""
    if intent.forgets:
        forgotten = replace(row, confirmed=None, confirmed_version=None, local_sub="")
        row = replace(forgotten, summary="", record_fingerprint="")
    return replace(
        row,
        state=SyncState.APPLYING,
        base=intent.base,
        target=intent.target,
        skipped=intent.skipped,
        restoring=intent.restoring,
        local_username=intent.local_username or row.local_username,
    )


def with_confirmation(row: LedgerRow, confirmation: Confirmation) -> LedgerRow:
    """A row after the note that the pool holds what the winner says; its lease is given back."""
    known = bool(confirmation.local_sub)
    if confirmation.anew:
        row = replace(row, local_sub="", local_username="")
    return replace(
        row,
        lease=None,
        state=SyncState.IN_SYNC,
        local_sub=confirmation.local_sub or row.local_sub,
        local_username=confirmation.local_username if known else row.local_username,
        base=image_of(confirmation.fields),
        target=None,
        restoring=False,
        given=None,
        confirmed=confirmation.fields,
        confirmed_version=confirmation.version,
        skipped=confirmation.skipped,
        reason="",
        summary=confirmation.summary,
        record_fingerprint=confirmation.record_fingerprint,
    )
