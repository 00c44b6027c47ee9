"""What the steps of a restore are handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.changes.services.submit import ApiContext
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import RecordStore
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.recovery.services.past_ports import PastTables, RecordSegments
from cognito_standby.recovery.services.restore_store import RestoreStore
from cognito_standby.replication.services.context import SyncContext


@dataclass(frozen=True)
class PastRecords:
    """The records as of a time, in a table of their own."""

    segments: RecordSegments
    store: RecordStore

    def winner(self, subject: Subject) -> Record | None:
        """What the world should have looked like then. InvalidRecordError; NewerSchemaError."""
        return resolve(self.store.read(subject)[0])


@dataclass(frozen=True)
class RestoreContext:
    """One Region's world.

    region  files, register, pacer and settings, as a reconciliation has them
    sync    what every step of sync_user has
    source  the records as they are now
    past    a time (ISO 8601) -> the records as of it, once their table is there
    admin   by what undeletes and reverts are asked for
    tables  whether there can be such a table
    """

    region: ReconcileContext
    sync: SyncContext
    source: RecordSegments
    past: Callable[[str], PastRecords]
    admin: ApiContext
    tables: PastTables

    def store(self, run: Run) -> RestoreStore:
        """The files of a restore."""
        return RestoreStore(self.region.files, run.id)
