"""Claims and epochs: who is active, decided without a clock.

Each Region writes only its own claim; the highest one wins. Before anybody has ever claimed, the
configured primary counts as having claimed epoch 1 and the backup epoch 0, so that a fresh
installation needs no seed write and both Regions agree by configuration alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Epoch:
    """One Region's claim number. Ordered by number, then Region, so two are never equal."""

    number: int
    region: str


@dataclass(frozen=True)
class Installation:
    """The two Regions as configured. `primary` is a fact of deployment, not a role."""

    primary: str
    backup: str

    def other(self, region: str) -> str:
        """The Region that is not `region`; an unknown one is a ValueError."""
        if region not in (self.primary, self.backup):
            raise ValueError(f"{region} is not one of {self.primary}, {self.backup}")
        return self.backup if region == self.primary else self.primary

    def initial_claim(self, region: str) -> Epoch:
        """What a Region counts as having claimed while its claim item does not exist."""
        return Epoch(1 if region == self.primary else 0, region)

    def claims(self, written: Mapping[str, int]) -> Claims:
        """Both claims, by the numbers of those items that exist: Region -> number."""
        return Claims(
            {
                region: written.get(region, self.initial_claim(region).number)
                for region in (self.primary, self.backup)
            }
        )


@dataclass(frozen=True)
class Claims:
    """The claims of both Regions as one Region sees them: Region -> number."""

    numbers: Mapping[str, int]

    def of(self, region: str) -> Epoch:
        """The claim of one Region."""
        return Epoch(self.numbers[region], region)

    def highest(self) -> Epoch:
        """The claim that wins."""
        return max(self.of(region) for region in self.numbers)

    def next_number(self, seen_in_records: Iterable[Epoch] = ()) -> int:
        """The number for a failover: above every claim and every epoch seen in records."""
        return 1 + max([self.highest().number, *(epoch.number for epoch in seen_in_records)])


def is_active(region: str, claims: Claims, partition: Iterable[Epoch]) -> bool:
    """Whether `region` is active for one subject.

    Records are evidence of claims: a replicated record can arrive before the claim that it was
    written under, so the epochs in the subject's partition count as well.
    """
    own = claims.of(region)
    seen = [claims.of(name) for name in claims.numbers if name != region]
    seen += [epoch for epoch in partition if epoch.region != region]
    return all(own > epoch for epoch in seen)
