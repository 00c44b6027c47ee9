"""`standby accept-table`: which records table each Region believes, and the operator's word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.markup import escape

from cognito_standby.cli import office
from cognito_standby.cli.locate import Location
from cognito_standby.domain.errors import StandbyError
from cognito_standby.services.accept_table import Tables, accept, tables_of
from cognito_standby.services.desk import Desk, Unreachable

NOTHING = 2
_Found = tuple[str, Desk | None, Tables | str]


class Page:
    """Looks in the Regions, shows what is there, and asks."""

    def __init__(self, location: Location) -> None:
        self._location, self._console = location, Console()

    def run(self, regions: Sequence[str], sure: Callable[[str], bool]) -> int:
        """The exit code: 0 all is confirmed, 1 something is not, 2 a Region was not reached."""
        found = office.in_each(self._location, regions, _look)
        return max(self._one(*each, sure) for each in found)

    def _one(
        self, region: str, desk: Desk | None, tables: Tables | str, sure: Callable[[str], bool]
    ) -> int:
        told = self._console.print
        if desk is None or isinstance(tables, str):
            told(f"[bold red]{region}:[/] {escape(str(tables))}")
            return NOTHING
        if not tables.differ:
            noted = "confirmed" if tables.confirmed else "there; its first use confirms it"
            told(f"{region}: the records table {tables.present} is {noted}")
            return 0
        told(f"[bold]{region}: the records table is {tables.present}[/]")
        told(f"  the confirmed one was {tables.confirmed}; nobody is made, removed or locked")
        if not sure("Are these the right records?"):
            told("not accepted; deletions and creations go on waiting")
            return 1
        try:
            accepted = accept(desk, tables)
        except StandbyError as error:
            told(f"[bold red]{region}:[/] not accepted: {escape(str(error))}")
            return NOTHING
        if not accepted:
            told(f"[bold red]{region}:[/] somebody confirmed another table meanwhile: look again")
            return 1
        told(f"[green]{region}: accepted; now run: standby reconcile --region {region}[/]")
        return 0


def _look(desk: office.Opened) -> _Found:
    if isinstance(desk, Unreachable):
        return desk.region, None, f"could not be reached: {desk.reason}"
    try:
        return desk.region, desk, tables_of(desk)
    except StandbyError as error:
        return desk.region, None, f"{type(error).__name__}: {error}"
