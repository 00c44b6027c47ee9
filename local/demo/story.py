"""What the demo does, step by step, and how it tells it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from local.demo.compare import Comparison, SeenUser, compare, read_users
from local.demo.people import Crowd, Person, invent
from local.demo.roles import in_charge
from local.demo.watch import Watch, percentile
from local.remote import Stage

_SETTLE_SECONDS = 90.0
_POLL_SECONDS = 0.25


@dataclass
class Story:
    """One run. `agree` tells the exit code."""

    stage: Stage
    console: Console
    sign_in: str
    people: int = 36
    at_once: int = 6
    lags: list[tuple[str, list[float]]] = field(default_factory=list)

    def run(self) -> bool:
        """Tell the whole story; True when both pools agree in the end."""
        outputs = self.stage.outputs
        active = Crowd(self.stage, outputs.primary, self.sign_in)
        standby = Crowd(self.stage, outputs.backup, self.sign_in)
        people = invent(self.people)
        self._title(f"{len(people)} people sign up in {outputs.primary.region}")
        self._sign_up(active, people)
        self._title("An administrator changes attributes, groups and access")
        self._change(active, people)
        self._title(f"Someone who forgot the password gets in at {outputs.backup.region}")
        with in_charge(self.stage, outputs.backup) as number:
            claimed = f"its claim {number} is the highest for a while"
            self.console.print(f"  [green]✓[/] {claimed}; until now its fence let nobody in")
            self._recover(standby, people[5])
        self._title("Both pools, user by user")
        comparison = compare(self.stage)
        self._show(comparison)
        self._summary(comparison)
        return comparison.agree

    def _sign_up(self, crowd: Crowd, people: list[Person]) -> None:
        with Watch(self.stage) as watch, _progress(self.console) as bars:
            stages = (
                "signed up and confirmed",
                "recorded in the global table",
                "confirmed in the standby",
            )
            tasks = [bars.add_task(name, total=len(people)) for name in stages]

            def show() -> None:
                for task, count in zip(tasks, watch.counts(), strict=True):
                    bars.update(task, completed=count)

            # The first one pays for the start of every function's process, in both Regions.
            crowd.sign_up(people[0], watch)
            watch.wait(_SETTLE_SECONDS)
            show()
            one_by_one = len(people) // 3
            for person in people[1:one_by_one]:
                crowd.sign_up(person, watch)
                show()
            crowd.sign_up_all(people[one_by_one:], watch, self.at_once)
            deadline = time.monotonic() + _SETTLE_SECONDS
            while not watch.wait(_POLL_SECONDS) and time.monotonic() < deadline:
                show()
            show()
        first, *rest = [journey for journey in watch.journeys if journey.confirmed]
        self.lags.append(("first sign-up -> standby, cold", [first.lag]))
        self.lags.append(("sign-up -> record", [j.capture_lag for j in rest if j.recorded]))
        self.lags.append(("sign-up -> standby", [journey.lag for journey in rest]))

    def _change(self, crowd: Crowd, people: list[Person]) -> None:
        for what, change in self._changes(crowd, people):
            self._settle(what, change)

    @staticmethod
    def _changes(crowd: Crowd, people: list[Person]) -> Iterator[tuple[str, Callable[[], None]]]:
        def groups() -> None:
            crowd.create_group("admins", Description="May do everything", Precedence=1)
            crowd.create_group("beta", Description="Sees what is new", Precedence=20)

        def nicknames() -> None:
            nickname = {"nickname": 'ネコ, the "cat"'}
            for person in people[:3]:
                crowd.set_attributes(person, nickname)

        def memberships() -> None:
            for person, name in zip(people[6:9], ("admins", "beta", "beta"), strict=True):
                crowd.admin("admin_add_user_to_group", person, GroupName=name)

        def leaving() -> None:
            crowd.admin("admin_remove_user_from_group", people[7], GroupName="beta")

        def forgetting() -> None:
            names = ["nickname"]
            crowd.admin("admin_delete_user_attributes", people[1], UserAttributeNames=names)

        verified = {"name": "A new name", "email_verified": "true"}
        yield "two groups are made", groups
        yield "three people get a nickname", nicknames
        yield "one of them loses it again", forgetting
        yield "one person changes the name", lambda: crowd.set_attributes(people[2], verified)
        yield "three people join groups", memberships
        yield "one of them leaves again", leaving
        yield "one person is disabled", lambda: crowd.admin("admin_disable_user", people[3])
        yield "one person is deleted", lambda: crowd.admin("admin_delete_user", people[4])

    def _settle(self, what: str, change: Callable[[], None]) -> None:
        """Make a change and wait until the pools agree; the time is the lag of the change."""
        started = time.monotonic()
        change()
        with Live(f"  … {what}", console=self.console, refresh_per_second=4, transient=True):
            while not (comparison := compare(self.stage)).agree:
                if time.monotonic() - started > _SETTLE_SECONDS:
                    break
                time.sleep(_POLL_SECONDS)
        lag = time.monotonic() - started
        if comparison.agree:
            self.lags.append((what, [lag]))
            self.console.print(f"  [green]✓[/] {what} [dim]({lag:.1f} s until both pools agree)[/]")
        else:
            self.console.print(f"  [red]✗[/] {what}: {'; '.join(comparison.problems[:3])}")

    def _recover(self, standby: Crowd, person: Person) -> None:
        local_sub = standby.recover_and_sign_in(person, "A-new-password-42")
        users = read_users(self.stage, self.stage.outputs.backup)
        origin = next(user.origin_sub for user in users if user.attributes["sub"] == local_sub)
        self.console.print(f"  [green]✓[/] {standby.name_of(person)} chose a new password there")
        self.console.print(f"    sub in the standby {local_sub}\n    origin sub         {origin}")

    def _show(self, comparison: Comparison) -> None:
        table = Table(show_lines=False)
        for title in ("person", "active pool", "standby pool", "groups", "verdict"):
            table.add_column(title, overflow="fold")
        for row in comparison.rows:
            shown = row.active or row.standby
            table.add_row(
                row.name,
                _state(row.active),
                _state(row.standby),
                ", ".join(sorted(shown.groups)) if shown else "",
                f"[red]{row.problem}[/]" if row.problem else f"[green]✓[/] {row.note}",
            )
        self.console.print(table)
        for problem in comparison.group_problems:
            self.console.print(f"[red]{problem}[/]")

    def _summary(self, comparison: Comparison) -> None:
        table = Table(title="Lag on this machine (local AWS, not a measure of AWS)")
        for title in ("change", "n", "p50", "p99"):
            table.add_column(title, justify="left" if title == "change" else "right")
        for what, lags in self.lags:
            p50, p99 = percentile(lags, 0.5), percentile(lags, 0.99)
            table.add_row(what, str(len(lags)), f"{p50:.2f} s", f"{p99:.2f} s")
        self.console.print(table)
        if comparison.agree:
            self.console.print(
                f"[bold green]The pools agree on all {len(comparison.rows)} people.[/]"
            )
        else:
            self.console.print(
                f"[bold red]The pools differ in {len(comparison.problems)} places:[/]"
            )
            for problem in comparison.problems:
                self.console.print(f"  {problem}")

    def _title(self, text: str) -> None:
        self.console.print(f"\n[bold]{text}[/]")


def _state(user: SeenUser | None) -> str:
    if user is None:
        return "[dim]-[/]"
    return user.status if user.enabled else f"{user.status}, disabled"


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("  {task.description:<30}"), BarColumn(), MofNCompleteColumn(), console=console
    )
