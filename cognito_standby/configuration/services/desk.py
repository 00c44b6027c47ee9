"""What `standby config` works on: one Region's pool, and both Regions' snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cognito_standby.configuration.domain.document import PoolConfiguration
from cognito_standby.configuration.domain.snapshots import Snapshot, doubt, named
from cognito_standby.configuration.ports import (
    ConfigurationNotes,
    ConfigurationReader,
    PoolMaker,
    Snapshots,
)
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.roles import Active
from cognito_standby.core.ports import RecordStore


@dataclass(frozen=True)
class ConfigurationDesk:
    """One Region's. Its replica shows both Regions' snapshots."""

    region: str
    user_pool_id: str
    pool_arns: str
    """How the ARNs of the Region's pools begin."""
    records: RecordStore
    notes: ConfigurationNotes
    snapshots: Snapshots
    reader: ConfigurationReader
    maker: PoolMaker

    @property
    def account(self) -> str:
        """That of the Region's pools."""
        return self.pool_arns.split(":")[4]

    def active(self) -> Active:
        """Which Region is active, by the claims."""
        return self.records.read_active()

    def find(self, region: str, asked: str) -> tuple[Snapshot, PoolConfiguration]:
        """A snapshot of a Region; "": its newest. NoSuchSnapshotError, NewerDocumentError."""
        found = named(asked, self.snapshots.listed(region))
        return found, self.snapshots.read(region, found.id)

    def accepted(self, snapshot: Snapshot) -> tuple[str, str]:
        """What speaks against making a pool from it, and the snapshot that was accepted; empty:
        nothing does."""
        note = self.notes.read(snapshot.region)
        told = doubt(note, snapshot)
        return told, note.accepted if told else ""

    def history(self, region: str) -> tuple[ConfigurationNote, Sequence[Snapshot]]:
        """What was looked at and kept of a Region's pool, the newest first."""
        return self.notes.read(region), self.snapshots.listed(region)


def accept(desk: ConfigurationDesk, snapshot: Snapshot, seen: ConfigurationNote) -> bool:
    """That this snapshot of the Region's pool is as it should be. False: a look or somebody else
    came in between, and nothing is changed."""
    now = replace(seen, accepted=snapshot.id, unexpected=0)
    return desk.notes.keep(now, seen)
