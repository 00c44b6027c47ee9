"""What is wrong with one subject, from the pool's row, the ledger's row and both records. Pure.

It mirrors `replication.domain.decide`, from digests instead of values: whatever SYNC would act on
is drift here, of the kind that a person would call it. The role decides what is expected, from the
claims and from the epochs in the records, as there.

    pool              winner            drift
    no user           none              none; ledger out of step where it remembers a user, due to
                                        be stripped where it remembers a deleted one
    no user           living            active, and own or seen here: record of a deleted user;
                                        else missing user, or none where the pool is filled on
                                        demand
    no user           tombstone         none once confirmed and answered with an own tombstone;
                                        due to be stripped when older than tombstones are kept
    user              none              missing record; in the standby a user nobody should have
    user, enabled     tombstone         a user nobody should have; own, active: stale record
    user, seen gone   tombstone         where active: deleted, or erased, user who is back
    user, disabled    tombstone         none until the grace period ends, then due to be purged
    user              living            the pool moved: stale record where active; in the standby
                                        changed there, or wrong groups, or wrong flag. The record
                                        moved: stale attributes; own, active: stale record. None, or
                                        nothing confirmed: ledger out of step
"""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.epochs import is_active
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.subjects import GROUP_KEY
from cognito_standby.core.domain.summaries import Parts, parts_of
from cognito_standby.reconciliation.domain.cases import (
    Case,
    Terms,
    is_active_for,
    is_due,
    is_erased,
    is_older,
    is_settled,
    lacks_own_tombstone,
    may_be_unlisted,
    moved_since,
    same_record,
    was_here,
)
from cognito_standby.reconciliation.domain.reconciliation import (
    Drift,
    Housekeeping,
    RecordSummary,
    Suspect,
)
from cognito_standby.replication.domain.federated import NO_PROVIDER_TOLD

