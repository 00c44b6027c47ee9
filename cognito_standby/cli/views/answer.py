"""`standby approve` and `standby reject`: the brake's reasons first, then the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.arguments import NOTHING, Sure, asking, chosen, located, refuse
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import NO_RUNS, Opened, in_each
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.operator.services.run_control import RunQuestion, answer, question_of
from cognito_standby.reconciliation.domain.brake import EMPTIED


@dataclass(frozen=True)
class _Found:
    region: str
    context: RunContext | None = None
    asked: RunQuestion | None = None
    trouble: str = ""


class AnswerView:
    """Finds the run in the Regions, shows why it asks, and answers."""

    def __init__(self, location: Location, *, approved: bool) -> None:
        self._location, self._approved = location, approved
        self._console = Console()

    def run(self, regions: Sequence[str], run_id: str, sure: Sure) -> int:
        """The exit code: 0 answered, 1 there is nothing to answer, 2 nothing could be done."""
        found = in_each(self._location, regions, lambda context: _look(context, run_id))
        for each in found:
            if each.trouble:
                self._console.print(f"[bold red]{each.region}:[/] {escape(each.trouble)}")
        known = [each for each in found if each.asked is not None and each.asked.known]
        if not known:
            if not all(each.trouble for each in found):
                where = " or ".join(each.region for each in found if not each.trouble)
                self._console.print(f"[bold red]error:[/] no run {escape(run_id)} in {where}")
            return NOTHING
        return self._answer(known[0], sure)

    def _answer(self, found: _Found, sure: Sure) -> int:
        asked, context = found.asked, found.context
        if asked is None or context is None or asked.question is None:
            reason = asked.reason if asked else found.trouble
            run = asked.run_id if asked else ""
            self._console.print(f"{found.region}: run {escape(run)}: {escape(reason)}")
            return 1
        question, word = asked.question, "approve" if self._approved else "reject"
        left = (question.expires_at - context.clock.now()).total_seconds()
        self._console.print(f"[bold]{found.region}: run {question.run.id} asks because[/]")
        for reason in question.reasons:
            self._console.print(f"  - {escape(reason)}")
        self._console.print(f"  no answer is a no, in {spoken(max(0.0, left))}")
        gone = self._approved and any(each.startswith(EMPTIED) for each in question.reasons)
        if not sure("Delete them, in both Regions?" if gone else f"{word.capitalize()} it?"):
            self._console.print("not answered; the run waits")
            return 1
        try:
            late = answer(context, question, approved=self._approved)
        except StandbyError as error:
            self._console.print(f"[bold red]{found.region}:[/] not answered: {escape(str(error))}")
            return NOTHING
        if late:
            self._console.print(f"{found.region}: run {question.run.id}: {late}")
            return 1
        done = "approved: the repairs begin" if self._approved else "rejected: nothing is changed"
        self._console.print(f"[green]{found.region}: run {question.run.id} {done}[/]")
        return 0


def _look(context: Opened, run_id: str) -> _Found:
    if isinstance(context, Unreachable):
        return _Found(context.region, trouble=f"could not be reached: {context.reason}")
    if context.runs is None:
        return _Found(context.region, trouble=NO_RUNS)
    try:
        return _Found(context.region, context.runs, question_of(context.runs, run_id))
    except StandbyError as error:
        return _Found(context.region, trouble=told(error))


def answer_run(ctx: typer.Context, run: str, region: str, *, yes: bool, approved: bool) -> None:
    """The whole command, for either answer; exits with its code."""
    if not run.strip():  # the beginning of every id
        refuse("say which run")
    location = located(ctx)
    view = AnswerView(location, approved=approved)
    raise typer.Exit(view.run(chosen(location, region), run, asking(yes)))
