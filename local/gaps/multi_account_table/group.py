"""Who replicates with whom, and since when somebody cannot: pure, with the time passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

PARTING_SECONDS = 20 * 3600.0
"""Who cannot replicate for longer is a table of its own for good (DynamoDB developer guide,
"DynamoDB global tables security", multi-account)."""


class Hindrance(Enum):
    """Why a replica cannot replicate: its status as DescribeTable tells it."""

    NOT_AUTHORIZED = "REPLICATION_NOT_AUTHORIZED"
    KEY = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"


@dataclass(frozen=True, order=True)
class Member:
    """One replica: one an account, and one a Region."""

    account: str
    region: str
    name: str

    @property
    def arn(self) -> str:
        """The table's."""
        return f"arn:aws:dynamodb:{self.region}:{self.account}:table/{self.name}"

    @classmethod
    def of(cls, arn: str) -> Member | None:
        """None: no ARN of a table."""
        parts = arn.split(":", 5)
        if len(parts) != 6 or parts[2] != "dynamodb" or not parts[5].startswith("table/"):  # noqa: PLR2004
            return None
        return cls(parts[4], parts[3], parts[5].removeprefix("table/"))


@dataclass(frozen=True)
class Lost:
    """A replica that cannot replicate."""

    why: Hindrance
    since: float
    """Seconds since 1970."""


@dataclass(frozen=True)
class Group:
    """The replicas of one global table, and which of them cannot replicate."""

    members: tuple[Member, ...]
    lost: Mapping[Member, Lost]

    def others(self, member: Member) -> tuple[Member, ...]:
        """All but one."""
        return tuple(each for each in self.members if each != member)

    def reach(self, one: Member, other: Member) -> bool:
        """Whether writes go from one to the other: rights are asked on both sides."""
        return one not in self.lost and other not in self.lost

    def without(self, gone: Member) -> Group:
        """After one has left."""
        left = {each: lost for each, lost in self.lost.items() if each != gone}
        return Group(self.others(gone), left)


@dataclass(frozen=True)
class Looked:
    """What a look at a group found."""

    group: Group
    parted: tuple[Member, ...]
    """Who could not replicate for too long. They have left."""


def looked(group: Group, hindered: Mapping[Member, Hindrance], now: float) -> Looked:
    """Who cannot replicate now. Whoever could not for too long has parted already, whatever is
    given back now."""
    parted = tuple(each for each, lost in group.lost.items() if now - lost.since > PARTING_SECONDS)
    left = {
        each: Lost(why, group.lost[each].since if each in group.lost else now)
        for each, why in hindered.items()
        if each not in parted
    }
    stay = tuple(each for each in group.members if each not in parted)
    return Looked(Group(stay, left), parted)