_NOT_REPLICATED = {
    UserStatus.UNCONFIRMED.value: "not confirmed yet",
    UserStatus.EXTERNAL_PROVIDER.value: "federated, signed in in this Region alone",
}
NEVER = "the record was never replayed"
ASKED = "awaited, and an operator asked for everybody"
NOT_AWAITED = "awaited, and the pool is not filled on demand any more"
_LEFT_OUT = "left out for a reason: see its ledger row"
NOT_LISTED = "not listed"
AT_WORK = "being synced"
MOVED = "changed during the run"
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rightly left alone, and why."""

    reason: str


InSync = None
Finding = Suspect | Skipped | None
"""None: nothing is wrong."""


def judge_case(case: Case, terms: Terms) -> Finding:
    """What is wrong with a subject."""
    row = case.row
    if case.key.startswith(GROUP_KEY) and is_of_provider(case.key.removeprefix(GROUP_KEY)):
        return Skipped(NotHeld.PROVIDERS_GROUP)
    if row is not None and row.lease_expires_at > terms.now.timestamp():
        return InSync if is_settled(case) and not is_due(case, terms) else Skipped(AT_WORK)
    if not case.summary and may_be_unlisted(case, terms):
        return Skipped(NOT_LISTED)
    finding = _present(case, terms) if case.summary else _absent(case, terms)
    if isinstance(finding, Suspect) and moved_since(case, terms):
        return Skipped(MOVED)
    if row is not None and row.state in _UNFINISHED:
        kind, cause = _UNFINISHED[row.state]
        destructive = isinstance(finding, Suspect) and finding.destructive
        return _suspect(case, kind, cause, destructive=destructive)
    if isinstance(finding, Suspect) and case.key.startswith(GROUP_KEY):
        return _of_group(finding)
    return finding


_UNFINISHED = {
    SyncState.APPLYING: (Drift.HALF_APPLIED, "a write was begun and never confirmed"),
    SyncState.FAILED: (Drift.QUARANTINED, "a sync failed here"),
    SyncState.QUARANTINED: (Drift.QUARANTINED, "a sync failed and was contained"),
}


def _absent(case: Case, terms: Terms) -> Finding:
    row, winner = case.row, case.winner
    remembered = row is not None and row.summary != ""
    if winner is None:
        if row is not None and row.confirmed_version is not None and not remembered:
            return _suspect(case, Housekeeping.STRIP, "only the ledger remembers a deleted user")
        if not remembered:
            return InSync
        cause = "gone from the pool, and no record tells of it"
        return _suspect(case, Drift.LEDGER_OUT_OF_STEP, cause, destructive=True)
    if winner.deleted:
        return _buried(case, winner, terms)
    if is_settled(case):  # that nobody is there is what was confirmed of a living record
        return _rightly_absent(case, terms)
    if row is not None and row.state is SyncState.SKIPPED and case.own is None and not remembered:
        return _suspect(case, Drift.MISSING_USER, _LEFT_OUT)
    if terms.on_demand and not case.key.startswith(GROUP_KEY) and not was_here(case):
        # A provider's user who is to be made looks the same until a visit has told who it is.
        unknown = terms.stages and row is None
        return _suspect(case, Drift.MISSING_USER, NEVER) if unknown else _of_awaited(case, terms)
    if (winner.region == terms.region or remembered) and is_active_for(case, terms):
        cause = "deleted in the pool, and never captured"
        return _suspect(case, Drift.RECORD_OF_DELETED_USER, cause, destructive=True)
    if remembered:
        return _suspect(case, Drift.MISSING_USER, "deleted directly in the standby pool")
    return _suspect(case, Drift.MISSING_USER, NEVER)


def _rightly_absent(case: Case, terms: Terms) -> Finding:
    if case.key in terms.awaited:
        return _of_awaited(case, terms)
    if case.key in terms.unstaged:
        return _suspect(case, Drift.MISSING_USER, "a provider's user who is to be staged")
    return Skipped(NotHeld.FEDERATED)


def _of_awaited(case: Case, terms: Terms) -> Finding:
    if not terms.on_demand:
        return _suspect(case, Drift.MISSING_USER, NOT_AWAITED)
    return _suspect(case, Drift.MISSING_USER, ASKED) if terms.filling else Skipped(NotHeld.AWAITED)


def _buried(case: Case, winner: RecordSummary, terms: Terms) -> Finding:
    """No user, and a tombstone wins."""
    old = all(is_older(each, terms.retention, terms) for each in case.records)
    if lacks_own_tombstone(case, winner, terms) and not (old and case.own is None):
        return _suspect(case, Drift.STALE_RECORD, "no tombstone of this Region")
    if old:
        # Whatever the ledger says: the visit confirms first, and stripping changes the winner.
        return _suspect(case, Housekeeping.STRIP, "older than tombstones are kept")
    if not is_settled(case):
        return _suspect(case, Drift.LEDGER_OUT_OF_STEP, "a deletion was not confirmed")
    return Skipped(DELETED)


def _present(case: Case, terms: Terms) -> Finding:
    winner = case.winner
    if case.untold and (winner is None or not winner.deleted):
        return Skipped(NO_PROVIDER_TOLD)
    if winner is None:
        return _without_record(case, terms)
    if winner.deleted:
        return _undead(case, winner, terms)
    row, theirs = case.row, case.status == UserStatus.EXTERNAL_PROVIDER.value
    skipped = row is not None and row.state is SyncState.SKIPPED and not theirs
    if skipped and row is not None and row.confirmed_version is not None:
        return Skipped(NotHeld.FORMER_COPY)
    if row is None or row.confirmed_version is None or row.state is not SyncState.IN_SYNC:
        return _suspect(case, Drift.LEDGER_OUT_OF_STEP, "the ledger does not know the user")
    before, now = parts_of(row.summary), parts_of(case.summary)
    if before != now:
        return _pool_moved(case, before, now, terms)
    if same_record(row, winner):
        return InSync
    if winner.fingerprint == row.record_fingerprint:
        return _suspect(case, Drift.LEDGER_OUT_OF_STEP, "the same record was written again")
    if winner.region == terms.region and is_active_for(case, terms):
        return _suspect(case, Drift.STALE_RECORD, "the own record is not what was confirmed")
    return _suspect(case, Drift.STALE_ATTRIBUTES, "a change of the record was never replayed")


def _pool_moved(case: Case, before: Parts | None, now: Parts | None, terms: Terms) -> Suspect:
    """The pool does not show any more what was confirmed."""
    what = _difference(before, now)
    if is_active_for(case, terms):
        less = before is not None and now is not None and _is_less(before, now)
        cause = f"{what} changed in the pool, and never captured"
        return _suspect(case, Drift.STALE_RECORD, cause, destructive=less)
    row, winner = case.row, case.winner
    moved = row is not None and winner is not None and not same_record(row, winner)
    kind = {
        "memberships": Drift.WRONG_GROUPS,
        "the enabled flag": Drift.WRONG_ENABLED,
    }.get(what, Drift.STALE_ATTRIBUTES if moved else Drift.CHANGED_IN_STANDBY)
    cause = f"{what} changed directly in the standby pool"
    return _suspect(case, kind, f"{cause}, and the record moved on" if moved else cause)


def _difference(before: Parts | None, now: Parts | None) -> str:
    if before is None or now is None:
        return "the user"
    if before.profile != now.profile:
        return "attributes"
    return "memberships" if before.groups != now.groups else "the enabled flag"


def _is_less(before: Parts, now: Parts) -> bool:
    """Whether a user was disabled, or taken out of all groups."""
    return (before.enabled and not now.enabled) or (before.groups != "" and now.groups == "")


def _without_record(case: Case, terms: Terms) -> Finding:
    row = case.row
    was_here = row is not None and bool(row.local_sub or row.summary or row.confirmed_version)
    active = is_active(terms.region, terms.claims, ())
    seen = active and case.status == UserStatus.EXTERNAL_PROVIDER.value
    if not was_here and not seen and case.status in _NOT_REPLICATED:
        return Skipped(_NOT_REPLICATED[case.status])
    if row is not None and row.confirmed_version is not None:
        cause = "the record that was confirmed is not in the index: gone, or without a shard"
        return _suspect(case, Drift.MISSING_RECORD, cause)
    if active:
        left = row is not None and row.state is SyncState.SKIPPED
        return _suspect(case, Drift.MISSING_RECORD, _LEFT_OUT if left else "never captured")
    return _suspect(case, Drift.UNEXPECTED_USER, "made directly in the standby pool")


def _undead(case: Case, winner: RecordSummary, terms: Terms) -> Finding:
    """A user, and a tombstone wins."""
    row = case.row
    if _returned(case) and is_erased(winner):
        cause = "brought back by a recovery of the pool; removed at once"
        return _suspect(case, Drift.ERASED_RETURNED, cause, destructive=True)
    if _returned(case) and is_active_for(case, terms):
        cause = "brought back by a recovery of the pool: a yes lets them in again"
        return _suspect(case, Drift.RETURNED, cause)
    if case.summary.endswith("1") or is_erased(winner):
        changed = row is not None and row.summary != case.summary
        own = winner.region == terms.region
        if (own or changed) and is_active_for(case, terms):
            return _suspect(case, Drift.STALE_RECORD, "alive in the pool, deleted in the records")
        cause = "deleted in the other Region, and never disabled"
        if _returned(case):
            cause = "deleted, and brought back by a recovery of the pool"
        elif own:
            cause = "deleted in the records, and enabled directly in the standby pool"
        if is_erased(winner):
            cause = "erased in the other Region, and never removed"
        return _suspect(case, Drift.UNEXPECTED_USER, cause, destructive=True)
    if lacks_own_tombstone(case, winner, terms):
        return _suspect(case, Drift.STALE_RECORD, "no tombstone of this Region")
    if not is_settled(case):
        return _suspect(case, Drift.LEDGER_OUT_OF_STEP, "a deletion was not confirmed")
    if is_due(case, terms):
        cause = "deleted longer ago than the grace period"
        return _suspect(case, Housekeeping.PURGE, cause, destructive=True)
    return InSync


def _returned(case: Case) -> bool:
    """Whether a user was seen to be gone and is there again: `absence.has_returned`."""
    row = case.row
    return (
        row is not None
        and row.confirmed_version is not None
        and row.summary == ""
        and case.local_sub in (row.local_sub, case.key)
        and not case.key.startswith(GROUP_KEY)
    )


def _suspect(
    case: Case, kind: Drift | Housekeeping, cause: str, *, destructive: bool = False
) -> Suspect:
    """A user whom neither ledger nor records know is visited by the local sub. The visit finds out
    who it is, because the copy of the origin sub in the pool alone proves nothing."""
    row = case.row
    local_sub = case.local_sub or (row.local_sub if row is not None else "")
    known = case.own is not None or case.other is not None or row is not None
    key = case.key if known or case.key == case.local_sub or not case.local_sub else ""
    return Suspect(kind, key, local_sub, destructive, cause)


def _of_group(finding: Suspect) -> Suspect:
    if isinstance(finding.kind, Housekeeping):
        return finding
    cause = f"{finding.kind.value}: {finding.cause}"
    return Suspect(Drift.GROUP_DEFINITION, finding.key, "", finding.destructive, cause)
