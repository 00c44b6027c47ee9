"""`standby resend-events` on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from cognito_standby.cli.arguments import Region, chosen, located, refuse
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import in_each
from cognito_standby.core.domain.moments import utc
from cognito_standby.operator.domain.timespan import moment_of
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from cognito_standby.operator.services.resend import Resent, exit_code, resend


def resend_events(
    ctx: typer.Context,
    since: Annotated[str, typer.Option(help="2h, 30m, 7d ago, or ISO 8601 (UTC).")],
    until: Annotated[str, typer.Option(help="The same; default: now.")] = "now",
    region: Region = "",
    wait: Annotated[float, typer.Option(min=0, help="Seconds to follow it.")] = 600.0,
) -> None:
    """Replay the archived hints of a time. Exit code: 0 completed, 1 not all, 2 nothing started.

    Hints only say who may have changed: replaying them twice changes nothing.
    """
    now = datetime.now(UTC)
    try:
        begin, end = moment_of(since, now), moment_of(until, now)
    except ValueError as error:
        refuse(str(error))
    if begin >= end:
        refuse("--since must be before --until")
    location = located(ctx)
    view = ResendView(location, begin, end, wait)
    raise typer.Exit(view.run(chosen(location, region)))


class ResendView:
    """Runs the command for some Regions and prints what came of it."""

    def __init__(self, location: Location, since: datetime, until: datetime, wait: float) -> None:
        self._location, self._since, self._until, self._wait = location, since, until, wait
        self._console = Console()

    def run(self, regions: Sequence[str]) -> int:
        """The exit code."""
        since, until = (utc(t) for t in (self._since, self._until))
        self._console.print(f"Replaying what was archived from {since} to {until}")
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            tasks = {region: progress.add_task(region, total=1.0) for region in regions}
            results = in_each(
                self._location,
                regions,
                lambda context: self._resend(context, progress, tasks[context.region]),
            )
        for result in results:
            self._tell(result)
        if any(result.name for result in results):
            self._console.print(
                "A hint only says who may have changed; each execution looks for itself. "
                "Replaying the same time again changes nothing."
            )
        return exit_code(results)

    def _resend(
        self, context: OperatorContext | Unreachable, progress: Progress, task: TaskID
    ) -> Resent:
        if isinstance(context, Unreachable):
            return Resent(context.region, "", "not started", context.reason)

        def tell(share: float) -> None:
            progress.update(task, completed=share)

        return resend(context, self._since, self._until, self._wait, tell)

    def _tell(self, result: Resent) -> None:
        style = "green" if result.completed else "yellow" if result.name else "red"
        reason = f": {escape(result.reason)}" if result.reason else ""
        name = f" ({result.name})" if result.name else ""
        self._console.print(f"[{style}]{result.region}: {result.state.lower()}[/]{name}{reason}")
