"""`standby readiness`: who would not get in after a failover, and what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.arguments import AsJson, located, refuse
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import NO_RUNS, in_each
from cognito_standby.cli.views.readiness import as_json as in_json
from cognito_standby.cli.views.readiness import summary
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.domain.readiness import ReadyVerdict, verdict_of
from cognito_standby.operator.services.context import told
from cognito_standby.operator.services.counted_once import counted_once
from cognito_standby.operator.services.readiness import (
    Named,
    NamedField,
    Source,
    fields,
    people,
    source_of,
)
from cognito_standby.reconciliation.domain.readiness import LISTED

CODES = {
    ReadyVerdict.READY: 0,
    ReadyVerdict.NOT_READY: 1,
    ReadyVerdict.NOTHING_REACHED: 2,
    ReadyVerdict.UNKNOWN: 4,
}
_SHOWN = 20


def readiness(
    ctx: typer.Context,
    clear: Annotated[bool, typer.Option("--clear", help="Show ids, not their hashes.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="REASON", help="Does not count for the exit code."),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help=f"Name everybody, not only the first {_SHOWN}.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Count and name who would not get in after a failover, from the last reconciliations.

    Exit code: 0 everybody would, 1 somebody would not, 2 no Region was reached, 4 nobody is known
    who would not, and not everything is known.
    """
    accepted = frozenset(accept or ())
    if wrong := accepted - {each.value for each in LISTED}:
        counted = ", ".join(f"'{each.value}'" for each in LISTED)
        refuse(f"{', '.join(sorted(wrong))}: no reason that is counted. Counted are: {counted}")
    sources = counted_once(_sources(located(ctx, quiet=as_json)))
    regions = [each.view for each in sources]
    verdict = verdict_of(regions, accepted)
    if as_json:
        listed = {
            "people": (_row(each, clear=clear) for each in people(sources)),
            "fields": (_row(each, clear=clear) for each in fields(sources)),
        }
        for piece in in_json(verdict, regions, listed):
            sys.stdout.write(piece)
    else:
        console = Console()
        console.print(summary(verdict, regions))
        _list(console, sources, None if everybody else _SHOWN, clear=clear)
    raise typer.Exit(CODES[verdict])


def _sources(location: Location) -> list[Source]:
    return in_each(location, location.regions, lambda each: source_of(each, NO_RUNS))


def _row(each: Named | NamedField, *, clear: bool) -> dict[str, Any]:
    """Ids as they may be shown: hashed as in the logs, but on request."""
    row = asdict(each)
    hidden = () if clear else ("key", "local_sub")
    return {name: digest(v) if name in hidden and v else v for name, v in row.items()}


def _list(console: Console, sources: Sequence[Source], limit: int | None, *, clear: bool) -> None:
    """A line each, as they come out of the files."""
    for title, found in (("people", people(sources)), ("fields not held", fields(sources))):
        try:
            _lines(console, title, found, limit, clear=clear)
        except StandbyError as error:
            console.print(f"[red]the list ends here:[/] {escape(told(error))}")


def _lines(
    console: Console,
    title: str,
    found: Iterable[Named | NamedField],
    limit: int | None,
    *,
    clear: bool,
) -> None:
    rows: Iterator[Named | NamedField] = iter(found)
    shown = 0
    for each in islice(rows, limit):
        shown += 1
        if shown == 1:
            console.print(f"[bold]{title}[/] ({', '.join(_row(each, clear=True))})")
        console.print(escape("  " + "  ".join(map(str, _row(each, clear=clear).values()))))
    if limit is not None and next(rows, None) is not None:
        console.print("  [dim]and more: --all names everybody[/]")
    if shown and not clear:
        console.print("  [dim]--clear shows ids; standby user show ID tells more[/]")
