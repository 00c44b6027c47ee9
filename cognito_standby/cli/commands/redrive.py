"""`standby redrive` on the terminal: progress, then one line a letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from cognito_standby.cli.arguments import Region, ShowIds, chosen, located, refuse
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import in_each
from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from cognito_standby.operator.services.redrive import (
    HIDE_SECONDS,
    RegionReport,
    drain,
    exit_code,
)
from cognito_standby.operator.services.redrive_job import (
    WAIT_SECONDS,
    RedriveOutcome,
    RedriveRequest,
)

_STYLES = {
    RedriveOutcome.RESOLVED: "green",
    RedriveOutcome.LEFT: "yellow",
    RedriveOutcome.PLANNED: "cyan",
}
_REGION_FIELD = 3
"""arn:aws:states:REGION:account:execution:machine:name"""


def redrive(
    ctx: typer.Context,
    executions: Annotated[
        list[str] | None, typer.Argument(metavar="EXECUTION...", help="ARNs of executions.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every dead letter.")] = False,
    region: Region = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done.")] = False,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for a subject.")
    ] = WAIT_SECONDS,
    show_ids: ShowIds = False,
) -> None:
    """Work off dead letters. Exit code: 0 all resolved, 1 some left, 2 nothing could be done.

    A failed execution is run on from where it failed, or started afresh from the record where that
    is not possible. A letter is deleted only once its subject is in sync. Safe to run twice.
    """
    if bool(executions) == everything:
        refuse("say which: --all, or the ARNs of executions")
    location = located(ctx)
    wanted = RedriveRequest(frozenset(executions or ()), dry_run, wait)
    view = RedriveView(location, wanted, show_ids=show_ids)
    raise typer.Exit(view.run(chosen(location, region)))


class RedriveView:
    """Runs the command for some Regions and prints what came of it."""

    def __init__(self, location: Location, wanted: RedriveRequest, *, show_ids: bool) -> None:
        self._location, self._wanted, self._show_ids = location, wanted, show_ids
        self._console = Console()

    def run(self, regions: Sequence[str]) -> int:
        """The exit code."""
        strange = sorted(arn for arn in self._wanted.executions if _region(arn) not in regions)
        for arn in strange:
            self._console.print(f"[yellow]left:[/] {escape(arn)} is not the ARN of an execution in")
            self._console.print(f"      {' or '.join(regions)}")
        reports = self._work(self._location, regions) if self._anything_for(regions) else []
        for part in rendered(reports, show_ids=self._show_ids):
            self._console.print(part)
        code = exit_code(reports)
        return max(code, 1) if strange and reports else code

    def _anything_for(self, regions: Sequence[str]) -> bool:
        arns = self._wanted.executions
        return not arns or any(_region(arn) in regions for arn in arns)

    def _work(self, location: Location, regions: Sequence[str]) -> list[RegionReport]:
        arns = self._wanted.executions
        regions = [r for r in regions if not arns or any(_region(arn) == r for arn in arns)]
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            tasks = {r: progress.add_task(f"{r}: reading the letters", total=None) for r in regions}
            return in_each(
                location,
                regions,
                lambda context: self._drain(context, progress, tasks[context.region]),
            )

    def _drain(
        self, context: OperatorContext | Unreachable, progress: Progress, task: TaskID
    ) -> RegionReport:
        if isinstance(context, Unreachable):
            return RegionReport(context.region, unreachable=context.reason)
        own = frozenset(arn for arn in self._wanted.executions if _region(arn) == context.region)

        def tell(done: int, total: int) -> None:
            progress.update(task, description=f"{context.region}", completed=done, total=total)

        return drain(context, replace(self._wanted, executions=own), tell)


def rendered(reports: Sequence[RegionReport], *, show_ids: bool) -> Iterator[RenderableType]:
    """What is printed, part by part."""
    for report in reports:
        if report.unreachable:
            told = escape(report.unreachable)
            yield f"[bold red]{report.region} could not be reached:[/] {told}"
        elif report.hidden:
            yield f"[yellow]{report.region}: {_hidden(report.hidden)}[/]"
        elif not report.lines:
            yield f"[green]{report.region}: no dead letters[/]"
        else:
            yield _table(report, show_ids=show_ids)
            yield f"{report.region}: {_summary(report)}\n"


def _hidden(number: int) -> str:
    return (
        f"no letter can be seen, but the queue has about {number}: another run works on them, they "
        "have just been deleted, or an answer was lost and they are hidden for up to "
        f"{HIDE_SECONDS // 60} minutes. Look again then."
    )


def _summary(report: RegionReport) -> str:
    letters = len(report.lines)
    if planned := sum(line.outcome is RedriveOutcome.PLANNED for line in report.lines):
        return f"nothing was done; {planned} of {letters} would be worked off"
    return f"{report.resolved} of {letters} resolved"


def _table(report: RegionReport, *, show_ids: bool) -> Table:
    table = Table(title=report.region, title_justify="left", show_lines=False)
    for name in ("letter", "subject", "what was done", "outcome"):
        table.add_column(name, overflow="fold")
    for line in report.lines:
        outcome = f"[{_STYLES[line.outcome]}]{line.outcome}[/]"
        outcome += f": {escape(line.reason)}" if line.reason else ""
        subject = _subject(line.subject, show_ids=show_ids)
        table.add_row(escape(line.what), subject, escape(line.done), outcome)
    return table


def _subject(key: str, *, show_ids: bool) -> str:
    return "" if not key else escape(key) if show_ids else digest(key)


def _region(arn: str) -> str:
    parts = arn.split(":")
    wanted = ["arn", "states", "execution"]
    known = len(parts) > _REGION_FIELD + 2 and [parts[0], parts[2], parts[5]] == wanted
    return parts[_REGION_FIELD] if known else ""
