"""How far a run is, for a person who waits for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class RunStage(StrEnum):
    """What a run is at."""

    STARTING = "starting"
    LISTING = "listing the pool"
    COMPARING = "comparing"
    JUDGING = "judging"
    ASKING = "waiting for an operator's answer"
    REPAIRING = "repairing"
    ENDED = "ended"


@dataclass(frozen=True)
class RunProgress:
    """A look at a run. Numbers count what its files told until now.

    users, expected    listed, and by DescribeUserPool's estimate
    compared, shards   shards compared, of how many
    drift              kind -> subjects, of the shards compared
    repaired, suspects subjects treated, of how many
    calls              quota category -> requests
    failed             why its execution ended badly; "" otherwise
    report             the name of its report, once there is one
    """

    stage: RunStage
    seconds: float
    users: int = 0
    expected: int = 0
    memberships: int = 0
    compared: int = 0
    shards: int = 0
    drift: Mapping[str, int] = field(default_factory=dict)
    repaired: int = 0
    suspects: int = 0
    calls: Mapping[str, int] = field(default_factory=dict)
    stage_seconds: float = 0.0
    failed: str = ""
    report: str = ""

    @property
    def share(self) -> float:
        """How much of the present stage is done, from 0 to 1."""
        done, of = {
            RunStage.LISTING: (self.users, self.expected),
            RunStage.COMPARING: (self.compared, self.shards),
            RunStage.REPAIRING: (self.repaired, self.suspects),
        }.get(self.stage, (0, 0))
        return min(1.0, done / of) if of else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Of the present stage, at the pace that it had so far; None: cannot be told yet."""
        if not 0 < self.share < 1 or self.stage_seconds <= 0:
            return None
        return self.stage_seconds * (1 - self.share) / self.share
