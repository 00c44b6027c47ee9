"""What `standby failover` shows: the checks, what would be lost, how far it is, what is left."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cognito_standby.cli.arguments import NOTHING, Sure
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import opened_by
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.recovery.adapters.desk import open_desk
from cognito_standby.recovery.domain.checks import Check, Outcome, standing_in_the_way
from cognito_standby.recovery.domain.requests import FailoverMode
from cognito_standby.recovery.services import failover as service
from cognito_standby.recovery.services.desk import Desk

EVERY_SECONDS = 2.0
_STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "bold red", Outcome.UNKNOWN: "yellow"}


@dataclass(frozen=True)
class Wanted:
    """What was asked for. `asked`: an id of this call."""

    to: str
    mode: FailoverMode
    accepted: frozenset[str]
    asked: str


@dataclass
class _Told:
    """What a program is told in the end."""

    to: str
    mode: str
    outcome: str = ""
    why: str = ""
    epoch: int | None = None
    checks: Sequence[Check] = ()
    losses: Sequence[str] = ()
    execution: str = ""
    places: list[str] = field(default_factory=list)
    to_do: Sequence[str] = ()


def open_in(location: Location, region: str) -> Desk | Unreachable:
    """A Region's desk, or why there is none."""
    return opened_by(open_desk, location, region)


