"""`standby status` on the terminal: the verdict first, then both Regions side by side."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from cognito_standby.cli.arguments import AsJson, ShowIds, located
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import Opened, in_each
from cognito_standby.core.domain.moments import utc
from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.domain.health import HealthVerdict, RegionView, diagnose
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.operator.services.status import LOOK_SECONDS, look_at

CODES = {HealthVerdict.WELL: 0, HealthVerdict.DEGRADED: 1, HealthVerdict.BROKEN: 2}
_STYLES = {
    HealthVerdict.WELL: "green",
    HealthVerdict.DEGRADED: "yellow",
    HealthVerdict.BROKEN: "bold red",
}
_EVERY_SECONDS = 3.0
_LEAST_SECONDS = 0.5
_UNKNOWN = "[dim]unknown[/]"
_SHOWN = 5


def status(
    ctx: typer.Context,
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again every few seconds.")] = False,
    show_ids: ShowIds = False,
) -> None:
    """Show how both Regions are. Exit code: 0 well, 1 degraded, 2 broken."""
    location = located(ctx, quiet=as_json)
    view = StatusView(location, show_ids=show_ids)
    raise typer.Exit(view.watch() if watch else view.once(as_json=as_json))


class StatusView:
    """Looks, and prints what it saw."""

    def __init__(self, location: Location, *, show_ids: bool) -> None:
        self._location, self._show_ids = location, show_ids
        self._console = Console()

    def once(self, *, as_json: bool) -> int:
        """The exit code."""
        views = self._look()
        diagnosis = diagnose(views)
        if as_json:
            report = {**asdict(diagnosis), "regions": [asdict(view) for view in views]}
            print(json.dumps(report, indent=2))  # noqa: T201 - for programs, without a terminal's ways
        else:
            self._console.print(_now(views))
        return CODES[diagnosis.verdict]

    def watch(self) -> int:
        """Until Ctrl-C; the exit code of the last look."""
        views = self._look()
        with Live(_now(views), console=self._console, auto_refresh=False) as live:
            try:
                while True:
                    time.sleep(_EVERY_SECONDS)
                    views = self._look()
                    live.update(_now(views), refresh=True)
            except KeyboardInterrupt:
                return CODES[diagnose(views).verdict]

    def _look(self) -> list[RegionView]:
        end = time.monotonic() + LOOK_SECONDS
        views = in_each(
            self._location,
            self._location.regions,
            lambda context: self._view(context, max(_LEAST_SECONDS, end - time.monotonic())),
            quick=True,
        )
        return [
            replace(
                view,
                subjects=tuple(map(self._subject, view.subjects)),
                in_conflict=tuple(map(self._subject, view.in_conflict)),
            )
            for view in views
        ]

    @staticmethod
    def _view(context: Opened, seconds: float) -> RegionView:
        if isinstance(context, Unreachable):
            return RegionView(context.region, unreachable=context.reason)
        return look_at(context, seconds)

    def _subject(self, key: str) -> str:
        return key if self._show_ids else digest(key)


def _now(views: Sequence[RegionView]) -> RenderableType:
    return rendered(views, datetime.now(UTC))


def rendered(views: Sequence[RegionView], moment: datetime) -> RenderableType:
    """What is shown at a moment (UTC)."""
    diagnosis = diagnose(views)
    style = _STYLES[diagnosis.verdict]
    verdict = f"[{style}]{diagnosis.verdict.upper()}[/]"
    parts: list[RenderableType] = [f"{verdict}  {moment:%H:%M:%S} UTC"]
    parts += [f"  - {escape(reason)}" for reason in diagnosis.reasons]
    parts.append(_table(views))
    parts += [f"  [dim]{line}[/]" for line in _footnotes(views)]
    if diagnosis.advice:
        parts += ["[bold]What to do next[/]", *(f"  {escape(step)}" for step in diagnosis.advice)]
    return Group(*parts)


def _table(views: Sequence[RegionView]) -> Table:
    table = Table(show_header=True)
    table.add_column("")
    for view in views:
        table.add_column(view.region, overflow="fold")
    for name, cell in ROWS:
        table.add_row(name, *(_cell(view, cell) for view in views))
    return table


Cell = Callable[[RegionView], str | None]


def _cell(view: RegionView, cell: Cell) -> str:
    if view.unreachable:
        return "[red]no answer[/]"
    text = cell(view)
    return _UNKNOWN if text is None else text


def _number(value: int | None) -> str | None:
    return None if value is None else f"[yellow]{value}[/]" if value else "0"


def _role(view: RegionView) -> str | None:
    if view.claims is None:
        return None
    closed = ", stood down" if view.role == "active" and view.makes_way else ""
    return f"{view.role}{closed}, epoch {view.claims[view.region]}"


def _letters(view: RegionView) -> str | None:
    text = _number(view.dead_letters)
    if view.dead_letters and view.oldest_letter is not None:
        text = f"{text}, oldest {spoken(view.oldest_letter)}"
    return text


def _failed(view: RegionView) -> str | None:
    if not view.failed:
        return _number(view.failed)
    return f"{view.failed}, of these not repaired: {_number(view.unsettled)}"


def _rows_to_mind(view: RegionView) -> str | None:
    if view.attention is None:
        return None
    return ", ".join(f"{n} {state}" for state, n in view.attention.items() if n) or "0"


def _conflicts(view: RegionView) -> str | None:
    if view.conflicts is None:
        return None
    told = (f"{n} {w.removeprefix('conflict_')}" for w, n in view.conflicts.items() if n)
    return ", ".join(told) or "0"


def _oldest(view: RegionView) -> str | None:
    return "none known" if view.oldest_change is None else spoken(view.oldest_change)


def _lag(view: RegionView) -> str | None:
    if view.lag_p50 is None or view.lag_p99 is None:
        return None
    return f"{view.lag_p50 / 1000:.1f} s / {view.lag_p99 / 1000:.1f} s"


def _alarms(view: RegionView) -> str | None:
    if view.alarms is None:
        return None
    return escape(", ".join(view.alarms)) or "none"


def _reconciled(view: RegionView) -> str | None:
    last = view.reconciled
    if last is None:
        known = view.questions is not None and "reconciled" not in view.unknown
        before = ", though the pool was there before" if view.unseeded else ""
        return f"never{before}" if known else None
    awaited = f", {last.awaited:,} awaited" if last.awaited else ""
    return f"{last.verdict} ({last.drift:,} drifted{awaited}), {spoken(last.age)} ago"


def _ready(view: RegionView) -> str | None:
    last = view.reconciled
    if last is None or last.cannot is None:
        return None
    told = [f"{number:,} {reason}" for reason, number in last.cannot.items() if number]
    people = escape(", ".join(told)) or "nobody"
    factors = "".join(f"{number:,} {name}, " for name, number in sorted(last.factors.items()))
    return f"{people}; {last.linked:,} linked, {escape(factors)}{last.not_held:,} fields not held"


def _waiting(view: RegionView) -> str | None:
    if view.questions is None:
        return None
    return ", ".join(f"[yellow]{escape(run)}[/]" for run in view.questions) or "none"


def _configuration(view: RegionView) -> str | None:
    note = view.configuration
    if note is None:
        return None
    if not note.looked_at or note.trouble:
        return escape(note.trouble) or "not read yet"
    told = [f"{_number(note.unexpected)} unexpected"]
    told += [f"{_number(note.drift)} unlike the other pool"] if note.drift is not None else []
    told += [f"{note.unread} not read"] if note.unread else []
    return f"{', '.join(told)}; read {escape(utc(note.looked_at))}"


ROWS: tuple[tuple[str, Cell], ...] = (
    ("role", _role),
    ("dead letters", _letters),
    ("parked hints", lambda view: _number(view.parked_hints)),
    ("failed executions, 24 h", _failed),
    ("running executions", lambda view: None if view.running is None else str(view.running)),
    ("ledger rows to mind", _rows_to_mind),
    ("undecided conflicts", _conflicts),
    ("oldest unapplied change", _oldest),
    ("replication lag, 1 h, p50 / p99", _lag),
    ("last reconciliation", _reconciled),
    ("would not get in", _ready),
    ("runs that ask", _waiting),
    ("configuration", _configuration),
    ("alarms", _alarms),
)
"""The console's first page has each of them, too, which its tests hold it to."""


def _footnotes(views: Sequence[RegionView]) -> list[str]:
    notes: list[str] = []
    for view in views:
        if view.letters_by_kind:
            kinds = ", ".join(f"{n} {kind}" for kind, n in view.letters_by_kind.items())
            notes.append(f"{view.region}: of the first letters {kinds}")
        if view.subjects:
            some = ", ".join(view.subjects[:_SHOWN])
            notes.append(f"{view.region}: rows to mind: {escape(some)}")
        if view.in_conflict:
            some = ", ".join(view.in_conflict[:_SHOWN])
            notes.append(f"{view.region}: in conflict: {escape(some)}")
        notes += [f"{view.region}: {name} unknown: {why}" for name, why in view.unknown.items()]
    return notes
