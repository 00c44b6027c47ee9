"""What the drill measures, and how it is counted. Pure.

Times are seconds since the epoch, by the clock of the machine that plays the drill.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What was asked for."""

    SIGN_UP = "sign-up"
    PROFILE = "profile change"
    JOIN = "joining a group"
    DELETION = "deletion"


@dataclass(frozen=True)
class Change:
    """A change that Cognito acknowledged, in the pool of `region`, `at` this moment.

    `who`: the username; `sub`: the origin sub; `field`, `value`: what the pool shows of it, for a
    sign-up and a deletion empty.
    """

    number: int
    who: str
    sub: str
    what: What
    region: str
    at: float
    field: str = ""
    value: str = ""


class Fate(StrEnum):
    """What became of a change."""

    ARRIVED = "in the standby at the failover"
    LATE = "unavailable until the return"
    LISTED = "unavailable until the return, then listed as a conflict"
    LOST = "lost"
    UNKNOWN = "unknown"
    """It was not there at the failover, and the Region that has it has not returned."""


@dataclass(frozen=True)
class UnknownSince:
    """In place of a figure that an outage hides. Never a number."""

    at: float
    why: str


Figure = float | UnknownSince


@dataclass(frozen=True)
class Ended:
    """What was seen in the end. `shown`: numbers of the changes that both pools show, or that were
    changed again later; `listed`: numbers of those that are on a list of conflicts."""

    shown: Collection[int]
    listed: Collection[int]


def fates(
    changes: Iterable[Change], arrived: Collection[int], ended: Ended | None
) -> dict[int, Fate]:
    """Number -> what became of it. `ended`: None, the Region has not returned."""
    return {each.number: _fate(each.number, arrived, ended) for each in changes}


def _fate(number: int, arrived: Collection[int], ended: Ended | None) -> Fate:
    if ended is None:
        return Fate.ARRIVED if number in arrived else Fate.UNKNOWN
    if number in ended.shown:
        return Fate.ARRIVED if number in arrived else Fate.LATE
    return Fate.LISTED if number in ended.listed else Fate.LOST


@dataclass(frozen=True)
class Rpo:
    """What a failover left behind, of what was acknowledged before the cut.

    seconds   from the oldest change that was not in the standby to the cut; 0: all were
    missing   changes that were not in the standby
    people    whose changes these are
    sign_ups  people among them who were not there at all
    """

    seconds: float
    missing: int
    people: int
    sign_ups: int


def rpo(changes: Sequence[Change], arrived: Collection[int], cut: float) -> Rpo:
    """Of the changes acknowledged up to the cut."""
    before = [each for each in changes if each.at <= cut]
    missing = [each for each in before if each.number not in arrived]
    return Rpo(
        seconds=cut - min((each.at for each in missing), default=cut),
        missing=len(missing),
        people=len({each.sub for each in missing}),
        sign_ups=sum(each.what is What.SIGN_UP for each in missing),
    )


@dataclass(frozen=True)
class Step:
    """One step of a failover: its name and when it was entered."""

    name: str
    at: float


@dataclass(frozen=True)
class Rto:
    """From the operator's command to the first sign-in of somebody who was there before.

    `steps`: the command, the states that the machine entered until it was told, and the sign-in.
    """

    commanded: float
    signed_in: float
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        """From the command to the sign-in."""
        return self.signed_in - self.commanded

    def lasting(self) -> list[tuple[Step, float]]:
        """Each step with the seconds until the next one; the sign-in ends it."""
        ends = [*(step.at for step in self.steps[1:]), self.signed_in]
        return [(step, end - step.at) for step, end in zip(self.steps, ends, strict=True)]


def rto(commanded: float, states: Sequence[Step], signed_in: float) -> Rto:
    """`states`: of the machine, in their order. Those entered after the sign-in do not count."""
    before = [each for each in states if each.at <= signed_in]
    first, last = Step("the command", commanded), Step("the first sign-in", signed_in)
    return Rto(commanded, signed_in, (first, *sorted(before, key=lambda each: each.at), last))


@dataclass(frozen=True)
class People:
    """Everybody who signed up, by what they met. Nobody is counted twice.

    all_there   complete in the standby at the failover
    incomplete  were there without some change, until the return
    not_there   were not there at all until the return
    lost        have a change that is nowhere, and not listed
    unknown     what became of them the outage hides
    """

    all_there: int = 0
    incomplete: int = 0
    not_there: int = 0
    lost: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """Everybody."""
        return self.all_there + self.incomplete + self.not_there + self.lost + self.unknown


def people(changes: Iterable[Change], fate: dict[int, Fate], arrived: Collection[int]) -> People:
    """Of the changes that were acknowledged before the cut, person by person."""
    by_person: dict[str, list[Change]] = {}
    for each in changes:
        by_person.setdefault(each.sub, []).append(each)
    counts = dict.fromkeys(("all_there", "incomplete", "not_there", "lost", "unknown"), 0)
    for theirs in by_person.values():
        counts[_met(theirs, fate, arrived)] += 1
    return People(**counts)


def _met(theirs: Sequence[Change], fate: dict[int, Fate], arrived: Collection[int]) -> str:
    became = {fate[each.number] for each in theirs}
    if Fate.LOST in became:
        return "lost"
    if Fate.UNKNOWN in became:
        return "unknown"
    missing = [each for each in theirs if each.number not in arrived]
    if not missing:
        return "all_there"
    return "not_there" if any(each.what is What.SIGN_UP for each in missing) else "incomplete"
