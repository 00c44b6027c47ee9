"""`standby reconcile`: starts runs side by side and follows them with a live display."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from rich.console import Console
from rich.live import Live
from rich.markup import escape

from cognito_standby.cli.arguments import NOTHING
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import NO_RUNS, Opened, in_each
from cognito_standby.cli.views.progress import display, question
from cognito_standby.cli.views.report_text import CODES, text_of
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.operator.domain.run_progress import RunProgress
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.operator.services.run_control import (
    Begun,
    NotBegun,
    Order,
    begin,
    follow,
    known_run,
    resume,
)
from cognito_standby.operator.services.run_watch import RunEnd, Watch

_EVERY_SECONDS = 2.0


@dataclass
class RegionResult:
    """What became of the command in one Region."""

    region: str
    begun: Begun | None = None
    ended: RunEnd | None = None
    trouble: str = ""
    running: str = ""

    @property
    def code(self) -> int:
        """0: started, or all is repaired; 1: something is left; 2: nothing was done."""
        if self.begun is None or (self.ended is not None and self.ended.refused):
            return NOTHING
        if self.trouble:
            return 1
        if self.ended is None:
            return 0
        return CODES[self.ended.report.verdict] if self.ended.report else 1


@dataclass
class ReconcileView:
    """Starts (or resumes) a run in some Regions, and perhaps follows them."""

    location: Location
    order: Order
    resume: str = ""
    follow: str = ""
    wait: bool = False
    as_json: bool = False
    _states: dict[str, RunProgress] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def run(self, regions: Sequence[str]) -> int:
        """The exit code."""
        results = self.work(regions)
        return self.finish(results)

    def known_in(self, run_id: str, regions: Sequence[str]) -> tuple[str, ...]:
        """The Regions whose bucket has that run."""

        def knows(context: Opened) -> bool:
            if isinstance(context, Unreachable) or context.runs is None:
                return False
            try:
                return known_run(context.runs, run_id) is not None
            except StandbyError:
                return False

        flags = in_each(self.location, regions, knows)
        return tuple(region for region, known in zip(regions, flags, strict=True) if known)

    def finish(self, results: Sequence[RegionResult]) -> int:
        """Tell programs what came of it; the exit code."""
        if self.as_json:
            print(json.dumps([_plain(each) for each in results], indent=2))  # noqa: T201
        return exit_code(results)

    def work(self, regions: Sequence[str]) -> list[RegionResult]:
        """Do it, and say what came of it."""
        console = Console(quiet=self.as_json)
        with Live(console=console, transient=True, auto_refresh=False) as live:

            def tell(region: str, progress: RunProgress) -> None:
                with self._lock:
                    before = self._states.get(region)
                    self._states[region] = progress
                    if console.is_terminal:
                        live.update(display(self._states), refresh=True)
                    elif before is None or before.stage is not progress.stage:
                        console.print(f"{region}: {progress.stage}")
                        for line in question(region, progress):
                            console.print(line)

            task = self._task(tell)
            results = in_each(self.location, regions, task)
        for result in results:
            self._say(console, result)
        return results

    def _task(self, tell: Callable[[str, RunProgress], None]) -> Callable[[Opened], RegionResult]:
        def each(context: Opened) -> RegionResult:
            if isinstance(context, Unreachable):
                return RegionResult(
                    context.region, trouble=f"could not be reached: {context.reason}"
                )
            if context.runs is None:
                return RegionResult(context.region, trouble=NO_RUNS)
            result = RegionResult(context.region)
            try:
                self._work(context.runs, result, tell)
            except StandbyError as error:
                result.trouble = told(error)
            return result

        return each

    def _work(
        self, context: RunContext, result: RegionResult, tell: Callable[[str, RunProgress], None]
    ) -> None:
        begun = self._begin(context)
        if isinstance(begun, NotBegun):
            result.trouble, result.running = begun.reason, begun.running
            return
        result.begun = begun
        if self.wait:
            watch = Watch(context, begun)
            result.ended = watch.follow(lambda p: tell(context.region, p), _EVERY_SECONDS)

    def _begin(self, context: RunContext) -> Begun | NotBegun:
        if self.follow:
            return follow(context, self.follow)
        if self.resume:
            return resume(context, self.resume, secrets.token_hex)
        return begin(context, self.order, secrets.token_hex)

    def _say(self, console: Console, result: RegionResult) -> None:
        region = result.region
        if result.begun is None or result.trouble:
            console.print(f"[bold red]{region}:[/] {escape(result.trouble)}")
            if result.running:
                console.print(f"  {result.running}", soft_wrap=True)
            return
        run = result.begun
        if result.ended is None:
            console.print(f"[green]{region}:[/] run {run.run_id} {run.noted}")
            console.print(f"  {run.execution}", soft_wrap=True)
            console.print(f"  follow it: standby reconcile --follow {run.run_id} --region {region}")
        elif result.ended.refused:
            console.print(f"[bold red]{region}:[/] another run was a moment faster")
            console.print(f"  {result.ended.refused}", soft_wrap=True)
        elif result.ended.report is None:
            console.print(f"[bold red]{region}:[/] run {run.run_id}: {escape(result.ended.error)}")
            onward = f"standby reconcile --resume {run.run_id} --region {region}"
            console.print(f"  once the cause is fixed: {onward}")
        else:
            console.print(text_of(result.ended.report))


def exit_code(results: Sequence[RegionResult]) -> int:
    """0 all well, 1 something is left in one of the Regions, 2 nothing could be done in any."""
    codes = [result.code for result in results]
    return NOTHING if all(code == NOTHING for code in codes) else min(1, max(codes))


def _plain(result: RegionResult) -> Mapping[str, object]:
    ended = result.ended
    return {
        "region": result.region,
        "run": result.begun.run_id if result.begun else "",
        "execution": result.begun.execution if result.begun else "",
        "running": result.running or (ended.refused if ended else ""),
        "trouble": result.trouble or (ended.error if ended else ""),
        "status": ended.status if ended else "",
        "report": to_plain(ended.report) if ended and ended.report else None,
    }
