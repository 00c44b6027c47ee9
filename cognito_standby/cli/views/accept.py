"""What `standby accept-table` and `standby accept-pool` share: look, show, ask, accept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.arguments import NOTHING, Sure, asking, chosen, located
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import Opened, in_each
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.replacement import Replacement
from cognito_standby.operator.services.context import OperatorContext, Unreachable


@dataclass(frozen=True)
class Shown:
    """What was looked at. `notes`: what an operator should know, a line each; `accept` accepts
    exactly what was shown."""

    seen: Replacement
    notes: tuple[str, ...]
    accept: Callable[[], bool]


@dataclass(frozen=True)
class Matter:
    """What a command is about, and its words. `noted`: if this one is known already; `new`: if none
    is known yet."""

    noun: str
    noted: str
    new: str
    question: str
    refused: str
    look: Callable[[OperatorContext], Shown]


_Found = tuple[str, Shown | str]


class AcceptView:
    """Looks in the Regions, shows what is there, and asks."""

    def __init__(self, location: Location, matter: Matter) -> None:
        self._location, self._matter, self._console = location, matter, Console()

    def run(self, regions: Sequence[str], sure: Sure) -> int:
        """The exit code: 0 all is confirmed, 1 something is not, 2 a Region was not reached."""
        found = in_each(self._location, regions, self._look)
        return max(self._one(*each, sure) for each in found)

    def _one(self, region: str, shown: Shown | str, sure: Sure) -> int:
        told, matter = self._console.print, self._matter
        if isinstance(shown, str):
            told(f"[bold red]{region}:[/] {escape(shown)}")
            return NOTHING
        if not shown.seen.differ:
            noted = matter.noted if shown.seen.known else matter.new
            told(f"{region}: the {matter.noun} {shown.seen.present} is {noted}")
            return 0
        told(f"[bold]{region}: the {matter.noun} is {shown.seen.present}[/]")
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

    def _look(self, context: Opened) -> _Found:
        if isinstance(context, Unreachable):
            return context.region, f"could not be reached: {context.reason}"
        try:
            return context.region, self._matter.look(context)
        except StandbyError as error:
            return context.region, f"{type(error).__name__}: {error}"


def run_acceptance(ctx: typer.Context, matter: Matter, region: str, *, yes: bool) -> None:
    """The whole command, about either matter; exits with its code."""
    location = located(ctx)
    view = AcceptView(location, matter)
    raise typer.Exit(view.run(chosen(location, region), asking(yes)))
