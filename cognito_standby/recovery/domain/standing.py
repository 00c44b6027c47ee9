"""Where the two Regions stand: their claim items, and what follows from them. Pure.

A Region writes only its own item of the partition `#claim` (I1). While it has none it counts as
having claimed by configuration alone (`core/domain/epochs`), and if it stands down then, its first
item says that very number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cognito_standby.core.domain.epochs import Claims, Epoch, Installation


@dataclass(frozen=True)
class Tally:
    """All records that one Region has written, added up: how many there are, and their revisions.
    A tombstone that both Regions have retired is left out, because it may go at any time."""

    records: int
    revisions: int

    def covers(self, other: Tally) -> bool:
        """Whether at least as much is there. Revisions only grow, and a record is never taken away
        before it is retired: so whoever sees less lacks something."""
        return self.records >= other.records and self.revisions >= other.revisions


@dataclass(frozen=True)
class ClaimItem:
    """A Region's claim as its item says it.

    stood_down  the Region that it makes way for; "": for nobody
    drained     all its records as they were once nothing was under way any more, under the mark
                `stood_down`; None: not yet
    execution   ARN of the execution that claimed this number; "": it is not known
    """

    number: int
    stood_down: str = ""
    drained: Tally | None = None
    execution: str = ""


@dataclass(frozen=True)
class Standing:
    """Both items as one Region's replica shows them; None: there is none."""

    region: str
    installation: Installation
    own: ClaimItem | None = None
    theirs: ClaimItem | None = None

    @property
    def other(self) -> str:
        """The Region that is not this one."""
        return self.installation.other(self.region)

    @property
    def claims(self) -> Claims:
        """Both claims, implicit ones included."""
        return Claims(
            {
                self.region: self.own_or_implicit.number,
                self.other: self._or_implicit(self.other, self.theirs).number,
            }
        )

    @property
    def active(self) -> bool:
        """Whether this Region's claim is the highest."""
        return self.claims.highest().region == self.region

    @property
    def own_or_implicit(self) -> ClaimItem:
        """This Region's claim, whether it is written or not."""
        return self._or_implicit(self.region, self.own)

    @property
    def makes_way(self) -> bool:
        """Whether the other Region, while it is active, stood down for this one."""
        return not self.active and self.theirs is not None and self.theirs.stood_down == self.region

    def next_number(self, seen_in_records: Iterable[Epoch]) -> int:
        """The number of a new claim of this Region."""
        return self.claims.next_number(seen_in_records)

    def _or_implicit(self, region: str, item: ClaimItem | None) -> ClaimItem:
        return item or ClaimItem(self.installation.initial_claim(region).number)


def marked(item: ClaimItem, target: str) -> ClaimItem:
    """The same claim, which makes way for `target`. What was drained for another mark says nothing
    of what comes under this one."""
    kept = item.drained if item.stood_down == target else None
    return replace(item, stood_down=target, drained=kept)


def reopened(item: ClaimItem) -> ClaimItem:
    """The same claim, which makes way for nobody."""
    return replace(item, stood_down="", drained=None)
