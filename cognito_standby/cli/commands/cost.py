"""`standby cost`: what an installation of this size costs a month, line by line."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cognito_standby.cli.arguments import AsJson, located, refuse
from cognito_standby.cli.given_files import prices_in, require_writable
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import NO_RUNS, Opened, in_each
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.cost import (
    MOST,
    PARTS,
    Estimate,
    Source,
    UsageError,
    Use,
    estimate,
    native_usd,
)
from cognito_standby.operator.domain.price_list import BUILT_IN, Prices, run_usd_by, written
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.reconciliation.domain.drift_report import DriftReport
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.services.reports import newest

_CHANGED = 0.01
"""Of the users in a day, where nothing else is said."""
_EXAMPLE = 500_000
_LOOKED_AT = 20
"""Reports, newest first."""


def cost(
    ctx: typer.Context,
    *,
    users: Annotated[int | None, typer.Option(min=0, max=MOST, help="Of the pool.")] = None,
    changes: Annotated[
        float | None, typer.Option(help="A day, sign-ups included. Default: 1 % of the users.")
    ] = None,
    runs: Annotated[float, typer.Option(help="Reconciliations a day, in each Region.")] = 1.0,
    memberships: Annotated[
        int, typer.Option(min=0, max=MOST, help="Of users in groups, together.")
    ] = 0,
    sign_ins: Annotated[float, typer.Option(help="A day, renewed sessions included.")] = 0.0,
    plan: Annotated[str, typer.Option(help="Of the standby's pool.")] = "Essentials",
    share: Annotated[
        float, typer.Option(help="Of Cognito's listing quota that a run may use.")
    ] = 0.5,
    active: Annotated[
        int | None,
        typer.Option(
            min=0, max=MOST, help="Monthly active users, for the comparison. Default: all users."
        ),
    ] = None,
    given: Annotated[
        Path | None,
        typer.Option(
            "--prices", metavar="FILE", help="Of your Region or agreement. Default: us-east-1's."
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write-prices", metavar="FILE", help="Write the built-in prices, to be changed."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Estimate what the installation costs a month, beside Cognito's own replication.

    With --users nothing is asked of AWS. Without it the last reconciliations say how many users
    there are, and what a run really cost.
    """
    if write is not None:
        if users is not None or given is not None or as_json:
            refuse("--write-prices stands alone: it estimates nothing")
        _write(write)
        return
    by = prices_in(given)
    whose = _Whose(by, "" if given is None else str(given))
    measured: dict[str, float] = {}
    if users is None:
        reports = _last(located(ctx, quiet=as_json, instead=f"standby cost --users {_EXAMPLE}"))
        users = max(report.totals.users for report in reports)
        measured = {
            report.run.region: report.cost.usd
            if given is None
            else run_usd_by(report.cost.lines, by)
            for report in reports
        }
    changed = users * _CHANGED if changes is None else changes
    try:
        use = Use(users, changed, runs, memberships, sign_ins, plan, share)
        found = estimate(use, measured, by)
    except UsageError as error:
        refuse(str(error))
    native = native_usd(users if active is None else active, by)
    if as_json:
        print(json.dumps(_plain(use, found, native, whose), indent=2))  # noqa: T201 - for programs
    else:
        _show(Console(), use, found, native, whose)
        if changes is None:
            told_as = (
                f"{_CHANGED:.0%} of the users a day change, as nothing else was said: --changes"
            )
            Console().print(told_as, style="dim", highlight=False)


@dataclass(frozen=True)
class _Whose:
    """The prices, and the file that they were given in; "": they are the built-in ones."""

    by: Prices
    file: str

    def told(self) -> Iterator[str]:
        """To whoever reads the estimate."""
        yield f"Prices{' of ' + self.file if self.file else ''}: {self.by.source}, {self.by.date}."
        if self.by.as_built_in:
            rest = ", ".join(self.by.as_built_in)
            yield f"Not in the file, so as built in ({BUILT_IN.source}, {BUILT_IN.date}): {rest}."

    def plain(self) -> dict[str, object]:
        """For programs."""
        names = list(self.by.as_built_in)
        told = {"date": self.by.date, "source": self.by.source}
        return {**told, "file": self.file, "as_built_in": names}