class FailoverView:
    """Runs the command and prints what comes of it."""

    def __init__(self, location: Location, wanted: Wanted, *, as_json: bool) -> None:
        self._location, self._wanted, self._json = location, wanted, as_json
        self._console = Console(quiet=as_json)
        self._told = _Told(wanted.to, wanted.mode.value)
        self._other = location.other(wanted.to)
        self._asked_for = False
        """Whether a machine may have been told of it already."""

    def run(self, sure: Sure, dry_run: bool) -> int:
        """Fail over; the exit code."""
        return self._end(self._tried(lambda: self._run(sure, dry_run), self._command()))

    def abort(self, sure: Sure, dry_run: bool) -> int:
        """Abort; the exit code."""
        again = f"standby failover --to {self._wanted.to} --abort"
        return self._end(self._tried(lambda: self._abort(sure, dry_run), again))

    def _tried(self, work: Callable[[], int], again: str) -> int:
        """Credentials can end, a Region go dark and a person leave after it was begun: that nothing
        was done is not known then."""
        try:
            return work()
        except (StandbyError, KeyboardInterrupt) as error:
            why = told(error) if isinstance(error, StandbyError) else "it was interrupted"
            return self._broken_off(why, again) if self._asked_for else self._nothing(why)

    def _run(self, sure: Sure, dry_run: bool) -> int:
        target = open_in(self._location, self._wanted.to)
        if isinstance(target, Unreachable):
            return self._nothing(f"{target.region} does not answer: {target.reason}")
        mode = self._wanted.mode
        planned = mode is FailoverMode.PLANNED
        other = open_in(self._location, self._other) if planned else None
        if target.context.records.read_claims().highest().region != target.region:
            stop = self._checked(target, other, sure, dry_run)
            if stop is not None:
                return stop
        elif dry_run:
            return self._nothing(f"{target.region} is the active Region already")
        self._asked_for = True
        begun = service.begin(target, other, mode, self._wanted.accepted, self._wanted.asked)
        if isinstance(begun, service.NotBegun):
            return self._nothing(begun.why)
        self._told.execution = begun.execution
        self._say(f"{target.region}: the failover {begun.noted} ({begun.execution})")
        return self._followed(target, other, begun)

    def _checked(self, target: Desk, other: service.Other, sure: Sure, dry_run: bool) -> int | None:
        """None: go on."""
        looked = service.look(target, other, self._other, self._wanted.mode)
        self._told.checks, self._told.losses = looked.checks, looked.losses
        self._show(looked)
        stopping = standing_in_the_way(looked.checks, self._wanted.accepted)
        if stopping:
            names = sorted({each.name for each in stopping})
            flags = " ".join(f"--accept {name}" for name in names)
            why = f"in the way: {', '.join(names)}; mend it, or accept it by name: {flags}"
            return self._refused(why)
        if dry_run:
            self._told.outcome = "nothing is in the way"
            self._say("[green]nothing is in the way[/]; nothing was changed")
            self._told.to_do = [f"{self._command()}  # does it"]
            return 0
        if not sure(f"Make {target.region} the active Region?"):
            return self._refused("not confirmed; nothing was changed")
        return None

    def _followed(self, target: Desk, other: service.Other, begun: service.Begun) -> int:
        pause = target.context.pause
        if begun.source and isinstance(other, Desk):
            down = service.follow(
                *(other.stand_down, begun.source, self._place(other.region), pause, EVERY_SECONDS)
            )
            if down.outcome != "drained":
                self._told.to_do = self._stuck()
                return self._refused(f"{other.region} did not stand down: {down.why}")
        ended = service.follow(
            *(target.fail_over, begun.execution, self._place(target.region), pause, EVERY_SECONDS)
        )
        if ended.outcome != "claimed":
            self._told.to_do = self._stuck()
            return self._refused(f"{target.region} did not take over: {ended.why}")
        self._told.outcome, self._told.epoch = ended.outcome, ended.told.get("epoch")
        self._told.to_do = self._afterwards()
        self._say(f"[green]{target.region} is active[/], with epoch {self._told.epoch}")
        return 0

    def _abort(self, sure: Sure, dry_run: bool) -> int:
        source, target = (
            open_in(self._location, region) for region in (self._other, self._wanted.to)
        )
        question = f"Stop the failover to {self._wanted.to}, and open {self._other} again?"
        if dry_run or not sure(question):
            return self._refused("nothing was changed")
        if isinstance(source, Unreachable):
            if isinstance(target, Unreachable):
                return self._nothing(f"neither Region answers: {source.reason}")
            self._asked_for = True
            return self._refused(service.abort_without_source(target, source))
        self._asked_for = True
        begun = service.abort(target, source, self._wanted.accepted, self._wanted.asked)
        if isinstance(begun, service.NotBegun):
            return self._refused(begun.why)
        self._told.execution = begun.execution
        place, pause = self._place(source.region), source.context.pause
        ended = service.follow(source.stand_down, begun.execution, place, pause, EVERY_SECONDS)
        if ended.outcome != "reopened":
            return self._refused(f"{source.region} did not open: {ended.why}")
        self._told.outcome, self._told.epoch = ended.outcome, ended.told.get("epoch")
        self._say(f"[green]{source.region} is open again[/]: {escape(ended.why)}")
        return 0

    def _show(self, looked: service.Looked) -> None:
        table = Table(box=None, padding=(0, 2, 0, 0))
        for name in ("check", "Region", "", ""):
            table.add_column(name)
        for each in looked.checks:
            accepted = " (accepted)" if each.name in self._wanted.accepted else ""
            outcome = f"[{_STYLES[each.outcome]}]{each.outcome}[/]{accepted}"
            table.add_row(each.name, each.region, outcome, escape(each.told))
        self._console.print(table)
        self._say("[bold]What would be lost:[/]")
        for line in looked.losses:
            self._say(f"  {escape(line)}")

    def _afterwards(self) -> list[str]:
        """What a person must still do, each a command."""
        other = self._other
        steps = ["standby status"]
        if self._wanted.mode is FailoverMode.OUTAGE:
            steps += [
                f"standby reconcile --region {other} --wait  # once {other} is back",
                "standby conflicts list  # what lost there",
            ]
        else:
            steps.append("standby reconcile --dry-run --wait")
        steps.append("standby readiness  # once both were reconciled in their new roles")
        return [*steps, f"standby failover --to {other} --planned  # the way back"]

    def _command(self) -> str:
        """The command that was given, without what looks only."""
        accepted = "".join(f" --accept {name}" for name in sorted(self._wanted.accepted))
        return f"standby failover --to {self._wanted.to} --{self._wanted.mode.value}{accepted}"

    def _stuck(self) -> list[str]:
        """Where a failover stopped on its way."""
        to, how = f"standby failover --to {self._wanted.to}", self._command()
        again = [f"{how}  # goes on", f"{how} --accept CHECK  # goes on all the same"]
        planned = self._wanted.mode is FailoverMode.PLANNED
        return [*again, f"{to} --abort  # {self._other} opens again"] if planned else again

    def _place(self, region: str) -> Callable[[str], None]:
        def tell(place: str) -> None:
            self._told.places.append(f"{region}: {place}")
            self._say(f"  {region}: {escape(place)}")

        return tell

    def _refused(self, why: str) -> int:
        self._told.outcome, self._told.why = "refused", why
        self._say(f"[bold red]not done:[/] {escape(why)}")
        return 1

    def _broken_off(self, why: str, again: str) -> int:
        self._told.outcome, self._told.why = "broke off", why
        self._told.to_do = [
            "standby status  # which Region is active",
            f"{again}  # follows what goes on, or takes it up",
        ]
        left = "what was begun goes on by itself, how far is not known here"
        self._say(f"[bold red]it broke off:[/] {escape(why)}; {left}")
        return 1

    def _nothing(self, why: str) -> int:
        self._told.outcome, self._told.why = "nothing", why
        if not self._json:
            Console(stderr=True).print(f"[bold red]error:[/] {escape(why)}", highlight=False)
        return NOTHING

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False)

    def _end(self, code: int) -> int:
        if self._told.to_do:
            self._say("[bold]Now:[/]")
        for step in self._told.to_do:
            self._say(f"  {escape(step)}")
        if self._json:
            told: dict[str, Any] = asdict(self._told)
            Console(soft_wrap=True).print_json(json.dumps(told))
        return code
