"""What a rehearsal found. Pure; `as_json` is for programs, and lies in the bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from cognito_standby.reconciliation.domain import prices
from cognito_standby.recovery.domain.rehearsal_cost import Estimate, WholePool
from cognito_standby.recovery.domain.rehearsal_marks import Judged

FORMAT = 1
NOT_REHEARSED = (
    "messages: nobody is sent a code, so 'forgot password' itself is not called",
    "second factors, passkeys and one-time codes",
    "people of identity providers",
    "triggers, yours and ours; of ours what the claim would be is computed",
    "managed login",
)
"""Said in every report, so that nobody takes it for more."""


class People(StrEnum):
    """Whom a rehearsal is played with."""

    INVENTED = "invented"
    SAMPLE = "sample"


@dataclass
class Report:
    """Filled as it goes.

    made, equal, signed_in   of the people: are there; as their record says; got in with the right
                             claims, or were refused as who is disabled
    differing                person, by number -> what is wrong, in words without values
    not_held                 field and why -> how many people's
    ways                     how they would recover in the standby itself, and why -> how many
    seconds                  part of the rehearsal -> how long
    broke_off                why it ended early; "": it did not
    removed                  whether the pool is gone; `left`: why it is not
    """

    id: str
    installation: str
    region: str
    people: People
    estimate: Estimate
    left_out: Mapping[str, str]
    began_at: str
    ended_at: str = ""
    pool_id: str = ""
    made: int = 0
    equal: int = 0
    signed_in: int = 0
    differing: dict[str, list[str]] = field(default_factory=dict)
    not_held: dict[str, int] = field(default_factory=dict)
    ways: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    whole: WholePool | None = None
    swept: Sequence[Judged] = ()
    broke_off: str = ""
    removed: bool = False
    kept: bool = False
    left: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything is as the records say, and nothing is left behind unasked."""
        whole = self.made == self.equal == self.signed_in == self.estimate.people
        tidy = self.removed or self.kept
        return whole and tidy and not self.differing and not self.broke_off

    def looked_at(self, held_not: Mapping[str, str], way: str) -> None:
        """Count what the pool does not hold of somebody (field -> why), and their way in."""
        for told in (f"{name}: {why}" for name, why in held_not.items()):
            self.not_held[told] = self.not_held.get(told, 0) + 1
        self.ways[way] = self.ways.get(way, 0) + 1

    def differs(self, person: str, what: Sequence[str]) -> None:
        """Note what is wrong with somebody, if anything is."""
        if what:
            self.differing.setdefault(person, []).extend(what)


def as_json(report: Report) -> dict[str, Any]:
    """The whole of it."""
    told = asdict(report)
    told["swept"] = pools_as_json(report.swept)
    return {
        "format": FORMAT,
        "ok": report.ok,
        **told,
        "not_rehearsed": list(NOT_REHEARSED),
        "prices": f"{prices.DATE}, {prices.SOURCE}",
    }


def pools_as_json(judged: Sequence[Judged]) -> list[dict[str, str]]:
    """What became of pools, and why."""
    return [
        {"pool": each.pool.id, "name": each.pool.name, "fate": each.fate, "why": each.told}
        for each in judged
    ]
