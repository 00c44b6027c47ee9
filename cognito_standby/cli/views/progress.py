"""How far the runs of both Regions are, as a table that is drawn anew every few seconds."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table

from cognito_standby.core.domain.quotas import DEFAULTS, USER_LIST, USER_READ
from cognito_standby.operator.domain.run_progress import RunProgress, RunStage
from cognito_standby.operator.domain.timespan import spoken

_BAR = 24
_WATCHED = {RunStage.LISTING: USER_LIST, RunStage.REPAIRING: USER_READ}


def display(states: Mapping[str, RunProgress]) -> RenderableType:
    """Region -> how far it is."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("", "phase", "", "users", "shards", "drift", "treated", "requests", "left"):
        table.add_column(name, no_wrap=True)
    for region, each in states.items():
        table.add_row(region, *_cells(each))
    return Group(table, *(line for item in states.items() for line in question(*item)))


def question(region: str, each: RunProgress) -> list[str]:
    """What an operator who is asked wants to see."""
    if each.stage is not RunStage.ASKING:
        return []
    lines = [
        f"[yellow]{region} waits for[/] standby approve, or standby reject, with the run that"
        " standby status names. Ctrl-C ends the display, not the run. It found:"
    ]
    return lines + [f"  {number:,} {escape(kind)}" for kind, number in each.drift.items()]


def _cells(each: RunProgress) -> list[RenderableType]:
    return [
        escape(str(each.stage)),
        ProgressBar(total=1.0, completed=each.share, width=_BAR, pulse=not each.share),
        _of(each.users, each.expected),
        _of(each.compared, each.shards) if each.compared else "",
        f"{sum(each.drift.values()):,}" if each.compared else "",
        _of(each.repaired, each.suspects) if each.suspects else "",
        _rate(each),
        "" if each.seconds_left is None else f"about {spoken(each.seconds_left)}",
    ]


def _of(done: int, of: int) -> str:
    """An estimate can be too low: never 12 of 10."""
    return f"{done:,} of {max(done, of):,}" if of else f"{done:,}"


def _rate(each: RunProgress) -> str:
    """Requests a second of the category that the phase lives on, on average since it began."""
    category = _WATCHED.get(each.stage, "")
    calls = each.calls.get(category, 0)
    if not calls or each.stage_seconds <= 0:
        return ""
    return f"{category} {calls / max(each.stage_seconds, 1):.1f}/s of {DEFAULTS[category]:.0f}"
