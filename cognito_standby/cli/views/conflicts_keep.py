"""`standby conflicts keep`: many conflicts at once, where the present state is right.

Only `keep`: to take what was listed changes a person, whom somebody has to have looked at.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.arguments import (
    NOTHING,
    AsJson,
    Region,
    ShowIds,
    Yes,
    asking,
    chosen,
    located,
    refuse,
    said_path,
)
from cognito_standby.cli.views.conflicts import Listed, asked, subject_of, weight_of
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind, Weight
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.decisions import Selection
from cognito_standby.operator.services.conflicts import keep
from cognito_standby.operator.services.context import OperatorContext, told

_ALL = 10**9
_TOLD_EVERY = 500

WeightWord = StrEnum(  # type: ignore[misc]  # as they are shown; mypy reads no computed members
    "WeightWord", {each.name: weight_of(each) for each in Weight}
)
Weights = Annotated[WeightWord | None, typer.Option("--weight", help="Only this weight.")]


class Outcome(StrEnum):
    """What became of one."""

    MEANT = "meant"
    DECIDED = "decided"
    MOVED = "the list moved meanwhile"
    FAILED = "not decided"


@dataclass(frozen=True)
class _Done:
    region: str
    conflict: Conflict
    outcome: Outcome
    why: str = ""

    @property
    def told(self) -> str:
        return f"{self.outcome}: {self.why}" if self.why else str(self.outcome)


_Meant = Sequence[tuple[OperatorContext, Conflict]]


def keep_many(
    ctx: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that are listed.")] = False,
    file: Annotated[
        Path | None,
        typer.Option(parser=said_path, metavar="FILE", help="Ids or hashes, one a line."),
    ] = None,
    kind: Annotated[ConflictKind | None, typer.Option(help="Only this kind.")] = None,
    weight: Weights = None,
    region: Region = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which are meant.")] = False,
    show_ids: ShowIds = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Decide many at once: the active pool stays as it is, and they leave the list.

    Which are meant is said first. What was added to since stays listed. Interrupted, or with some
    that failed, the same command goes on. Exit code: 0 all that were meant are decided, 1 something
    is not, it was not confirmed, or a Region was not reached, 2 nothing could be done.
    """
    if not (everything or file or kind or weight):
        refuse("say which: --all, --file, --kind or --weight")
    if as_json and not (yes or dry_run):
        refuse("there is nobody to ask: give --yes")
    wanted = _subjects(file) if file else None
    selection = Selection(wanted, kind, Weight[weight.name] if weight else None)
    location = located(ctx, quiet=as_json)
    pairs = asked(location, chosen(location, region), _everything)
    view = KeepView(selection, show_ids=show_ids, as_json=as_json)
    raise typer.Exit(view.run(pairs, dry_run=dry_run, yes=yes))


class KeepView:
    """Says which are meant, decides them one after the other, and tells of each."""

    def __init__(self, selection: Selection, *, show_ids: bool, as_json: bool) -> None:
        self._selection, self._show_ids, self._json = selection, show_ids, as_json
        self._console = Console(quiet=as_json, soft_wrap=True)

    def run(
        self,
        pairs: Sequence[tuple[Listed, OperatorContext | None]],
        *,
        dry_run: bool,
        yes: bool,
    ) -> int:
        """The exit code."""
        silent = [answer for answer, context in pairs if context is None]
        meant = [
            (context, each)
            for answer, context in pairs
            if context is not None
            for each in answer.conflicts
            if self._selection.means(each)
        ]
        self._show(meant, silent)
        if len(silent) == len(pairs):
            return NOTHING
        if dry_run:
            self._console.print("nothing was changed")
            self._print([_Done(c.region, each, Outcome.MEANT) for c, each in meant])
            return int(bool(silent))
        if meant and not asking(yes)(f"Take {len(meant)} off the list?"):
            self._console.print("not decided; nothing was changed")
            return 1
        return self._decide(meant, whole=not silent)

    def _decide(self, meant: _Meant, *, whole: bool) -> int:
        done: list[_Done] = []
        rest = ""
        try:
            for each in _kept(meant):
                done.append(each)
                self._tell(each, len(done), len(meant))
        except KeyboardInterrupt:
            rest = "; run it again for the rest"
        decided = sum(each.outcome is Outcome.DECIDED for each in done)
        if decided < len(done):
            rest = "; run it again for the rest"
        self._console.print(f"{decided} decided{rest}")
        self._print(done)
        return 0 if whole and decided == len(meant) else 1

    def _show(self, meant: _Meant, silent: Sequence[Listed]) -> None:
        for answer in silent:
            told_of = escape(answer.unreachable)
            self._console.print(f"{answer.region} [yellow]unknown:[/] {told_of}")
        counts = Counter((c.region, weight_of(e.weight), e.kind.value) for c, e in meant)
        for (region, weight, kind), number in counts.items():
            self._console.print(f"{region}: {number} {weight}, {kind}")
        if not meant:
            self._console.print("nothing that is meant is listed")
        listed = [each for _, each in meant]
        if missing := self._selection.not_among(listed):
            verb = "is" if missing == 1 else "are"
            self._console.print(f"{missing} of the file {verb} not listed, or not any more")

    def _tell(self, done: _Done, number: int, of: int) -> None:
        if done.outcome is not Outcome.DECIDED:
            subject = subject_of(done.conflict, show_ids=self._show_ids)
            self._console.print(f"[red]{done.region}, {escape(subject)}:[/] {escape(done.told)}")
        elif number % _TOLD_EVERY == 0:
            self._console.print(f"  {number} of {of}")

    def _print(self, done: Sequence[_Done]) -> None:
        if not self._json:
            return
        decided = sum(each.outcome is Outcome.DECIDED for each in done)
        shown: list[dict[str, Any]] = [
            {
                "region": each.region,
                "subject": subject_of(each.conflict, show_ids=self._show_ids),
                "kind": each.conflict.kind.value,
                "weight": each.conflict.weight.value,
                "outcome": each.told,
            }
            for each in done
        ]
        report = {"decided": decided, "conflicts": shown}
        print(json.dumps(report, indent=2))  # noqa: T201 - for programs, without a terminal's ways


def _kept(meant: _Meant) -> Iterator[_Done]:
    """One that fails keeps none of the others."""
    for context, conflict in meant:
        try:
            gone = keep(context, conflict)
        except StandbyError as error:
            yield _Done(context.region, conflict, Outcome.FAILED, told(error))
        else:
            outcome = Outcome.DECIDED if gone else Outcome.MOVED
            yield _Done(context.region, conflict, outcome)


def _everything(context: OperatorContext) -> Sequence[Conflict]:
    return context.conflicts.worst(_ALL) if context.conflicts else ()


def _subjects(file: Path) -> frozenset[str]:
    """What a file names; exits where it cannot be read."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{file} cannot be read: {type(error).__name__}")
    named = (line.strip() for line in lines)
    return frozenset(line for line in named if line and not line.startswith("#"))
