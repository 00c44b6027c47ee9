"""A drift report on the terminal: the page's essentials in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from cognito_standby.core.domain.moments import utc
from cognito_standby.reconciliation.domain.drift_report import (
    DriftReport,
    FindingOutcome,
    Verdict,
)

STYLES = {
    Verdict.IN_SYNC: "green",
    Verdict.REPAIRED: "green",
    Verdict.FOUND: "cyan",
    Verdict.LEFT: "yellow",
    Verdict.REJECTED: "bold red",
    Verdict.INCOMPLETE: "bold red",
}
CODES = {
    Verdict.IN_SYNC: 0,
    Verdict.REPAIRED: 0,
    Verdict.FOUND: 1,
    Verdict.LEFT: 1,
    Verdict.REJECTED: 1,
    Verdict.INCOMPLETE: 1,
}
_SHOWN = 3
_DIFFERENCES = 5


def text_of(report: DriftReport) -> RenderableType:
    """What a person wants to know first; the page has the rest."""
    run, cost = report.run, report.cost
    style = STYLES[report.verdict]
    parts: list[RenderableType] = [
        f"[{style}]{report.verdict.upper()}[/]  {escape(report.summary)}",
        f"[dim]{run.region} ({run.role}), run {escape(run.id)}, {run.mode}, {run.seconds:,.0f} s, "
        f"about ${cost.usd:,.4f}"
        + (f" and at most {cost.active_users:,} billed users" if cost.active_users else "")
        + "[/]",
    ]
    if awaited := report.totals.awaited:
        parts.append(f"[dim]{awaited:,} people are awaited: made when they first come[/]")
    for each in report.repeating:
        told = f"{each.kind}, {each.in_a_row} runs in a row: {each.repeats_because}"
        parts.append(f"[bold red]repeats:[/] {escape(told)}")
    if report.brake.reasons:
        parts.append(f"[bold]The brake[/] ({report.brake.answer}):")
        parts += [f"  - {escape(reason)}" for reason in report.brake.reasons]
    parts += [
        f"[yellow]{escape(each.kind)}[/]"
        f"{f' ({each.number:,})' if each.number > 1 else ''}: {escape(each.detail)}"
        for each in report.problems
    ]
    tables = [_findings(report)] if report.findings else []
    return Group(*parts, *tables, *_configuration(report))


def _configuration(report: DriftReport) -> Iterator[RenderableType]:
    """What should be alike in both pools' configuration, the worst first."""
    drift = report.configuration
    if drift is None:
        return
    if drift.unknown:
        yield f"[yellow]the pools' configuration was not compared:[/] {escape(drift.unknown)}"
        return
    looked = min(drift.active.looked_at, drift.standby.looked_at)
    yield (
        f"configuration: {drift.found:,} of the standby's settings differ and should not, "
        f"{len(drift.expected):,} must (as of {utc(looked)}; standby config diff)"
    )
    for each in drift.differences[:_DIFFERENCES]:
        values = f"{each.active or 'nothing'} -> {each.standby or 'nothing'}"
        yield f"  [bold]{each.severity}[/] {escape(each.place)}: {escape(values)}"
        yield f"    [dim]{escape(each.consequence)}[/] {escape(each.mend)}"
    if (more := drift.found - _DIFFERENCES) > 0:
        yield f"  and {more:,} more: standby reports {escape(report.run.id)} --open"


def _findings(report: DriftReport) -> Table:
    table = Table()
    for name in ("kind", "probable cause", "found", "what became of it", "for example"):
        right = name == "found"
        table.add_column(name, overflow="fold", justify="right" if right else "left")
    for each in report.findings:
        became = [f"{each.outcomes[o]:,} {o}" for o in FindingOutcome if each.outcomes.get(o)]
        why = [f"{escape(reason)}: {n:,}" for reason, n in each.reasons.items()]
        table.add_row(
            escape(each.kind),
            escape(each.cause),
            f"{each.found:,}",
            "\n".join(became + why),
            escape("\n".join(each.examples[:_SHOWN])),
        )
    return table
