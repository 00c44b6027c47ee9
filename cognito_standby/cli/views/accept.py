"""`standby accept-table`, `standby accept-pool`: what each Region knows, what is there instead, and
the operator's word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from cognito_standby.cli import context as office
from cognito_standby.cli.locate import Location
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.accept_pool import accept_pool, pools_of
from cognito_standby.operator.services.accept_table import accept, tables_of
from cognito_standby.operator.services.context import Desk, Unreachable

NOTHING = 2


@dataclass(frozen=True)
class Shown:
    """What was looked at. `notes`: what an operator should know, a line each; `accept` puts in the
    word for exactly this."""

    known: str
    present: str
    differ: bool
    notes: tuple[str, ...]
    accept: Callable[[], bool]


@dataclass(frozen=True)
class Matter:
    """What a command is about. `noted`: of one that is known already; `new`: where none is known
    yet."""

    noun: str
    noted: str
    new: str
    question: str
    refused: str
    look: Callable[[Desk], Shown]


def _tables(desk: Desk) -> Shown:
    seen = tables_of(desk)
    doubt = f"the confirmed one was {seen.confirmed}; nobody is made, removed or locked"
    told = (seen.confirmed, seen.present, seen.differ)
    return Shown(*told, (doubt,), lambda: accept(desk, seen))


def _pools(desk: Desk) -> Shown:
    seen, claims = pools_of(desk), desk.records.read_claims().numbers
    active = max(claims, key=lambda region: (claims[region], region)) == desk.region
    doubt = f"the known one was {seen.known}; reconciliations here stop"
    who = "who is missing in it is made there from the records: it is filled"
    if active:
        who = "who is missing in it is neither deleted nor made: this Region is active"
    told = (seen.known, seen.present, seen.differ)
    return Shown(*told, (doubt, who), lambda: accept_pool(desk, seen))


TABLE = Matter(
    noun="records table",
    noted="confirmed",
    new="there; its first use confirms it",
    question="Are these the right records?",
    refused="not accepted; deletions and creations go on waiting",
    look=_tables,
)
POOL = Matter(
    noun="user pool",
    noted="the known one",
    new="there; its first reconciliation notes it",
    question="Is this the right pool?",
    refused="not accepted; reconciliations go on stopping",
    look=_pools,
)

_Found = tuple[str, Shown | str]


class Page:
    """Looks in the Regions, shows what is there, and asks."""

    def __init__(self, location: Location, matter: Matter) -> None:
        self._location, self._matter, self._console = location, matter, Console()

    def run(self, regions: Sequence[str], sure: Callable[[str], bool]) -> int:
        """The exit code: 0 all is confirmed, 1 something is not, 2 a Region was not reached."""
        found = office.in_each(self._location, regions, self._look)
        return max(self._one(*each, sure) for each in found)

    def _one(self, region: str, shown: Shown | str, sure: Callable[[str], bool]) -> int:
        told, matter = self._console.print, self._matter
        if isinstance(shown, str):
            told(f"[bold red]{region}:[/] {escape(shown)}")
            return NOTHING
        if not shown.differ:
            noted = matter.noted if shown.known else matter.new
            told(f"{region}: the {matter.noun} {shown.present} is {noted}")
            return 0
        told(f"[bold]{region}: the {matter.noun} is {shown.present}[/]")
        for note in shown.notes:
            told(f"  {note}")
        if not sure(matter.question):
            told(matter.refused)
            return 1
        try:
            accepted = shown.accept()
        except StandbyError as error:
            told(f"[bold red]{region}:[/] not accepted: {escape(str(error))}")
            return NOTHING
        if not accepted:
            told(f"[bold red]{region}:[/] somebody accepted another one meanwhile: look again")
            return 1
        told(f"[green]{region}: accepted; now run: standby reconcile --region {region}[/]")
        return 0

    def _look(self, desk: office.Opened) -> _Found:
        if isinstance(desk, Unreachable):
            return desk.region, f"could not be reached: {desk.reason}"
        try:
            return desk.region, self._matter.look(desk)
        except StandbyError as error:
            return desk.region, f"{type(error).__name__}: {error}"
