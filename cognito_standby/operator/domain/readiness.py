"""What both Regions' last runs say together of who would not get in after a failover. Pure.

The standby's run says it of everybody whom its pool has. Whom that pool lacks only the active
Region's run can tell: sign-ups that nobody confirmed, of whom there is no record, and people who
came through a provider, as far as the standby's run did not see them, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cognito_standby.reconciliation.domain.readiness import Readiness

ACTIVE, STANDBY = "active", "standby"
"""Roles, as a report tells them."""


class ReadyVerdict(StrEnum):
    """What `standby readiness` ends with."""

    READY = "ready"
    NOT_READY = "not_ready"
    UNKNOWN = "unknown"
    NOTHING_REACHED = "nothing_reached"


@dataclass(frozen=True)
class RegionReadiness:
    """A Region's last run of all shards that counted it.

    unknown  why there is none; "": there is one
    dark     the Region did not answer
    role     as of that run
    now      its role now; "": it is not known
    age      seconds since its end
    left     subjects with drift that the run could not repair, or handed over
    kept     its files are still there, so that people can be named
    after_failover  what the policy means there, of the backup Region
    """

    region: str
    unknown: str = ""
    dark: bool = False
    run: str = ""
    role: str = ""
    age: float = 0.0
    left: int = 0
    kept: bool = False
    ready: Readiness | None = None
    after_failover: tuple[str, ...] = ()
    now: str = ""

    @property
    def turned(self) -> bool:
        """It has another role now than its run had."""
        return self.ready is not None and bool(self.now) and self.now != self.role

    @property
    def counts(self) -> Mapping[str, int]:
        """Reason -> people who would not get in: of the active Region, whom the standby lacks."""
        if self.ready is None:
            return {}
        return self.ready.missing_after_failover(active=self.role == ACTIVE)


def added(regions: Sequence[RegionReadiness]) -> dict[str, int]:
    """Reason -> people, of both Regions, the most first."""
    total = Counter[str]()
    for each in regions:
        total.update(each.counts)
    return dict(total.most_common())


def doubts(regions: Sequence[RegionReadiness]) -> list[str]:
    """Why not everything is known."""
    found = [f"{each.region}: {each.unknown}" for each in regions if each.unknown]
    roles = [each.role for each in regions if each.ready is not None]
    found += [
        f"{each.region}: its run was made in its former role: standby reconcile --dry-run --wait"
        for each in regions
        if each.turned
    ]
    if not found and STANDBY not in roles:
        found.append("no run was of the Region that stands by now: reconcile after a failover")
    if not found and ACTIVE not in roles:
        found.append("no run was of the active Region: who has no record is not counted")
    return found


def verdict_of(regions: Sequence[RegionReadiness], accepted: Collection[str]) -> ReadyVerdict:
    """Who is known not to get in counts, whatever else is unknown. `accepted`: reasons that do
    not."""
    if all(each.dark for each in regions):
        return ReadyVerdict.NOTHING_REACHED
    counted = sum(n for reason, n in added(regions).items() if reason not in accepted)
    if counted or any(each.left for each in regions):
        return ReadyVerdict.NOT_READY
    return ReadyVerdict.UNKNOWN if doubts(regions) else ReadyVerdict.READY
