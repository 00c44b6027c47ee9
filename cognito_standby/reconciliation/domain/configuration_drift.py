"""What a drift report says of how the two pools are set up: active beside standby. Pure.

It is made of the newest daily snapshots, so it is as old as they are and costs a few reads however
many users there are. A setting is no user's data; secrets are in no snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cognito_standby.core.domain.severity import Severity

LISTED = 200
"""Differences that a report lists, the worst first; `found` counts all."""


@dataclass(frozen=True)
class ComparedPool:
    """One of the two pools, as its newest snapshot shows it."""

    region: str
    user_pool_id: str = ""
    snapshot: str = ""
    """When the snapshot was read, which is its id; `standby config show --at` shows it."""
    looked_at: str = ""
    """When the pool was last looked at and was as the snapshot. UTC, ISO 8601."""
    trouble: str = ""
    """Why the last look found nothing, as that the pool is gone."""


@dataclass(frozen=True)
class ConfigurationDifference:
    """One place in which the standby's pool differs and should not."""

    place: str
    """Section, item and field, as `standby config diff` names them."""
    kind: str
    """only_left (the active pool alone), only_right (the standby alone), changed, unknown."""
    active: str
    """JSON, cut short; empty: nothing is there."""
    standby: str
    severity: Severity
    consequence: str
    """What it means once the standby is opened."""
    mend: str
    """The command that mends the standby's pool, or the step in the console."""


@dataclass(frozen=True)
class ExpectedDifference:
    """One place in which the pools must or may differ."""

    place: str
    why: str


@dataclass(frozen=True)
class ConfigurationDrift:
    """How the standby's pool is set up otherwise than the active one."""

    active: ComparedPool
    standby: ComparedPool
    found: int = 0
    """Places that differ and should not."""
    differences: tuple[ConfigurationDifference, ...] = ()
    expected: tuple[ExpectedDifference, ...] = ()
    unknown: str = ""
    """Why the pools could not be compared; empty: they were."""

    @property
    def worst(self) -> Severity | None:
        """None: nothing differs."""
        return self.differences[0].severity if self.differences else None


def ranked(found: Iterable[ConfigurationDifference]) -> tuple[ConfigurationDifference, ...]:
    """The worst first, then by place."""
    order = list(Severity)
    return tuple(sorted(found, key=lambda each: (order.index(each.severity), each.place)))
