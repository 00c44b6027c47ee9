"""What every sync service is handed: this Region's ports and identity."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.ports import (
    Clock,
    HintBus,
    Ledger,
    PasswordSource,
    RecordStore,
    UserDirectory,
)


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
    bulk: bool = False
    """Mark what is captured as one of very many (`Record.bulk`)."""
    asked: bool = False
    """An operator was asked about who is gone and who is back, and said yes."""
