"""`standby conflicts`: changes that lost or came late, listed, shown, and decided by a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.changes.domain.changes import UserView
from cognito_standby.cli.arguments import (
    NOTHING,
    AsJson,
    Region,
    ShowIds,
    Yes,
    chosen,
    located,
    refuse,
    sure,
)
from cognito_standby.cli.locate import Location
from cognito_standby.cli.views.conflicts import Listed, asked, detail, overview, report
from cognito_standby.cli.views.conflicts_keep import keep_many
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.decisions import present_fields
from cognito_standby.operator.services.asking import is_active_here
from cognito_standby.operator.services.conflicts import keep, present, take
from cognito_standby.operator.services.context import OperatorContext, told

conflicts = typer.Typer(
    no_args_is_help=True, help="Changes that lost, or that came late: what to do about them."
)

conflicts.command("keep")(keep_many)

Who = Annotated[str, typer.Argument(metavar="SUBJECT", help="As listed: an id, or its hash.")]
Clear = Annotated[bool, typer.Option("--clear", help="Show values, not masked.")]
Kind = Annotated[ConflictKind | None, typer.Option(help="Only this kind.")]


class Decision(StrEnum):
    """What a person decides."""

    KEEP = "keep"
    """The present state stays."""
    TAKE = "take"
    """What was listed is wanted: it is asked for in the active Region."""


_QUESTIONS = {
    Decision.KEEP: "keep the active pool as it is?",
    Decision.TAKE: "ask for what is listed, in the active Region?",
}


@dataclass(frozen=True)
class _Case:
    """A conflict, and the Region on whose list it is. `view`: the user in the active pool, as
    shown; None: there is none there, or it is a group's."""

    ctx: OperatorContext
    conflict: Conflict
    view: UserView | None = None


@dataclass(frozen=True)
class _Found:
    """What is listed. `active`: where changes are asked for; None: it was not reached, and what
    its pool shows is unknown."""

    answers: Sequence[Listed]
    cases: Sequence[_Case] = ()
    active: OperatorContext | None = None

    @property
    def silent(self) -> bool:
        return any(answer.unreachable for answer in self.answers)


@conflicts.command("list")
def list_(
    ctx: typer.Context,
    region: Region = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many of each Region.")] = 50,
    show_ids: ShowIds = False,
    as_json: AsJson = False,
) -> None:
    """List them, the worst first: names of fields, no values.

    Exit code: 0 none in the Regions asked, 1 there are some, 2 a Region was not reached.
    """
    location = located(ctx, quiet=as_json)

    def some(context: OperatorContext) -> Sequence[Conflict]:
        return context.conflicts.worst(limit) if context.conflicts else ()

    answers = [answer for answer, _ in asked(location, chosen(location, region), some)]
    if as_json:
        shown = report(answers, show_ids=show_ids)
        print(json.dumps(shown, indent=2))  # noqa: T201 - for programs, without a terminal's ways
    else:
        Console().print(overview(answers, show_ids=show_ids))
    raise typer.Exit(_code(answers))


@conflicts.command()
def show(ctx: typer.Context, subject: Who, region: Region = "", clear: Clear = False) -> None:
    """Show what was listed of one subject beside what the active pool shows.

    Exit code: 0 shown, 1 nothing is listed of it, 2 a Region was not reached.
    """
    found = _found(located(ctx), subject, region, None)
    _show(found, clear=clear)
    if found.cases:
        Console().print(
            f"`standby conflicts decide {escape(subject)} keep` leaves the active pool as it is; "
            "`take` in place of `keep` asks for what is listed."
        )
    raise typer.Exit(NOTHING if found.silent else int(not found.cases))


@conflicts.command()
def decide(
    ctx: typer.Context,
    subject: Who,
    decision: Annotated[Decision, typer.Argument(help="keep or take")],
    region: Region = "",
    kind: Kind = None,
    clear: Clear = False,
    yes: Yes = False,
) -> None:
    """Decide: `keep` the present state, or `take` what was listed. Either takes it off the list.

    Taking asks for the change in the active Region, as the Admin API does, and waits for it; what
    cannot be asked for there stays on the list and is said. Exit code: 0 all is decided, 1
    something is not, 2 nothing could be done.
    """
    found = _found(located(ctx), subject, region, kind)
    _show(found, clear=clear)
    if not found.cases:
        raise typer.Exit(NOTHING if found.silent else 1)
    if decision is Decision.TAKE and len(found.cases) > 1:
        refuse("more than one is listed: name it by --region and --kind")
    if decision is Decision.TAKE and found.active is None:
        refuse("the active Region was not reached; nothing was changed")
    if not yes and not sure(_QUESTIONS[decision]):
        refuse("not decided; nothing was changed")
    decided = [_decided(case, decision, found.active) for case in found.cases]
    raise typer.Exit(0 if all(decided) else 1)


def _decided(case: _Case, decision: Decision, active: OperatorContext | None) -> bool:
    console, where = Console(), f"{case.ctx.region}, {case.conflict.kind.value}"
    try:
        if decision is Decision.TAKE and active is not None:
            outcome = take(active, case.conflict, case.view)
            if not outcome.done:
                console.print(f"[red]{where}: not taken:[/] {escape(outcome.why)}")
                return False
        if keep(case.ctx, case.conflict):
            console.print(f"[green]{where}: decided; off the list[/]")
            return True
    except StandbyError as error:
        console.print(f"[red]{where}: not decided:[/] {escape(told(error))}")
        return False
    console.print(f"[yellow]{where}: the list moved meanwhile; look again[/]")
    return False


def _show(found: _Found, *, clear: bool) -> None:
    console = Console()
    for answer in found.answers:
        if answer.unreachable:
            console.print(f"{answer.region} [yellow]unknown:[/] {escape(answer.unreachable)}")
    if not found.cases:
        console.print("nothing is listed of it; `standby conflicts list` names what is")
        return
    for case in found.cases:
        now = present_fields(case.view) if found.active else None
        console.print(detail(case.ctx.region, case.conflict, now, clear=clear))
    if not clear:
        console.print("[dim]Values are masked; --clear shows them.[/]")


def _found(location: Location, subject: str, region: str, kind: ConflictKind | None) -> _Found:
    """What is listed of a subject. Both Regions are asked: one of them has the active pool."""
    regions = chosen(location, region)

    def named(context: OperatorContext) -> Sequence[Conflict]:
        listed = context.conflicts.named(subject) if context.conflicts else ()
        return [each for each in listed if kind in (None, each.kind)]

    pairs = asked(location, location.regions, named)
    cases = [
        _Case(context, conflict)
        for answer, context in pairs
        if context is not None and answer.region in regions
        for conflict in answer.conflicts
    ]
    answers = [answer for answer, _ in pairs if answer.region in regions]
    if not cases:
        return _Found(answers)
    try:
        reached = [context for _, context in pairs if context is not None]
        active = next((context for context in reached if is_active_here(context)), None)
        if active is not None:
            by_subject = {case.conflict.subject: case.conflict for case in cases}
            shown = {each: present(active, one) for each, one in by_subject.items()}
            cases = [replace(case, view=shown[case.conflict.subject]) for case in cases]
        return _Found(answers, cases, active)
    except StandbyError as error:
        return _Found([*answers, Listed("active Region", (), told(error))], cases)


def _code(answers: Sequence[Listed]) -> int:
    if any(each.unreachable for each in answers):
        return NOTHING
    return int(any(each.conflicts for each in answers))
