"""`standby user show`: who somebody is in both Regions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from cognito_standby.cli.arguments import AsJson, located, refuse
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import Opened, in_each
from cognito_standby.cli.views.person import Shown, rendered
from cognito_standby.cli.views.person_json import report
from cognito_standby.operator.domain.person import Person
from cognito_standby.operator.domain.person_search import Search, Verdict, verdict
from cognito_standby.operator.services.person import people_of, search

CODES = {
    Verdict.FOUND: 0,
    Verdict.NOT_FOUND: 1,
    Verdict.NOTHING_REACHED: 2,
    Verdict.AMBIGUOUS: 3,
    Verdict.UNKNOWN: 4,
}

user = typer.Typer(no_args_is_help=True, help="One person in both Regions.")


@user.callback()
def _user() -> None:
    """A group of one command stays a group."""


@user.command()
def show(
    ctx: typer.Context,
    who: Annotated[str, typer.Argument(help="Username, address, phone number, or either sub.")],
    clear: Annotated[bool, typer.Option("--clear", help="Show values, not masked.")] = False,
    attributes: Annotated[
        bool, typer.Option("--attributes", help="All fields, not only those that differ.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show who somebody is: both users, records, ledgers, differences, history, and the way in.

    Exit code: 0 found, 1 not found, 2 no Region was reached, 3 more than one person or user says
    to be the one, 4 not found where not all could be asked.
    """
    asked = who.strip()
    if not asked:
        refuse("say who: a username, an address, a phone number or a sub")
    location = located(ctx, quiet=as_json)
    searches, people = find(location, asked)
    decided = verdict(people, searches)
    shown = Shown(clear=clear, attributes=attributes)
    if as_json:
        told = report(decided, searches, people, shown)
        print(json.dumps(told, indent=2))  # noqa: T201 - for programs, without a terminal's ways
    else:
        Console().print(rendered(decided, searches, people, shown))
    raise typer.Exit(CODES[decided])


def find(
    location: Location, asked: str, regions: Sequence[str] = ()
) -> tuple[list[Search], list[Person]]:
    """Ask both Regions (or these) by the name, then each about everybody whom either found."""

    def ask(opened: Opened) -> tuple[Opened, Search]:
        return opened, search(opened, asked)

    answers = in_each(location, regions or location.regions, ask)
    opened, searches = [each[0] for each in answers], [each[1] for each in answers]
    return people_of(opened, searches)


def refuse_nobody(searches: Sequence[Search]) -> NoReturn:
    """Say that nobody was found, and who could not be asked; and exit."""
    silent = "; ".join(f"{each.region}: {each.silent}" for each in searches if each.silent)
    unasked = f"; not all could be asked: {silent}" if silent else ""
    refuse(f"nobody was found{unasked}")
