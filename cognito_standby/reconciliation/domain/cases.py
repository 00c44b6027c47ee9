"""One subject as a comparison sees it, and what can be asked of it. Pure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from cognito_standby.core.domain.epochs import Claims, is_active
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.subjects import ABSENT, GROUP_KEY, fingerprint
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, RecordSummary

_ERASED = fingerprint(ABSENT)
"""Of a tombstone that keeps nothing."""


@dataclass(frozen=True)
class Terms:
    """What holds for all subjects of a comparison.

    now           of this Region's clock
    since         when the run was opened, by the same clock: what was recorded later may be newer
                  than the listing
    not_listed    prefixes of `sub` whose users are not known: no absence there is believed
    groups_known  whether all groups and memberships were listed; else nobody's are compared, and
                  no group is believed to be gone
    unstaged      keys of a provider's users of whom nobody was made, by another way than the
                  present one
    stages        a provider's users are made before they come
    on_demand     the pool is filled on demand
    filling       an operator asked that who is awaited is made now
    awaited       keys of whom the ledger says so
    """

    region: str
    claims: Claims
    now: datetime
    grace: timedelta
    retention: timedelta
    since: datetime | None = None
    not_listed: tuple[str, ...] = ()
    groups_known: bool = True
    unstaged: Container[str] = ()
    stages: bool = False
    on_demand: bool = False
    filling: bool = False
    awaited: Container[str] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One subject, joined. `summary` is of the listed user, "" where there is none. `untold`: a
    provider's user of whom the pool tells no provider."""

    key: str
    local_sub: str
    summary: str
    status: str
    row: LedgerSummary | None
    own: RecordSummary | None
    other: RecordSummary | None
    untold: bool = False

    @property
    def winner(self) -> RecordSummary | None:
        """The record of the highest epoch."""
        if self.own is None or self.other is None:
            return self.own or self.other
        return self.own if self.own.version.epoch > self.other.version.epoch else self.other

    @property
    def records(self) -> list[RecordSummary]:
        """The records that exist."""
        return [record for record in (self.own, self.other) if record is not None]


def is_due(case: Case, terms: Terms) -> bool:
    """Whether a deleted user was kept for the grace period."""
    winner = case.winner
    return winner is not None and winner.deleted and is_older(winner, terms.grace, terms)


def is_settled(case: Case) -> bool:
    """Whether the pool and the winner are what was confirmed."""
    row, winner = case.row, case.winner
    return (
        row is not None
        and winner is not None
        and row.state is SyncState.IN_SYNC
        and row.summary == case.summary
        and same_record(row, winner)
    )


def same_record(row: LedgerSummary, winner: RecordSummary) -> bool:
    """Whether the record is the one that was confirmed."""
    return row.confirmed_version == winner.version and row.record_fingerprint == winner.fingerprint


def lacks_own_tombstone(case: Case, winner: RecordSummary, terms: Terms) -> bool:
    """Whether a deletion in the other Region waits for the tombstone that answers it."""
    own = case.own
    kept = own is None or not own.deleted or (is_erased(winner) and not is_erased(own))
    return winner.region != terms.region and kept


def is_erased(record: RecordSummary) -> bool:
    """Whether the user was erased: to be removed at once, and the tombstone keeps nothing of
    them."""
    return record.deleted and record.fingerprint == _ERASED


def is_active_for(case: Case, terms: Terms) -> bool:
    """Whether this Region is active for the subject."""
    return is_active(terms.region, terms.claims, [each.version.epoch for each in case.records])


def is_older(record: RecordSummary, age: timedelta, terms: Terms) -> bool:
    """By the writer's clock, whose error is small compared with days. Without a time it is not
    old."""
    observed_at = _observed_at(record)
    return observed_at is not None and terms.now - observed_at > age


def moved_since(case: Case, terms: Terms) -> bool:
    """Whether a record was written after the run was opened, so that the listing may be older. By
    the writer's clock: if that is wrong, the subject is compared one run later, unless the record
    is dated in the future, which is compared at once."""
    since = terms.since
    if since is None:
        return False
    times = (_observed_at(record) for record in case.records)
    return any(at is not None and since < at <= terms.now for at in times)


def _observed_at(record: RecordSummary) -> datetime | None:
    try:
        observed_at = datetime.fromisoformat(record.observed_at)
    except ValueError:
        return None
    return observed_at if observed_at.tzinfo is not None else None


def was_here(case: Case) -> bool:
    """Whether ledger or own record seem to say that the user was in this pool before. Of which pool
    they speak their digests do not tell (`domain.awaiting`)."""
    row, own = case.row, case.own
    told = row is not None and bool(row.local_sub or row.summary)
    return told or (own is not None and not own.deleted)


def may_be_unlisted(case: Case, terms: Terms) -> bool:
    """Whether the subject could be in a part of the pool that was not listed."""
    if case.key.startswith(GROUP_KEY):
        return not terms.groups_known
    if not terms.not_listed:
        return False
    local_sub = case.row.local_sub if case.row is not None else ""
    return not local_sub or local_sub.startswith(terms.not_listed)


def believes_absence(case: Case) -> bool:
    """Whether a user whom the ledger remembers is missing, as also happens when a listing is
    truncated."""
    return not case.summary and case.row is not None and case.row.summary != ""
