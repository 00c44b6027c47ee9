"""What the steps of a reconciliation are handed: ports, identity and settings."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Self

from cognito_standby.core.domain.absence import Recovery, unsettled
from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.ports import Clock, Ledger, PasswordNotes, RecordStore, UserDirectory
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.ports import (
    ClaimsSource,
    LedgerIndex,
    Pacer,
    PoolListing,
    RecordIndex,
    Regions,
    RunFiles,
    RunRegister,
    WholeRecords,
)
from cognito_standby.reconciliation.services.run_store import RunStore
from cognito_standby.reconciliation.settings import RunConfig


@dataclass(frozen=True)
class RunSettings(RunConfig):
    """How the work is divided, and what the config decides.

    item_users    users that one work item lists, at most; a prefix with far more is split
    least_users   of an item, however small the pool: ten pages take as long as a worker's start
    item_groups   groups that one work item lists, at most
    bucket_users  users whose shards one worker compares
    part_bytes    size at which a part of a listing is written, which bounds the memory
    attempts      rounds in which an item may come no further before it is named and left out
    batch_suspects   suspects that one worker visits
    """

    item_users: int = 20_000
    least_users: int = 600
    item_groups: int = 20
    bucket_users: int = 50_000
    part_bytes: int = 2 * 1024 * 1024
    attempts: int = 3
    batch_suspects: int = 200

    @classmethod
    def of(cls, config: RunConfig) -> Self:
        """As an installation's config has it."""
        return cls(**{each.name: getattr(config, each.name) for each in fields(RunConfig)})


@dataclass(frozen=True)
class Witnesses:
    """What the pool, the table and the ledger tell of themselves as a whole."""

    directory: UserDirectory
    records: RecordStore
    ledger: Ledger

    def unsettled(self) -> list[Recovery]:
        """Recoveries of the pool after which no reconciliation has looked.

        Calls: the directory's recoveries, the ledger's notes of the Region.
        """
        return unsettled(self.directory.recoveries(), self.ledger.region_notes())

    def former_pool(self, user_pool_id: str) -> str:
        """The pool that was noted first for this Region, if it is another one; else "".

        Calls: the ledger's notes of the Region.
        """
        first = self.ledger.region_notes().first_pool
        return "" if first == user_pool_id else first

    def other_table(self) -> str:
        """Why the records are not to be believed; "": they are those that were confirmed.

        Calls: the table's identity, the ledger's notes of the Region.
        """
        noted, seen = self.ledger.region_notes().table_id, self.records.table_id()
        if noted in ("", seen):
            return ""
        return f"the records table is {seen}; the confirmed one is {noted}: standby accept-table"


@dataclass(frozen=True)
class ReconcileContext:
    """One Region's world, as a reconciliation needs it. A worker that only reads, such as the
    comparison, needs no listing; each step says in its docstring what it calls."""

    region: str
    user_pool_id: str
    listing: PoolListing
    records: RecordIndex
    ledger: LedgerIndex
    claims: ClaimsSource
    regions: Regions
    files: RunFiles
    register: RunRegister
    clock: Clock
    pacer: Pacer
    witnesses: Witnesses | None = None
    """Who tells what may be believed of pool and table; None: a made-up pool, nobody doubts it."""
    settings: RunSettings = field(default_factory=RunSettings)
    after_failover: str = ""
    """The policy, where it is about this Region's pool."""
    federated: FederatedWay = FederatedWay.ON_SIGN_IN
    """What becomes of a provider's user in the pool that lacks them."""
    whole: WholeRecords | None = None
    """Where the pool is filled on demand: by what it is told who is awaited. None: it is not."""
    pairwise: frozenset[str] = frozenset()
    """Identity providers whose subjects differ between the pools."""
    passwords_set: PasswordNotes | None = None
    """Who set a password where; None: nobody is counted."""
    after_failback: AfterFailback = AfterFailback.RESET_CHANGED

    def store(self, run: Run) -> RunStore:
        """The run's files, as what they hold."""
        return RunStore(self.files, run.id)
