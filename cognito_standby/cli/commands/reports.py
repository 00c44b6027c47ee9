"""`standby reports`: the list of a Region's reports, one of them, or its page in a browser."""

from __future__ import annotations

import json
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cognito_standby.cli.arguments import AsJson, Region, chosen, located, refuse
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import NO_RUNS, Opened, in_each
from cognito_standby.cli.views.report_text import CODES, STYLES, text_of
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.moments import utc
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.reconciliation.domain.drift_report import UNFINISHED, FindingOutcome
from cognito_standby.reconciliation.services.reports import Kept, find, newest, read_page


def reports(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="Show this one.")] = "",
    region: Region = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="The last so many.")] = 10,
    browse: Annotated[bool, typer.Option("--open", help="Open its page in a browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the reports of the reconciliations, or show one.

    Exit code: 0 listed, or that run left nothing; 1 it left something, or a Region did not answer;
    2 nothing could be shown.
    """
    if browse and not run:
        refuse("--open needs the id of a run")
    location = located(ctx, quiet=as_json)
    view, regions = ReportsView(location, as_json=as_json), chosen(location, region)
    code = view.one(regions, run, browse=browse) if run else view.all(regions, limit)
    raise typer.Exit(code)


@dataclass(frozen=True)
class RegionAnswer:
    """A Region's reports, or why they cannot be had."""

    region: str
    kept: tuple[Kept, ...] = ()
    trouble: str = ""
    page: bytes = b""


class ReportsView:
    """Lists and shows."""

    def __init__(self, location: Location, *, as_json: bool) -> None:
        self._location, self._json = location, as_json
        self._console = Console()

    def all(self, regions: Sequence[str], limit: int) -> int:
        """The exit code: 0 listed, 1 some Region did not answer, 2 none did."""
        answers = self._ask(regions, lambda context: tuple(newest(context.files, limit)))
        if self._json:
            _print([_plain(answer) for answer in answers])
        for answer in () if self._json else answers:
            if answer.trouble:
                self._tell_trouble(answer)
            elif not answer.kept:
                self._console.print(
                    f"{answer.region}: no reports yet (`standby reconcile` makes one)"
                )
            else:
                self._console.print(_table(answer))
        answered = [answer for answer in answers if not answer.trouble]
        return 0 if len(answered) == len(answers) else 1 if answered else 2

    def one(self, regions: Sequence[str], run_id: str, *, browse: bool) -> int:
        """The exit code: that of the run, 2 where there is no such report."""

        def look(context: RunContext) -> tuple[Kept, ...]:
            kept = find(context.files, run_id)
            return () if kept is None else (kept,)

        answers = self._ask(regions, look)
        found = [(answer.region, kept) for answer in answers for kept in answer.kept]
        for answer in answers:
            if answer.trouble and not found:
                self._tell_trouble(answer)
        if len(found) != 1:
            why = "more than one report begins so" if found else "there is no report of a run"
            self._console.print(f"[bold red]error:[/] {why} {escape(run_id)}")
            return 2
        return self._show(*found[0], browse=browse)

    def _show(self, region: str, kept: Kept, *, browse: bool) -> int:
        if browse:
            self._browse(region, kept)
        if kept.report is None:
            self._console.print(f"[bold red]error:[/] {kept.name}: {escape(kept.trouble)}")
            return 2
        if self._json:
            _print(to_plain(kept.report))
        else:
            self._console.print(text_of(kept.report))
        return CODES[kept.report.verdict]

    def _browse(self, region: str, kept: Kept) -> None:
        """A copy in a folder that only this person can read: the page may name people."""
        (answer,) = self._ask([region], lambda _: (), page=kept.page)
        if not answer.page:
            self._console.print(f"[yellow]no page beside {kept.name}[/] {escape(answer.trouble)}")
            return
        path = Path(tempfile.mkdtemp(prefix="standby-report-")) / f"{kept.run}.html"
        path.write_bytes(answer.page)
        opened = webbrowser.open(path.as_uri())
        self._console.print(f"{'opened' if opened else 'written, open it yourself:'} {path}")

    def _ask(
        self,
        regions: Sequence[str],
        look: Callable[[RunContext], tuple[Kept, ...]],
        page: str = "",
    ) -> list[RegionAnswer]:
        def each(context: Opened) -> RegionAnswer:
            if isinstance(context, Unreachable):
                return RegionAnswer(context.region, trouble=context.reason)
            if context.runs is None:
                return RegionAnswer(context.region, trouble=NO_RUNS)
            try:
                body = read_page(context.runs.files, page) if page else b""
                return RegionAnswer(context.region, look(context.runs), page=body)
            except StandbyError as error:
                return RegionAnswer(context.region, trouble=told(error))

        return in_each(self._location, regions, each)

    def _tell_trouble(self, answer: RegionAnswer) -> None:
        told = f"[bold red]{answer.region}: no reports can be had:[/] {escape(answer.trouble)}"
        (Console(stderr=True) if self._json else self._console).print(told)


def _table(answer: RegionAnswer) -> Table:
    table = Table(title=answer.region, title_justify="left")
    for name in ("run", "began (UTC)", "users", "drift", "repaired", "left", "verdict"):
        number = name in ("users", "drift", "repaired", "left")
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for kept in answer.kept:
        if (report := kept.report) is None:
            table.add_row(escape(kept.run), "", "", "", "", "", f"[red]{escape(kept.trouble)}[/]")
            continue
        mode = "" if report.run.mode == "repair" else f" ({report.run.mode})"
        table.add_row(
            escape(kept.run),
            utc(report.run.started_at).removesuffix(" UTC"),
            f"{report.totals.users:,}",
            f"{report.totals.drift:,}",
            f"{report.outcome(FindingOutcome.REPAIRED):,}",
            f"{report.outcome(*UNFINISHED):,}",
            f"[{STYLES[report.verdict]}]{report.verdict}[/]{mode}",
        )
    return table


def _plain(answer: RegionAnswer) -> dict[str, object]:
    reports = [_short(kept) for kept in answer.kept]
    return {"region": answer.region, "trouble": answer.trouble, "reports": reports}


def _short(kept: Kept) -> dict[str, object]:
    report = kept.report
    if report is None:
        return {"run": kept.run, "trouble": kept.trouble}
    return {
        "run": kept.run,
        "started_at": report.run.started_at,
        "verdict": report.verdict,
        "summary": report.summary,
        "totals": to_plain(report.totals),
    }


def _print(value: object) -> None:
    print(json.dumps(value, indent=2))  # noqa: T201 - for programs, without a terminal's ways
