"""Undecided conflicts on the terminal, readable at 80 columns; and for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import Opened, in_each
from cognito_standby.core.domain.conflicts import Conflict, Weight
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.subjects import Fields, digest
from cognito_standby.operator.domain.decisions import MEANINGS
from cognito_standby.operator.domain.person import masked
from cognito_standby.operator.services.context import OperatorContext, Unreachable, told

_STYLES = {
    Weight.DELETION: "bold red",
    Weight.DISABLING: "red",
    Weight.DEPARTURE: "yellow",
    Weight.CHANGE: "yellow",
    Weight.MERGED: "cyan",
}
_ABSENT, _UNKNOWN = "(none)", "[yellow]unknown[/]"


@dataclass(frozen=True)
class Listed:
    """What a Region's list holds of what was asked for. `unreachable`: why it cannot be told."""

    region: str
    conflicts: Sequence[Conflict] = ()
    unreachable: str = ""


def asked(
    location: Location,
    regions: Sequence[str],
    look: Callable[[OperatorContext], Sequence[Conflict]],
) -> list[tuple[Listed, OperatorContext | None]]:
    """Each Region's answer, and its context where there is one."""

    def ask(opened: Opened) -> tuple[Listed, OperatorContext | None]:
        if isinstance(opened, Unreachable):
            return Listed(opened.region, unreachable=opened.reason), None
        answer = Listed(opened.region)
        try:
            return replace(answer, conflicts=tuple(look(opened))), opened
        except StandbyError as error:
            return replace(answer, unreachable=told(error)), None

    return in_each(location, regions, ask)


def weight_of(weight: Weight) -> str:
    """In a word."""
    return weight.value.removeprefix("conflict_")


def subject_of(conflict: Conflict, *, show_ids: bool) -> str:
    """The key, or its hash as in the logs."""
    return conflict.subject.key if show_ids else digest(conflict.subject.key)


def overview(answers: Sequence[Listed], *, show_ids: bool) -> RenderableType:
    """One line a conflict, the worst first; names of fields, no values."""
    parts: list[RenderableType] = []
    for answer in answers:
        parts.append(f"[bold]{answer.region}[/]")
        if answer.unreachable:
            parts.append(f"  [yellow]unknown:[/] {escape(answer.unreachable)}")
        elif not answer.conflicts:
            parts.append("  no undecided conflict")
        for conflict in answer.conflicts:
            style, subject = _STYLES[conflict.weight], subject_of(conflict, show_ids=show_ids)
            weight = weight_of(conflict.weight)
            fields = ", ".join(sorted(conflict.fields))
            parts += [
                f"  [{style}]{weight}[/], {conflict.kind.value}: [bold]{escape(subject)}[/]",
                f"    {escape(fields)}",
            ]
    if any(answer.conflicts for answer in answers):
        parts += [
            "",
            "`standby conflicts show SUBJECT` shows one beside the active pool, and how to decide.",
        ]
    return Group(*parts)


def detail(region: str, conflict: Conflict, now: Fields | None, *, clear: bool) -> RenderableType:
    """What was listed, beside what the active pool shows. `now`: None, that is not known."""
    table = Table(show_header=True)
    for title in ("field", "listed", "active pool now"):
        table.add_column(title, overflow="fold")
    for name in sorted(conflict.fields):
        listed = _shown(name, conflict.fields[name], clear=clear)
        seen = _UNKNOWN if now is None else _shown(name, now.get(name, ""), clear=clear)
        table.add_row(escape(name), listed, seen)
    return Group(f"[bold]{region}[/], {conflict.kind.value}: {MEANINGS[conflict.kind]}", table)


def report(answers: Sequence[Listed], *, show_ids: bool) -> dict[str, Any]:
    """For programs; values are masked."""
    return {"regions": [_region(each, show_ids=show_ids) for each in answers]}


def _region(answer: Listed, *, show_ids: bool) -> dict[str, Any]:
    return {
        "region": answer.region,
        "unknown": answer.unreachable or None,
        "conflicts": [
            {
                "subject": subject_of(conflict, show_ids=show_ids),
                "kind": conflict.kind.value,
                "weight": conflict.weight.value,
                "fields": {
                    name: masked(name, value) for name, value in sorted(conflict.fields.items())
                },
            }
            for conflict in answer.conflicts
        ],
    }


def _shown(name: str, value: str, *, clear: bool) -> str:
    if not value:
        return f"[dim]{_ABSENT}[/]"
    return escape(value if clear else masked(name, value))
