"""What exporting and importing need of the world, beside the ports of replication."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.ports import PasswordNotes
from cognito_standby.reconciliation.ports import RecordIndex
from cognito_standby.recovery.domain.import_csv import ImportRules
from cognito_standby.replication.services.context import SyncContext


class TransferRefusedError(Exception):
    """What was asked for is not done; the text says why, and what to do. Nothing was begun."""


class TransferFiles(Protocol):
    """Where an export lies, and what a run of an import notes. Everything is encrypted, or readable
    by its owner alone."""

    def write(self, name: str, body: bytes) -> None:
        """A whole file."""

    def write_new(self, name: str, body: bytes) -> bool:
        """A whole file that is not there yet. False: it is."""

    def read(self, name: str) -> bytes | None:
        """A whole file; None: there is none."""

    def remove(self, name: str) -> None:
        """Gone already is success."""

    def names(self, prefix: str) -> Sequence[str]:
        """The names of all files that begin so, sorted."""


class JobState(StrEnum):
    """How far an import job is."""

    CREATED = "created"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    ENDED = "ended without success"
    """Failed, stopped, or expired because nobody started it."""


@dataclass(frozen=True)
class ImportJob:
    """One job. `url` takes the file for 15 minutes; `message` is why it ended."""

    id: str
    name: str
    state: JobState
    url: str = ""
    message: str = ""


class ImportPool(Protocol):
    """A pool's import jobs."""

    def rules(self) -> ImportRules:
        """What the pool's file must look like."""

    def create(self, name: str, role_arn: str, algorithm: str = "") -> ImportJob:
        """A job that waits for its file. `algorithm`: of the hashes in it.
        RefusedByPoolError: the pool has its 1,000 jobs, or takes no hashes."""

    def upload(self, job: ImportJob, body: bytes) -> None:
        """Its file. ServiceUnavailableError: it was not taken."""

    def start(self, job: ImportJob) -> bool:
        """False: another job of the account is active. RefusedByPoolError: it cannot be started."""

    def look(self, job_id: str) -> ImportJob | None:
        """How far it is; None: there is no such job."""

    def log(self, job: ImportJob) -> Sequence[str]:
        """What the job told of each line; none where it could not write."""


class SyncStarter(Protocol):
    """Starts the machine that brings one subject in."""

    def start(self, hint: Hint) -> str:
        """Start `sync_user` with a hint; the ARN."""


@dataclass(frozen=True)
class TransferContext:
    """One Region, for an export or an import. `passwords_set`: by their age hashes are judged;
    `files`: where the export lies; `notes`: where a run is noted, for all who import here, wherever
    their files lie; `machine`: None, whoever imports completes everybody afterwards; `pause` waits
    that many seconds."""

    sync: SyncContext
    index: RecordIndex
    pool: ImportPool
    passwords_set: PasswordNotes
    files: TransferFiles
    notes: TransferFiles
    machine: SyncStarter | None
    pause: Callable[[float], None]
