"""AWS's own full export, "Cognito User Profiles Export Reference Architecture", as a model.

Ended in March 2025; modelled after its public source (aws-solutions/
cognito-user-profiles-export-reference-architecture, source/workflow-export and the ExportWorkflow
of deployment/stack-set-template.yaml): one function after the other, pages of 60 one after the
other, at most 10 calls a second, each page written in batches of 25 whether it changed or not,
groups one after the other (MaxConcurrency 1), then a scan of the whole table and a queue of what
was not confirmed. A function works 14 of its 15 minutes and is started again.

It runs on the same generated pool, quotas, latencies and virtual clock. Two latencies are its own:
how long its functions of 128 MB take for a batch and a page. They are chosen so that the model
lies within a fifth of all eight times that its guide measured (`MEASURED_MINUTES`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.reconciliation.domain import prices
from cognito_standby.reconciliation.ports import UserPage
from tests.bench.reconcile.assumptions import READ_UNIT_BYTES, Latencies
from tests.bench.reconcile.population import Flaw, Population
from tests.bench.reconcile.twins import GeneratedListing
from tests.bench.reconcile.world import World

MEASURED_MINUTES = {
    (10_000, 0): 2.62,
    (10_000, 1): 4.76,
    (100_000, 0): 21.82,
    (100_000, 1): 40.26,
    (250_000, 0): 54.79,
    (250_000, 1): 98.65,
    (500_000, 0): 146.52,
    (500_000, 1): 181.46,
}
"""(users, groups each) -> minutes at 10 calls a second. Source: its implementation guide, "Design
considerations", "Cognito transactions per second (TPS)"."""

CALLS_PER_SECOND = 10
_BATCH = 25
_FUNCTION_SECONDS = 900 - 60
_FUNCTION_GB = 0.125
_USER_BATCH_SECONDS = 0.12
_USER_PAGE_SECONDS = 0.19
_MEMBER_BATCH_SECONDS = 0.06
_MEMBER_PAGE_SECONDS = 0.12
_ITEM_BYTES = 600
_SCAN_BYTES = 1024 * 1024
_SCAN_SECONDS = 0.25
_EMPTY_RECEIVES = (5, 5.0, 1.0)
"""Answers that must be empty, how long each waits, and the pause between them."""
_SOMEBODY = Population(1).user(0, None)
OLD_REPLICATED_WRITE_UNIT = 1.875 / prices.MILLION
"""What a replicated write unit cost until November 2024, when the guide's bill was made."""


@dataclass
class ExportFigures:
    """What one export took."""

    users: int
    groups: int
    seconds: float = 0.0
    list_calls: int = 0
    write_units: int = 0
    """In one Region; its global table bills the same in the other."""
    read_units: float = 0.0
    transitions: int = 0
    gb_seconds: float = 0.0
    swept: int = 0

    def monthly_usd(self, write_unit: float = prices.WRITE_UNIT) -> float:
        """Thirty daily runs; writes in both Regions."""
        return 30 * (
            2 * self.write_units * write_unit
            + self.read_units * prices.READ_UNIT
            + self.transitions * prices.STATE_TRANSITION
            + self.gb_seconds * prices.LAMBDA_GB_SECOND
        )


def run_export(people: Population, latencies: Latencies) -> ExportFigures:
    """One run of its ExportWorkflow."""
    return _Export(people, latencies).run()


class _Headcount(Population):
    """The same pool; the export is modelled by numbers, so one user stands for all."""

    def user(self, number: int, flaw: Flaw | None) -> PoolUser:
        return _SOMEBODY


class _Export:
    def __init__(self, people: Population, latencies: Latencies) -> None:
        counted = _Headcount(people.users, people.groups, people.pattern, people.flaws)
        self._world = World(counted, latencies)
        self._listing = GeneratedListing(self._world)
        self._figures = ExportFigures(people.users, people.groups)
        self._confirmed = 0

    def run(self) -> ExportFigures:
        self._states(4)
        self._pages(
            partial(self._listing.list_users, ""),
            _USER_BATCH_SECONDS,
            _USER_PAGE_SECONDS,
        )
        self._states(3)
        self._world.time.sleep(self._world.latencies.cold_start)
        for group in self._listing.list_groups("").groups:
            self._states(1)
            self._write(1, _MEMBER_BATCH_SECONDS)
            self._pages(
                partial(self._listing.list_members, group.name),
                _MEMBER_BATCH_SECONDS,
                _MEMBER_PAGE_SECONDS,
            )
        self._sweep()
        calls = self._world.counts.calls
        self._figures.list_calls = calls["ListUsers"] + calls["ListUsersInGroup"]
        self._figures.seconds = self._world.time.seconds
        self._figures.gb_seconds = self._figures.seconds * _FUNCTION_GB
        return self._figures

    def _pages(self, page: Callable[[str], UserPage], batch: float, rest: float) -> None:
        """One function over and over, until there is no token."""
        token, began, calls, second = "", self._world.time.seconds, 0, self._world.time.seconds
        self._states(3)
        while True:
            answer = page(token)
            token, calls = answer.token, calls + 1
            self._confirmed += len(answer.users)
            self._world.time.sleep(rest)
            for start in range(0, len(answer.users), _BATCH):
                self._write(len(answer.users[start : start + _BATCH]), batch)
            if not token:
                return
            now = self._world.time.seconds
            if calls >= CALLS_PER_SECOND or now >= second + 1:
                self._world.time.sleep(second + 1 - now if now < second + 1 else 0)
                calls, second = 0, self._world.time.seconds
            if self._world.time.seconds - began > _FUNCTION_SECONDS:
                self._world.time.sleep(1)
                self._states(4)
                began = self._world.time.seconds

    def _write(self, items: int, seconds: float) -> None:
        with self._world.answering("BatchWriteItem", seconds):
            self._figures.write_units += items

    def _sweep(self) -> None:
        """Whoever this run did not confirm is removed, after a scan of everybody."""
        people = self._world.people
        in_table = people.users + (people.users if people.groups else 0) + people.groups
        for _ in range(0, in_table * _ITEM_BYTES, _SCAN_BYTES):
            with self._world.answering("Scan", _SCAN_SECONDS):
                self._figures.read_units += _SCAN_BYTES / READ_UNIT_BYTES / 2
        self._figures.swept = in_table - people.groups - self._confirmed
        self._states(4)
        if self._figures.swept:
            self._write(self._figures.swept, _MEMBER_BATCH_SECONDS)
            self._states(3)
            times, wait, pause = _EMPTY_RECEIVES
            self._world.time.sleep(times * wait + (times - 1) * pause)

    def _states(self, number: int) -> None:
        self._figures.transitions += number
        self._world.time.sleep(number * self._world.latencies.transition)
