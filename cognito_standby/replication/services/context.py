"""What every sync service is handed: this Region's ports and identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cognito_standby.core.domain.hints import EARLY
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.ports import (
    Clock,
    ErasureList,
    HintBus,
    Ledger,
    PasswordNotes,
    PasswordSource,
    RecordStore,
    UserDirectory,
)
from cognito_standby.replication.ports import Turns


@dataclass(frozen=True)
class SyncContext:
    """One Region's world. Nothing in it reaches another Region but the replicated records."""

    region: str
    user_pool_id: str
    directory: UserDirectory
    records: RecordStore
    ledger: Ledger
    bus: HintBus
    clock: Clock
    passwords: PasswordSource
    erasures: ErasureList
    turns: Turns | None = None
    """The line of the replays; None: whoever runs the steps has a pace of its own."""
    rates: Mapping[str, float] = field(default_factory=dict)
    """Requests a second, by category of Cognito's quotas, that the line may make."""
    early: timedelta = EARLY
    """How long somebody just made may not be visible yet."""
    federated: FederatedWay = FederatedWay.ON_SIGN_IN
    bulk: bool = False
    """Mark what is captured as one of very many (`Record.bulk`)."""
    password_notes: PasswordNotes | None = None
    """Where hints that a password was set are noted; None: by Plan Sync alone."""
    asked: bool = False
    """An operator was asked about who is gone and who is back, and said yes."""
    on_demand: bool = False
    """Whoever never was in this pool is made when they first come (`domain.on_demand`)."""
    filling: bool = False
    """An operator asked that who is awaited is made now. Who is missing otherwise is not."""
    wanted: bool = False
    """An operator asked that whoever is missing here is made again from their living record."""
