"""What reconciliation needs of the world beside `core.ports`, as Protocols.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError; the others
are named. Nothing here reads users one by one: listings and indexes only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cognito_standby.core.domain.epochs import Claims
from cognito_standby.core.domain.pools import PoolGroup, PoolSchema, PoolUser
from cognito_standby.core.domain.records import Partition
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.core.ports import PoolNotes
from cognito_standby.reconciliation.domain.configuration_drift import ConfigurationDrift
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, RecordSummary, Run


class ListingExpiredError(Exception):
    """A page token is not accepted any more (they live an hour): begin this listing again."""


@dataclass(frozen=True)
class UserPage:
    """Up to 60 users; perhaps none, although there is a token."""

    users: Sequence[PoolUser]
    token: str = ""


@dataclass(frozen=True)
class GroupPage:
    """Up to 60 group definitions."""

    groups: Sequence[PoolGroup]
    token: str = ""


class PoolListing(Protocol):
    """The listings of one pool. They bill no monthly active user; they are eventually consistent,
    and an answer can be short. Quota category of the user listings: UserList."""

    def schema(self) -> PoolSchema:
        """What the pool can hold."""

    def estimated_users(self) -> int:
        """DescribeUserPool's EstimatedNumberOfUsers."""

    def sign_in_rules(self) -> SignInRules:
        """What the pool's settings say of getting in."""

    def list_users(self, prefix: str, token: str) -> UserPage:
        """Users whose sub begins with `prefix`, without groups. ListingExpiredError."""

    def list_groups(self, token: str) -> GroupPage:
        """Group definitions. ListingExpiredError."""

    def list_members(self, group: str, token: str) -> UserPage:
        """Members of a group; a group that is gone has none. ListingExpiredError."""


@dataclass(frozen=True)
class RecordPage:
    """Records of a shard, both Regions'. `unreadable`: keys of items not of a known shape or of a
    newer schema, with the reason."""

    records: Sequence[RecordSummary]
    unreadable: Mapping[str, str]
    token: str = ""


class RecordIndex(Protocol):
    """The index `by-shard` of the records table."""

    def page(self, shard: str, token: str) -> RecordPage:
        """One page of one shard, ordered by key."""


class WholeRecords(Protocol):
    """Records as they are, not only their digests."""

    def of(self, keys: Sequence[str]) -> Mapping[str, Partition]:
        """Key -> both Regions' records, of those that have a readable one; up to 50 at once.
        Eventually consistent."""


@dataclass(frozen=True)
class LedgerPage:
    """Rows of a shard."""

    rows: Sequence[LedgerSummary]
    token: str = ""


class LedgerIndex(Protocol):
    """The index `by-shard` of the ledger, and its reverse map in batches."""

    def page(self, shard: str, token: str) -> LedgerPage:
        """One page of one shard, ordered by key."""

    def origins_of(self, local_subs: Sequence[str]) -> Mapping[str, str]:
        """Local sub -> origin sub of those that the reverse map knows; up to 100 at once."""

    def pools_of(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Key -> the pool that the subject's row names, "" for none, of those that have a row; up
        to 100 at once. The index does not show it."""

    def not_held(self, shard: str) -> Mapping[str, Mapping[str, str]]:
        """Key -> field -> why the pool does not show it as the winner has it, of those subjects of
        a shard that were confirmed so. Rows that an older release confirmed are not told of."""


class ClaimsSource(Protocol):
    """Who is active. Every RecordStore is one."""

    def read_claims(self) -> Claims:
        """Both claims."""


class Regions(Protocol):
    """What the Regions' stacks announce of themselves in the records table."""

    def both_stand(self) -> bool:
        """Whether both Regions' stacks have come to stand, as far as this Region sees yet."""


class RunFiles(Protocol):
    """The files of the runs (S3). Names are relative: `runs/<run id>/...`, `reports/...`."""

    def write(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """Put a whole file."""

    def read(self, name: str) -> bytes | None:
        """A whole file; None: there is none."""

    def read_range(self, name: str, start: int, length: int) -> bytes:
        """Some bytes of a file that exists. InvalidRecordError: it ends before or in the range."""

    def names(self, prefix: str) -> Sequence[str]:
        """The names of all files that begin so, sorted."""


@dataclass(frozen=True)
class Question:
    """What the brake asks an operator. `task_token` answers it; it is a secret."""

    run: Run
    reasons: Sequence[str]
    task_token: str
    asked_at: datetime
    expires_at: datetime


class RunRegister(PoolNotes, Protocol):
    """This Region's notes about its runs, in the ledger table: one at a time a pool."""

    def open(self, run: Run) -> Run:
        """Begin; the answer is the run that holds the pool: this one, or another still running.

        A run whose execution ended without closing is replaced.
        """

    def close(self, run: Run) -> None:
        """End the run; success also if the lock is no longer ours."""

    def current(self) -> Run | None:
        """The run that holds the pool."""

    def ask(self, question: Question) -> None:
        """Note a question; asking again replaces the token."""

    def question(self, run_id: str) -> Question | None:
        """The open question of a run."""

    def questions(self) -> Sequence[Question]:
        """All open questions."""

    def settle(self, run_id: str) -> None:
        """The question was answered or expired."""


class PoolsCompared(Protocol):
    """How the two Regions' pools are set up, by their newest snapshots."""

    def drift(self, region: str, *, active: bool) -> ConfigurationDrift:
        """`active`: whether that Region is the active one. What cannot be read is told in it.
        RetryableError."""
        ...


class Pacer(Protocol):
    """Spends this worker's share of a request quota."""

    def wait(self, category: str) -> None:
        """Return when one more request of this quota category may be made."""

    def throttled(self, category: str) -> None:
        """AWS refused a request: slow down; later the rate rises again."""

    def remaining_seconds(self) -> float:
        """Time left to this worker before it should write its checkpoint."""
