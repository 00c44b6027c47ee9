"""`standby cost`: what an installation of this size costs a month, line by line."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cognito_standby.cli.arguments import AsJson, located, refuse
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
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.reconciliation.domain import prices
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
    as_json: AsJson = False,
) -> None:
    """Estimate what the installation costs a month, beside Cognito's own replication.

    With --users nothing is asked of AWS. Without it the last reconciliations say how many users
    there are, and what a run really cost.
    """
    measured: dict[str, float] = {}
    if users is None:
        reports = _last(located(ctx, quiet=as_json, instead=f"standby cost --users {_EXAMPLE}"))
        users = max(report.totals.users for report in reports)
        measured = {report.run.region: report.cost.usd for report in reports}
    changed = users * _CHANGED if changes is None else changes
    try:
        use = Use(users, changed, runs, memberships, sign_ins, plan, share)
        found = estimate(use, measured)
    except UsageError as error:
        refuse(str(error))
    native = native_usd(users if active is None else active)
    if as_json:
        print(json.dumps(_plain(use, found, native), indent=2))  # noqa: T201 - for programs
    else:
        _show(Console(), use, found, native)
        if changes is None:
            told_as = (
                f"{_CHANGED:.0%} of the users a day change, as nothing else was said: --changes"
            )
            Console().print(told_as, style="dim", highlight=False)


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


def _plain(use: Use, found: Estimate, native: float) -> dict[str, object]:
    return {
        "use": asdict(use),
        "usd_a_month": round(found.usd, 2),
        "parts": {part: round(found.of(part), 2) for part in PARTS},
        "lines": [{**asdict(line), "usd": round(line.usd, 4)} for line in found.lines],
        "own_replication_usd_a_month": round(native, 2),
        "prices": {"date": prices.DATE, "source": prices.SOURCE},
    }


def _show(console: Console, use: Use, found: Estimate, native: float) -> None:
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
        f"{prices.REPLICATED_ACTIVE_USER} USD per active user, on Essentials."
    )
    console.print(
        f"An estimate: {assumed:,.2f} USD of it rest on assumptions. {prices.SOURCE}, "
        f"{prices.DATE}. The users' bill of the active pool comes on top, as without a standby.",
        style="dim",
    )
