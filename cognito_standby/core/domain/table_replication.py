"""Whether DynamoDB still replicates between the records tables of two accounts.

Each table lets DynamoDB in by its own policy. Where one does so no longer, nothing is replicated
any more, both go on by themselves, and after 20 hours they part for good: neither can be joined
again without being made anew (Amazon DynamoDB developer guide, "DynamoDB global tables security";
API reference, ReplicaDescription).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(hours=20)
"""How long a table stays a replica while it cannot replicate."""

_WELL = frozenset({"ACTIVE", "CREATING", "UPDATING"})
_REASONS = {
    "REPLICATION_NOT_AUTHORIZED": "a table's policy does not let DynamoDB replicate",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS": "the key of a table cannot be used",
    "REGION_DISABLED": "an account has disabled the Region",
}


@dataclass(frozen=True)
class Replica:
    """A table as another one knows it. `since`: when it was first seen to be out of reach."""

    region: str
    status: str
    since: datetime | None = None


class Tie(StrEnum):
    """What joins a table to that of the other Region."""

    JOINED = "joined"
    BROKEN = "broken"
    """Nothing is replicated; it goes on by itself if the cause is mended in time."""
    PARTED = "parted"
    """There is no other one: not yet, or for good."""


@dataclass(frozen=True)
class TableReplication:
    """`why` says more where all is not well; `until`: when a broken tie ends for good."""

    tie: Tie
    why: str = ""
    until: datetime | None = None

    @property
    def well(self) -> bool:
        """Whether changes reach the other table."""
        return self.tie is Tie.JOINED


def replication_of(replicas: Sequence[Replica], other: str) -> TableReplication:
    """Of a table that knows these replicas, itself among them."""
    if not any(each.region == other for each in replicas):
        return TableReplication(Tie.PARTED, f"no replica in {other}")
    broken = [each for each in replicas if each.status not in _WELL]
    if not broken:
        return TableReplication(Tie.JOINED)
    reasons = (
        f"{each.region}: {each.status}, {_REASONS.get(each.status, 'see DynamoDB')}"
        for each in dict.fromkeys(broken)
    )
    seen = [each.since for each in broken if each.since is not None]
    return TableReplication(Tie.BROKEN, "; ".join(reasons), min(seen) + GRACE if seen else None)
