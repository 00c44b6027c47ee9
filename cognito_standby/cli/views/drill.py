"""What `standby drill` shows: what it would do and cost, how far it is, and what it found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.arguments import NOTHING, Sure
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import opened_by
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.reconciliation.domain import prices
from cognito_standby.recovery.adapters.rehearsal_installation import open_rehearsal
from cognito_standby.recovery.domain.rehearsal_cost import SHARE
from cognito_standby.recovery.domain.rehearsal_marks import Fate, Judged, Why, note_of
from cognito_standby.recovery.domain.rehearsal_pool import NotCopiedError
from cognito_standby.recovery.domain.rehearsal_report import (
    NOT_REHEARSED,
    People,
    Report,
    as_json,
    pools_as_json,
)
from cognito_standby.recovery.services import rehearsal_sweep
from cognito_standby.recovery.services.rehearsal_context import (
    NotRehearsedError,
    RehearsalContext,
)
from cognito_standby.recovery.services.rehearsal_plan import (
    RehearsalOrder,
    RehearsalPlan,
    plan_rehearsal,
)
from cognito_standby.recovery.services.rehearse import rehearse

_SHOWN = 20
_FAILED = (Why.PROTECTED, Why.NOT_REMOVED)
"""Of a pool that was to be removed, and is left."""


def open_in(location: Location, region: str) -> RehearsalContext | Unreachable:
    """A Region's context, or why there is none."""
    return opened_by(open_rehearsal, location, region)


class DrillView:
    """Runs the command and prints what comes of it."""

    def __init__(self, context: RehearsalContext, *, as_json: bool) -> None:
        self._context, self._json = context, as_json
        self._console = Console(quiet=as_json, soft_wrap=True)

    def run(self, order: RehearsalOrder, sure: Sure) -> int:
        """The rehearsal; the exit code."""
        try:
            plan = plan_rehearsal(self._context, order)
            self._show_plan(plan)
            if not sure("Go on?"):
                self._say("not confirmed; nothing was made")
                return 1
            report = rehearse(self._context, plan, self._tell)
        except (NotCopiedError, NotRehearsedError) as error:
            return self._nothing(str(error))
        except StandbyError as error:
            return self._nothing(told(error))
        self._show(report)
        self._print_json(as_json(report))
        return 0 if report.ok else 1

    def clean(self, sure: Sure) -> int:
        """Remove what is left; the exit code."""
        try:
            found = rehearsal_sweep.look(self._context, everything=True)
            self._show_pools(found, "goes", "stays")
            doomed = [each for each in found if each.fate is Fate.REMOVE]
            if doomed and not sure(f"Remove {len(doomed)}?"):
                self._say("not confirmed; nothing was removed")
                return 1
            done = rehearsal_sweep.remove(self._context, found)
        except StandbyError as error:
            return self._nothing(told(error))
        gone = sum(each.fate is Fate.REMOVE for each in done)
        self._show_pools([each for each in done if each.fate is Fate.LEAVE], "", "left")
        self._say(f"{gone} removed")
        self._print_json({"pools": pools_as_json(done)})
        return 1 if any(each.why in _FAILED for each in done) else 0

    def _show_plan(self, plan: RehearsalPlan) -> None:
        cost, whose = plan.estimate, self._context.region
        self._say(f"[bold]What it does in {whose}:[/]")
        self._say(f"  makes the pool {plan.mark.pool_name}, with the standby's settings")
        for name, why in plan.copy.left_out.items():
            self._say(f"    but not {name}: {escape(why)}")
        invented = plan.order.people is People.INVENTED
        kind = "invented people" if invented else "records, with everything personal replaced"
        self._say(f"  makes {cost.people} {kind}, in {cost.groups} groups, as a restore would")
        self._say("  compares each with the record, and signs each in")
        self._say("  sends no message, and writes no record, claim, ledger row or document")
        end = "keeps the pool for a week" if plan.order.keep else "removes the pool at the end"
        self._say(f"  {end}")
        each = prices.ACTIVE_USER[cost.plan]
        self._say(
            f"[bold]What it costs:[/] {cost.people} monthly active users at ${each} "
            f"({cost.plan}): [bold]${cost.usd:.2f}[/], estimated from {prices.SOURCE}, "
            f"{prices.DATE}"
        )
        self._say(
            f"  about {cost.calls} calls, and {spoken(cost.seconds)} at the least, "
            f"with {SHARE:.0%} of Cognito's quotas"
        )
        if plan.active:
            self._say(f"  [yellow]{whose} is active: apps share those quotas[/]")

    def _show(self, report: Report) -> None:
        people = report.estimate.people
        self._show_pools(report.swept, "removed", "left")
        verdict = "[green]all is as the records say[/]" if report.ok else "[bold red]it differs[/]"
        self._say(f"{verdict}: of {people} people {report.made} were made, {report.equal} are as")
        self._say(f"  their record says, {report.signed_in} got in or were rightly refused")
        for who, what in list(report.differing.items())[:_SHOWN]:
            self._say(f"  [red]{escape(who)}[/]: {escape('; '.join(what))}")
        for field, number in sorted(report.not_held.items()):
            self._say(f"  not held by the pool, of {number}: {escape(field)}")
        for by, number in sorted(report.ways.items()):
            self._say(f"  in the standby they would come in by {escape(by)}: {number}")
        self._show_times(report, people)
        self._say("[dim]not rehearsed:[/]")
        for line in NOT_REHEARSED:
            self._say(f"  [dim]{escape(line)}[/]")
        if report.broke_off:
            self._say(f"[bold red]it broke off:[/] {escape(report.broke_off)}")
        if report.kept:
            self._say(f"the pool {report.pool_id} is kept; standby drill --clean removes it")
        elif not report.removed:
            why = escape(report.left)
            self._say(f"[bold red]a pool is left:[/] {why}; standby drill --clean removes it")
        self._say(f"the report: {note_of(report.id)} in the bucket of the runs")

    def _show_times(self, report: Report, people: int) -> None:
        whole, took = report.whole, report.seconds.get("make", 0.0)
        if whole is None or not took:
            return
        pool = f"the whole pool, {whole.users} users by Cognito's estimate"
        if not whole.estimated:
            pool = f"{whole.users} users (Cognito has not counted the standby's yet)"
        self._say(f"measured: {people / took:.1f} users a second, one after the other")
        self._say(
            f"  {pool}: "
            f"{spoken(whole.one_at_a_time)} so; {spoken(whole.floor)} at the least by the whole "
            f"of Cognito's quotas, with {whole.at_once} at once"
        )
        self._say(
            f'  until everybody has recovered by "forgot password": {spoken(whole.recoveries)} '
            "at the least"
        )

    def _show_pools(self, judged: Sequence[Judged], gone: str, left: str) -> None:
        for each in judged:
            what = gone if each.fate is Fate.REMOVE else left
            self._say(f"  {each.pool.id} {escape(each.pool.name)} {what}: {escape(each.told)}")

    def _tell(self, line: str) -> None:
        self._say(f"  {escape(line)}")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False)

    def _print_json(self, told_of: dict[str, Any]) -> None:
        if self._json:
            Console(soft_wrap=True).print_json(json.dumps(told_of))

    def _nothing(self, why: str) -> int:
        Console(stderr=True).print(f"[bold red]error:[/] {escape(why)}", highlight=False)
        return NOTHING
