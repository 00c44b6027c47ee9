"""The words of reconciliation: what is compared, what drift is, and what a run is.

Reconciliation never decides what a subject should look like. It finds the *suspects*, subjects
whose pool, ledger and records do not add up, and sends each through the very steps of
`sync_user`. A false alarm costs a read and never a wrong write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.records import Version

SHARDS = 256
"""Shards of the records table and of the ledger: `shard_of_key` of a subject's key."""


class Drift(StrEnum):
    """What can be wrong with a subject, as seen by the comparison of one Region."""

    MISSING_RECORD = "missing record"
    STALE_RECORD = "stale record"
    RECORD_OF_DELETED_USER = "record of a deleted user"
    MISSING_USER = "user missing in the pool"
    STALE_ATTRIBUTES = "stale attributes"
    WRONG_GROUPS = "wrong groups"
    WRONG_ENABLED = "wrong enabled flag"
    UNEXPECTED_USER = "user that nobody should have"
    RETURNED = "deleted user who is back"
    ERASED_RETURNED = "erased user who is back"
    CHANGED_IN_STANDBY = "changed directly in the standby pool"
    HALF_APPLIED = "half applied"
    QUARANTINED = "quarantined"
    LEDGER_OUT_OF_STEP = "ledger out of step"
    GROUP_DEFINITION = "group definition"
    NO_SHARD = "record without a shard"
    UNREADABLE_RECORD = "unreadable record"


class Housekeeping(StrEnum):
    """Work that is due by age and is no drift."""

    PURGE = "purge a deleted user after the grace period"
    STRIP = "strip a tombstone that both Regions have"


class Mode(StrEnum):
    """What a run may do."""

    REPAIR = "repair"
    DRY_RUN = "dry run"


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """One Region's record as the index `by-shard` shows it: eventually consistent."""

    key: str
    region: str
    version: Version
    deleted: bool
    fingerprint: str
    observed_at: str = ""


@dataclass(frozen=True, slots=True)
class LedgerSummary:
    """One row of the ledger as its index `by-shard` shows it: eventually consistent.

    summary             of what the pool showed when it was last confirmed (core.domain.summaries)
    record_fingerprint  of the record that was confirmed then
    factors             letters of the second factors that it showed then
    """

    key: str
    state: SyncState
    local_sub: str = ""
    summary: str = ""
    record_fingerprint: str = ""
    confirmed_version: Version | None = None
    lease_expires_at: float = 0.0
    factors: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A subject to be visited.

    key          the subject's record key; "": known by its local sub only
    local_sub    the user in this Region's pool, where there is one
    kind         the drift or the housekeeping
    destructive  by the look of it the visit deletes, disables or empties somebody
    cause        why it probably came about, in a few words
    """

    kind: Drift | Housekeeping
    key: str = ""
    local_sub: str = ""
    destructive: bool = False
    cause: str = ""


@dataclass(frozen=True)
class Run:
    """One reconciliation of one Region's pool. `id` names its files; `execution` runs it."""

    id: str
    execution: str
    region: str
    user_pool_id: str
    started_at: str
    mode: Mode = Mode.REPAIR
    shards: tuple[str, ...] = ()
    """Only these of the 256 shards (two hex digits each); empty: all."""
    seeding: bool = False
    """An operator asked for a first filling: many writes are expected."""
    clear_ids: bool = False
    """An operator asked for a report with clear ids instead of hashed ones."""
    scheduled: bool = False
    """Nobody asked for it."""


@dataclass(frozen=True)
class Tally:
    """What a comparison or a whole run counted."""

    users: int = 0
    records: int = 0
    ledger_rows: int = 0
    groups: int = 0
    memberships: int = 0
    in_sync: int = 0
    destructive: int = 0
    absent: int = 0
    """Subjects of whom the listing has no user although ledger or record expect one."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Reason -> subjects that are rightly not replicated."""
    drift: Mapping[str, int] = field(default_factory=dict)
    """Drift or housekeeping -> subjects."""