def _write(path: Path) -> None:
    if path.exists():
        refuse(f"{path} is there already: name another file")
    require_writable("--write-prices", path)
    path.write_text(json.dumps(written(), indent=2) + "\n", encoding="utf-8")
    Console().print(
        f"{path} has the built-in prices ({BUILT_IN.source}, {BUILT_IN.date}). Put in yours, and "
        f"whose they are, then: standby cost --prices {shlex.quote(str(path))}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _last(location: Location) -> list[DriftReport]:
    """Of each Region that has one; exits where none has."""

    def each(context: Opened) -> DriftReport | str:
        if isinstance(context, Unreachable):
            return f"{context.region}: {context.reason}"
        if context.runs is None:
            return f"{context.region}: {NO_RUNS}"
        try:
            found = [kept.report for kept in newest(context.runs.files, _LOOKED_AT)]
        except StandbyError as error:
            return f"{context.region}: {told(error)}"
        compared = [report for report in found if report is not None and _of_the_pool(report)]
        return compared[0] if compared else f"{context.region}: no report of a reconciliation yet"

    answers = in_each(location, location.regions, each)
    reports = [answer for answer in answers if isinstance(answer, DriftReport)]
    if not reports:
        refuse(f"{'; '.join(map(str, answers))}. Give --users NUMBER")
    return reports


def _of_the_pool(report: DriftReport) -> bool:
    """A run of some shards, or one that fills a pool, tells neither its size nor what runs cost."""
    run = report.run
    return report.totals.users > 0 and run.shards == SHARDS and not run.seeding


def _plain(use: Use, found: Estimate, native: float, whose: _Whose) -> dict[str, object]:
    return {
        "use": asdict(use),
        "usd_a_month": round(found.usd, 2),
        "parts": {part: round(found.of(part), 2) for part in PARTS},
        "lines": [{**asdict(line), "usd": round(line.usd, 4)} for line in found.lines],
        "own_replication_usd_a_month": round(native, 2),
        "prices": whose.plain(),
    }


def _show(console: Console, use: Use, found: Estimate, native: float, whose: _Whose) -> None:
    runs = "run" if use.runs_a_day == 1 else "runs"
    title = (
        f"{use.users:,} users, {use.changes_a_day:,.0f} changes and {use.runs_a_day:g} {runs} a day"
    )
    table = Table(title=title, title_justify="left")
    table.add_column("part")
    table.add_column("what")
    for name in ("a month", "USD a month"):
        table.add_column(name, justify="right")
    table.add_column("known by")
    for part in PARTS:
        lines = [line for line in found.lines if line.part == part]
        for place, line in enumerate(lines):
            number = f"{line.number:,.1f}" if line.number < 100 else f"{line.number:,.0f}"  # noqa: PLR2004
            number = number.removesuffix(".0")
            table.add_row(
                "" if place else part,
                line.item,
                f"{number} {line.unit}".strip(),
                f"{line.usd:,.2f}",
                line.source,
            )
        if lines:
            table.add_row("", "[bold]together[/]", "", f"[bold]{found.of(part):,.2f}[/]", "")
            table.add_section()
    table.add_row("[bold]all[/]", "both Regions", "", f"[bold]{found.usd:,.2f}[/]", "")
    console.print(table)
    assumed = sum(line.usd for line in found.lines if line.source is Source.ASSUMED)
    console.print(
        f"Cognito's own replication: {native:,.2f} USD a month at "
        f"{whose.by.replicated_active_user:g} USD per active user, on Essentials."
    )
    console.print(
        f"An estimate: {assumed:,.2f} USD of it rest on assumptions. The users' bill of the active "
        "pool comes on top, as without a standby.",
        style="dim",
    )
    for sentence in whose.told():
        console.print(sentence, style="dim", markup=False, highlight=False)
