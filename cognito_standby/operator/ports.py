"""What an operator's commands need of a Region, as Protocols beside those of the services.

Every method may raise ThrottledError, ServiceUnavailableError (the Region does not answer) or
MisconfiguredError; the others are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from cognito_standby.changes.ports import ChangePage
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.conflicts import Conflict
from cognito_standby.core.domain.hints import Hint
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.operator.domain.person import PoolFacts, SeenUser


@dataclass(frozen=True)
class Envelope:
    """A message that was received and is hidden from other readers for a while."""

    id: str
    receipt: str
    body: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None


class DeadLetters(Protocol):
    """A Region's dead letter queue. Nothing leaves it but by `delete`."""

    def receive(self, hide_seconds: int) -> Sequence[Envelope]:
        """Up to ten letters, hidden from others that long; none: there are no more to be seen."""

    def hold(self, letter: Envelope, hide_seconds: int) -> None:
        """Go on hiding a letter; one that is not hidden any more stays where it is."""

    def give_back(self, letter: Envelope) -> None:
        """Let others see a letter again, at once."""

    def delete(self, letter: Envelope) -> None:
        """Remove a letter for good. Already gone is success."""

    def peek(self) -> Sequence[Envelope]:
        """Up to ten letters, without hiding them."""

    def count(self) -> int:
        """How many there are, about, hidden ones included."""


class Executions(Protocol):
    """The executions of a Region's machines."""

    def describe(self, arn: str) -> Execution | None:
        """One execution; None: it does not exist, or that is no execution's ARN."""

    def redrive(self, arn: str) -> str:
        """Run it on from where it failed. "": it runs; otherwise why it was refused."""

    def start(self, hint: Hint) -> str:
        """Start `sync_user` with a hint; the ARN."""

    def start_change(self, change_id: str) -> str:
        """Start `apply_admin_change` for a change; the ARN. A change that another execution has, or
        that has ended, is left alone by it."""

    def start_members(self, hint: Hint) -> str:
        """Start `hint_members` with a hint that names a group; the ARN."""

    def recent(self, status: ExecutionStatus, since: datetime) -> Sequence[Execution]:
        """Executions of every machine in that status, started since then, newest first, without
        input and output; at most 1,000 of each machine."""


class Reconciliations(Protocol):
    """The machine `reconcile_pool` of a Region."""

    def start(self, name: str, given: Mapping[str, Any]) -> str:
        """Start an execution of that name with that input; the ARN. The same twice is once."""

    def answer(self, task_token: str, *, approved: bool) -> bool:
        """Answer the brake's question. False: nobody waits for that answer any more, because it
        was given, because its time is over, or because the run ended."""


class StreamRecords(Protocol):
    """The stream of this Region's replica."""

    def keys(self, stream_arn: str, shard_id: str, first: str, last: str) -> Sequence[str]:
        """The record keys (partition keys) written from one sequence number to the other;
        empty: the stream does not have them any more (24 hours)."""


class ReplayState:
    """States of a replay that are ends (DescribeReplay)."""

    COMPLETED = "COMPLETED"
    ENDS = ("COMPLETED", "CANCELLED", "FAILED")


@dataclass(frozen=True)
class ReplayProgress:
    """How far a replay is. `reached` is the time of the last event replayed, where it is told."""

    state: str
    reason: str = ""
    reached: datetime | None = None


class EventArchive(Protocol):
    """The archive of a Region's bus."""

    def start(self, name: str, since: datetime, until: datetime) -> None:
        """Replay what was archived between two times to the same bus."""

    def progress(self, name: str) -> ReplayProgress:
        """How far it is."""


@dataclass(frozen=True)
class Lag:
    """Replication lag of the last hour, in milliseconds."""

    p50: float
    p99: float


@dataclass(frozen=True)
class Attention:
    """The rows of a ledger table that need attention: how many of each sort, and the keys of
    some."""

    counts: Mapping[str, int]
    subjects: Sequence[str] = ()


class Gauges(Protocol):
    """What a Region's services report about themselves."""

    def parked_hints(self) -> int | None:
        """Hints that wait in the parking queue; None: not known."""

    def attention(self) -> Attention | None:
        """Rows needing attention; None: the ledger has no such index (an older deployment)."""

    def conflicts(self) -> Attention | None:
        """Undecided conflicts by weight, and the keys of some subjects, the worst first; None: as
        above."""

    def lag(self, since: datetime, until: datetime) -> Lag | None:
        """None: no data."""

    def canary(self, since: datetime, until: datetime) -> float | None:
        """How late the canary was at most, in seconds, where it was looked at; None: no data, for
        there is no canary, or this Region is active."""

    def alarms(self) -> Sequence[str]:
        """Names of this installation's alarms that are in ALARM."""


class ConfigurationNotes(Protocol):
    """What each Region keeps in mind of its pool's configuration."""

    def read(self, region: str) -> ConfigurationNote:
        """An empty note where there is none."""


class People(Protocol):
    """A Region's pool, searched for one person. Nobody becomes an active user by a look."""

    def facts(self) -> PoolFacts:
        """The pool's settings."""

    def named(self, name: str) -> Sequence[SeenUser]:
        """Everybody whose username, preferred_username, address, phone number or sub it is, by the
        pool's own rules of case; at most 60 of each."""

    def by_sub(self, sub: str) -> SeenUser | None:
        """The user whose sub it is, whatever else bears that name, with groups."""


class NameFinder(Protocol):
    """The index of names in a Region's replica of the records."""

    def find(self, name: str) -> Sequence[str]:
        """Origin subs of whom some record may have that name; the index is a hint."""


class ConflictFinder(Protocol):
    """The undecided conflicts of one Region. What was listed within the last second may be
    missing; what was decided is not shown."""

    def worst(self, limit: int) -> Sequence[Conflict]:
        """The first of them, the worst first."""

    def named(self, key: str) -> Sequence[Conflict]:
        """Those of one subject, by its key or by the hash of it that is shown instead."""


class AdminChanges(Protocol):
    """What administrators asked for through this Region's Admin API, newest first."""

    def recent(self, limit: int, token: str = "") -> ChangePage:
        """One page."""
