"""`standby restore`: the plan, the question, how far it is, and what became of everybody."""

from __future__ import annotations

import json
import secrets
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.arguments import NOTHING, Sure
from cognito_standby.cli.views.restore_jobs import Jobs
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.operator.services.context import told
from cognito_standby.reconciliation.domain import prices
from cognito_standby.recovery.domain.restore_request import RestoreOrder, RestoreRequest
from cognito_standby.recovery.domain.restoring import Action
from cognito_standby.recovery.services.restore_desk import (
    RestoreDesk,
    RestoreEnded,
    begin,
    follow,
)
from cognito_standby.recovery.services.restore_ending import RestoreReport

WAITS = (
    "  wait until it has ended. If `standby status` says that it asks: `standby reject RUN` ends "
    "it and changes nothing"
)
RESET = "by jobs, who are RESET_REQUIRED until they choose a password by 'forgot password'"
IN_JOBS = "the import by jobs did not end"
LEFT = 1
"""Exit code: something is left, or was not confirmed."""


@dataclass(frozen=True)
class RestoreView:
    """One restore, as a person follows it. `diff`: compares pool and records afterwards; `jobs`:
    import jobs come first."""

    desk: RestoreDesk
    accept_brake: bool
    as_json: bool
    diff: Callable[[], int]
    jobs: Jobs | None = None

    @property
    def console(self) -> Console:
        """Where people read."""
        return Console(quiet=self.as_json)

    def run(self, asked: RestoreRequest, resume: str, sure: Sure, *, dry_run: bool) -> int:
        """The exit code."""
        planned = self._step(RestoreOrder(asked) if not resume else RestoreOrder(resume=resume))
        report = planned.report
        if report is None:
            return self._stopped(planned)
        self._tell_plan(report)
        plan = report.plan
        if plan.stops or (plan.asks and not self.accept_brake and not dry_run):
            told = f"[bold red]nothing was changed:[/] {self._why(report)}"
            self.console.print(told, soft_wrap=True)
            return self._finish(report, LEFT)
        if dry_run or not plan.writes:
            self._tell_onward(report)
            return self._finish(report, 0)
        if not sure("restore them?"):
            self.console.print("not restored; nothing was changed")
            return self._finish(report, LEFT)
        if self.jobs and not self.jobs.run(self.desk, report, self.console):
            return self._stopped(RestoreEnded(None, IN_JOBS), report.restore)
        order = RestoreOrder(resume=report.restore, run=True, accept_brake=self.accept_brake)
        ended = self._step(order)
        if ended.report is None:
            return self._stopped(ended, report.restore)
        self._tell_outcomes(ended.report)
        if not ended.report.request.user and not self.as_json:
            self.console.print("the whole pool beside the records, by a dry run:")
            self.diff()
        return self._finish(ended.report, LEFT if ended.report.left else 0)

    def _step(self, order: RestoreOrder) -> RestoreEnded:
        """One execution, to its end."""
        try:
            name = begin(self.desk, order, secrets.token_hex)
            self.console.print(f"{self.desk.region}: {name}", soft_wrap=True)
            return follow(
                self.desk, name, order.resume or name, lambda line: self.console.print(f"  {line}")
            )
        except StandbyError as error:
            return RestoreEnded(None, told(error))

    def _stopped(self, ended: RestoreEnded, restore: str = "") -> int:
        reason = f"[bold red]{self.desk.region}:[/] {escape(ended.why)}"
        Console(stderr=True, quiet=self.as_json).print(reason)
        if ended.running:
            self.console.print(f"  {ended.running}", soft_wrap=True)
            self.console.print(WAITS)
        if restore:
            onward = self._onward(restore)
            self.console.print(f"  once the cause is fixed: {onward}", soft_wrap=True)
        if self.as_json:
            print(json.dumps({"why": ended.why, "running": ended.running}))  # noqa: T201
        return LEFT if restore else NOTHING

    def _finish(self, report: RestoreReport, code: int) -> int:
        if self.as_json:
            print(json.dumps(to_plain(report), indent=2))  # noqa: T201
        return code

    def _tell_plan(self, report: RestoreReport) -> None:
        plan, out = report.plan, self.console
        role = "active" if report.active else "standby"
        out.print(f"[bold]{report.restore}[/]: the pool {report.user_pool_id} ({role})")
        for action in Action:
            if number := plan.actions.get(action.value, 0):
                out.print(f"  {action.value}: {number:,}")
        _table(out, "of those who are left or refused", plan.reasons)
        _table(out, "what the pool will not show", plan.not_held)
        if plan.writes:
            _table(out, "requests to Cognito, at least", plan.calls)
            usd = ", ".join(f"{name} {price:.2f}" for name, price in plan.usd.items())
            out.print(f"  at least {plan.minutes:,} min at the configured share of the quotas")
            for way, minutes in plan.by_strategy.items():
                out.print(f"    whoever is made, by {way}: at least {minutes:,} min")
            if plan.importable:
                out.print(f"    --strategy import: {plan.importable:,} {RESET}")
            out.print(f"  at most so many USD for monthly active users ({prices.DATE}): {usd}")
        for reason in plan.asks:
            out.print(f"  [bold]the brake asks:[/] {escape(reason)}")

    def _tell_outcomes(self, report: RestoreReport) -> None:
        told = ", ".join(f"{number:,} {name}" for name, number in report.outcomes.items())
        self.console.print(f"[bold]{report.restore}[/]: {told or 'nobody had to be restored'}")
        self.console.print(f"  an outcome for each: {_lines_of(report)}", soft_wrap=True)
        if any(report.plan.actions.get(each.value) for each in (Action.CREATE, Action.UNDELETE)):
            self.console.print("  no password came back: they choose one by 'forgot password'")
            if self.jobs and report.plan.importable:
                self.console.print("  whoever came by a job is RESET_REQUIRED until then")
        if report.left:
            onward = command_of(report.region, report.request)
            self.console.print(
                f"  who is left comes with another restore: {onward}", soft_wrap=True
            )

    def _tell_onward(self, report: RestoreReport) -> None:
        """After a look: how to do it; and where nothing is to be done, who was not meant."""
        out, asked = self.console, report.request
        if report.plan.writes:
            onward = self._onward(report.restore)
            out.print(f"nothing was changed; to do it: {onward}", soft_wrap=True)
            out.print(f"  what would become of each: {_lines_of(report)}", soft_wrap=True)
            return
        out.print("nobody has to be restored; nothing was changed")
        if report.active and not (asked.user or asked.deleted_since or asked.as_of):
            out.print("  whoever was deleted is not counted: add --deleted-since TIME")

    def _why(self, report: RestoreReport) -> str:
        if report.plan.stops:
            return escape("; ".join(report.plan.stops))
        onward = f"{self._onward(report.restore)} --accept-brake"
        return f"the brake asks. Look at {_lines_of(report)}, then: {onward}"

    def _onward(self, restore: str) -> str:
        words = escape(self.jobs.words) if self.jobs else ""
        return f"standby restore --region {self.desk.region} --resume {restore}{words}"


def _lines_of(report: RestoreReport) -> str:
    return f"{report.lines} in the bucket of the runs"


def command_of(region: str, asked: RestoreRequest) -> str:
    """The same restore anew, of the same people."""
    options = (
        ("--user", asked.user),
        ("--group", asked.group),
        ("--deleted-since", asked.deleted_since),
        ("--as-of", asked.as_of),
    )
    told = [f"{name} {shlex.quote(value)}" for name, value in options if value]
    flags = [
        *(["--also-changed-since"] if asked.also_changed_since else ()),
        *(["--names"] if asked.clear_ids else ()),
    ]
    return escape(" ".join(["standby restore --region", region, *told, *flags]))


def _table(out: Console, heading: str, numbers: Mapping[str, int]) -> None:
    if numbers:
        out.print(f"  {heading}:")
    for name, number in numbers.items():
        out.print(f"    {escape(name)}: {number:,}")
