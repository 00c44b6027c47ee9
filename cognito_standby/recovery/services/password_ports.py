"""What the resets need, as Protocols, and the context of their service.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError; the others
are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import (
    Ledger,
    PasswordNotes,
    PasswordSource,
    RecordStore,
    UserDirectory,
)
from cognito_standby.reconciliation.ports import Pacer
from cognito_standby.recovery.domain.changed_passwords import ResetNote


class Sessions(Protocol):
    """The sessions of one pool's users."""

    def end_all(self, username: str) -> None:
        """Revoke every refresh token, and access tokens where Cognito itself checks them. Sends no
        message. A user who is gone has none."""


class ResetNotes(Protocol):
    """What the ledger's rows tell of resets."""

    def read(self, subject: Subject) -> ResetNote | None:
        """Strongly consistent; None: none was ever needed."""

    def note(self, subject: Subject, holder: str, note: ResetNote) -> None:
        """PlanStaleError: the lease is lost."""


@dataclass(frozen=True)
class ResetContext:
    """One Region's world, as its resets need it."""

    region: str
    policy: AfterFailback
    directory: UserDirectory
    sessions: Sessions
    records: RecordStore
    passwords_set: PasswordNotes
    ledger: Ledger
    resets: ResetNotes
    passwords: PasswordSource
    pacer: Pacer
