"""How the pages reach an installation. `cli` makes it, from the options of the command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.console.ports import Histories, LagFigures
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from cognito_standby.recovery.services.desk import Desk


@dataclass(frozen=True)
class Seen:
    """A Region that answered. `installation`: its name."""

    context: OperatorContext
    histories: Histories
    lag: LagFigures
    installation: str = ""

    @property
    def region(self) -> str:
        """Which one."""
        return self.context.region


Opened = Seen | Unreachable


@dataclass(frozen=True)
class Reach:
    """An installation.

    regions  the primary one first
    where    for people: which installation, by whose rights
    command  how a command is begun that means the same installation: `standby --profile x`
    open     a Region, patiently; each call asks anew for credentials
    glance   the same with short time-outs, for what is looked at every few seconds
    desk     a Region's desk for a failover; the second argument is the Region whose DR role is
             assumed, "": the person's own rights
    """

    regions: tuple[str, str]
    where: str
    command: str
    open: Callable[[str], Opened]
    glance: Callable[[str], Opened]
    desk: Callable[[str, str], Desk | Unreachable]

    def other(self, region: str) -> str:
        """The Region that is not `region`."""
        return self.regions[1] if region == self.regions[0] else self.regions[0]


def dr_role(installation: str, region: str) -> str:
    """The name of the role by which a failover to that Region is made
    (`stacks/constructs/machines/dr_role.py`)."""
    return f"{installation}-dr-{region}"
