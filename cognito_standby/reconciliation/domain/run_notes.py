"""What stands in the small files by which a run's steps know of each other (`file_names`), beside
those of a listing (`listing_notes`), work items and judgement (`work_items`) and what repairs came
to (`repairs`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.reconciliation.domain.readiness import Readiness
from cognito_standby.reconciliation.domain.reconciliation import Run, Suspect, Tally
from cognito_standby.reconciliation.domain.work_items import (
    suspect_to_list,
    tally_from_dict,
    tally_to_dict,
)


@dataclass(frozen=True)
class Opened:
    """What Open Run found.

    run              the run as asked for
    holder           the run that holds the pool: `run` itself, or another, and then nothing begins
    active           whether this Region is the active one by the claims
    claims           Region -> claim, to see at the end whether a role moved
    pool_of_record   the pool that this Region knows: accepted by an operator, or noted first
    estimated_users  by DescribeUserPool
    copies_trusted   whether the pool's copies of the origin subs are used; else the reverse map is
    opened_at        of this Region's clock, ISO 8601
    recovered        completed recoveries of the pool after which no run has looked yet
    triggers         of the pool, that bear on replays
    former_pool      the pool that was noted first for this Region, where it is another one
    sign_in          what the pool's settings say of getting in; None: an older release opened it
    after_failover   the policy, where it is about this Region's pool (core.domain.after_failover)
    """

    run: Run
    holder: Run
    active: bool
    claims: dict[str, int]
    pool_of_record: str
    estimated_users: int
    copies_trusted: bool
    opened_at: str = ""
    recovered: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    former_pool: str = ""
    sign_in: SignInRules | None = None
    after_failover: str = ""

    @property
    def refused(self) -> bool:
        """Whether another run holds the pool."""
        return self.holder.execution != self.run.execution

    @property
    def since(self) -> datetime:
        """`opened_at` as a time. InvalidRecordError: it is none."""
        try:
            since = datetime.fromisoformat(self.opened_at)
        except ValueError:
            raise InvalidRecordError("when the run was opened is not told") from None
        return since if since.tzinfo else since.replace(tzinfo=UTC)

    def to_dict(self) -> dict[str, Any]:
        """The file."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, raw: Any) -> Opened:
        """Inverse. InvalidRecordError: it is none."""
        return from_plain(cls, raw, wrong="the run was not opened")


@dataclass(frozen=True)
class Piece:
    """Rows of a bucket in one file: where they begin, and the length of each shard's."""

    file: str
    members: bool
    start: int
    lengths: tuple[int, ...]


@dataclass(frozen=True)
class Bucket:
    """Shards that one worker compares, and where their rows lie."""

    shards: list[str]
    pieces: list[Piece]

    def to_dict(self) -> dict[str, Any]:
        """The file."""
        pieces = [[each.file, each.members, each.start, each.lengths] for each in self.pieces]
        return {"shards": self.shards, "pieces": pieces}

    @classmethod
    def from_dict(cls, raw: Any) -> Bucket:
        """Inverse. InvalidRecordError: it is none."""
        try:
            shards = [str(shard) for shard in raw["shards"]]
            pieces = [
                Piece(str(f), bool(m), int(s), tuple(int(length) for length in lengths))
                for f, m, s, lengths in raw["pieces"]
            ]
            if any(len(each.lengths) != len(shards) for each in pieces):
                raise ValueError("lengths of other shards")
            return cls(shards, pieces)
        except (KeyError, TypeError, ValueError):
            raise InvalidRecordError("this is no bucket") from None


@dataclass(frozen=True)
class Totals:
    """What was listed altogether.

    not_listed   prefixes of `sub` that could not be listed
    groups_known whether all groups were
    failed       what could not be listed, for people
    """

    users: int
    memberships: int
    misfiled: int
    not_listed: tuple[str, ...]
    groups_known: bool
    failed: tuple[str, ...]

    @classmethod
    def from_dict(cls, raw: Any) -> Totals:
        """Inverse. InvalidRecordError: it is none."""
        return from_plain(cls, raw, wrong="the comparison was not planned")


@dataclass(frozen=True)
class ShardNote:
    """What was found in a shard.

    newest    Region -> highest epoch number seen in the records
    misfiled  users whose copy of the origin sub in the pool is wrong
    readiness of the users that were listed; None: the run was opened by an older release
    """

    tally: Tally
    newest: Mapping[str, int]
    misfiled: int
    suspects: Sequence[Suspect]
    readiness: Readiness | None = None

    def to_dict(self) -> dict[str, Any]:
        """The file."""
        return {
            "tally": tally_to_dict(self.tally),
            "newest": self.newest,
            "misfiled": self.misfiled,
            "suspects": [suspect_to_list(each) for each in self.suspects],
            **({"readiness": to_plain(self.readiness)} if self.readiness else {}),
        }


@dataclass(frozen=True)
class ShardSum:
    """The same without the suspects, of which the judgement needs the number only."""

    tally: Tally
    newest: Mapping[str, int]
    misfiled: int
    suspects: int
    readiness: Readiness | None = None

    @classmethod
    def from_dict(cls, raw: Any) -> ShardSum:
        """Of a shard's file. InvalidRecordError: it is none."""
        try:
            newest = {str(region): int(number) for region, number in raw["newest"].items()}
            tally, suspects = tally_from_dict(raw["tally"]), len(raw["suspects"])
            ready = from_plain(Readiness, raw["readiness"]) if "readiness" in raw else None
            return cls(tally, newest, int(raw["misfiled"]), suspects, ready)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InvalidRecordError("this is no shard") from None


@dataclass(frozen=True)
class Glance:
    """What one file of progress adds, for who follows a run."""

    users: int = 0
    memberships: int = 0
    visits: int = 0
    drift: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: Any) -> Glance:
        """Of a part of a listing, a shard or a part of a batch. What cannot be read is nothing."""
        if not isinstance(raw, dict):
            return cls()
        tally, visits = raw.get("tally"), raw.get("visits")
        drift = tally.get("drift") if isinstance(tally, dict) else None
        return cls(
            users=_number(raw.get("users")),
            memberships=_number(raw.get("memberships")),
            visits=len(visits) if isinstance(visits, list) else 0,
            drift={str(k): _number(v) for k, v in drift.items()} if isinstance(drift, dict) else {},
        )


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
