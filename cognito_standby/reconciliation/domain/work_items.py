"""What the steps of a reconciliation hand to each other: work items, plans and the judgement.

All of it is small and names keys, files and numbers only: it travels through the state machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.reconciliation.domain.reconciliation import (
    Drift,
    Housekeeping,
    Run,
    Suspect,
    Tally,
)


class ItemKind(StrEnum):
    """What is listed."""

    PREFIX = "prefix"
    GROUP = "group"


@dataclass(frozen=True)
class WorkItem:
    """What one worker lists: one prefix or group after the other, each a chain of pages.

    values    prefixes of `sub`, or names of groups
    failures  rounds in a row in which it came no further
    parts     parts that there were when it was planned, by which it is seen whether it comes on
    """

    id: str
    kind: ItemKind
    values: tuple[str, ...]
    failures: int = 0
    parts: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As the Distributed Map hands it to a worker."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, raw: Any) -> WorkItem:
        """Inverse. InvalidRecordError: it is none."""
        return from_plain(cls, raw, wrong="this is no work item")


@dataclass(frozen=True)
class WorkPlan:
    """A round of work: a JSON array of `count` items in `items_file`, for a Distributed Map.

    done: nothing is left, and there is no round. A round without items is not done if the planning
    itself ran out of time; it goes on in the next round.
    """

    done: bool
    items_file: str = ""
    count: int = 0

    def width(self, most: int) -> int:
        """How many workers at once, of at most so many: as few as need no additional wave. In a
        last wave that is half empty half of the quota would lie idle, because each worker has a
        fixed share."""
        waves = max(1, -(-self.count // most))
        return max(1, -(-self.count // waves))


class BrakeVerdict(StrEnum):
    """What follows from a comparison."""

    REPAIR = "repair"
    ASK = "ask"
    NOTHING = "nothing"
    DRY_RUN = "dry_run"
    STOP = "stop"


@dataclass(frozen=True)
class Judgement:
    """The brake's verdict.

    reasons      why it asks or stops, and what else an operator should know, for people
    tally        of the whole run
    buckets      files with suspects, `compare/<shard>.json`, full names
    not_listed   prefixes and groups that could not be listed
    not_compared shards that could not be compared
    """

    verdict: BrakeVerdict
    reasons: tuple[str, ...] = ()
    tally: Tally = field(default_factory=Tally)
    buckets: tuple[str, ...] = ()
    not_listed: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The file `judgement.json`."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, raw: Any) -> Judgement:
        """Inverse. InvalidRecordError: it is none."""
        return from_plain(cls, raw, whole=True, wrong="this is no judgement")


def run_to_dict(run: Run) -> dict[str, Any]:
    """A run, for `run.json` and as the input of every state."""
    return to_plain(run)


def run_from_dict(raw: Any) -> Run:
    """Inverse. InvalidRecordError: it is none."""
    return from_plain(Run, raw, wrong="this is no run")


def suspect_to_list(suspect: Suspect) -> list[Any]:
    """A suspect as it stands in a file: kind, key, local sub, destructive, cause."""
    return [
        suspect.kind.value,
        suspect.key,
        suspect.local_sub,
        int(suspect.destructive),
        suspect.cause,
    ]


def suspect_from_list(raw: Any) -> Suspect:
    """Inverse. InvalidRecordError: it is none."""
    try:
        name, key, local_sub, destructive, cause = raw
        kind = _KINDS[name]
    except (KeyError, TypeError, ValueError):
        raise InvalidRecordError("this is no suspect") from None
    return Suspect(kind, str(key), str(local_sub), bool(destructive), str(cause))


_KINDS: Mapping[str, Drift | Housekeeping] = {
    kind.value: kind for family in (Drift, Housekeeping) for kind in family
}

_COUNTS = (
    *("users", "records", "ledger_rows", "groups", "memberships", "in_sync", "destructive"),
    "absent",
)


def tally_to_dict(tally: Tally) -> dict[str, Any]:
    """A tally as it stands in a file."""
    return to_plain(tally)


def tally_from_dict(raw: Any) -> Tally:
    """Inverse. InvalidRecordError: it is none."""
    return from_plain(Tally, raw, whole=True, wrong="this is no tally")


def sum_of(tallies: list[Tally]) -> Tally:
    """All of them together."""
    counts = {name: sum(getattr(tally, name) for tally in tallies) for name in _COUNTS}
    return Tally(
        **counts,
        skipped=_added([tally.skipped for tally in tallies]),
        drift=_added([tally.drift for tally in tallies]),
    )


def _added(parts: list[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, number in part.items():
            total[name] = total.get(name, 0) + number
    return total
