"""A console on twins of both Regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any

from cognito_standby.console.domain.trace import HistoryEvent
from cognito_standby.console.ports import History, LagPoint
from cognito_standby.console.services.jobs import Jobs
from cognito_standby.console.services.looks import Looks, Patience
from cognito_standby.console.services.reach import Opened, Reach, Seen
from cognito_standby.console.web.app import console_app
from cognito_standby.console.web.guard import ENTER, Keys
from cognito_standby.console.web.site import Site
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from cognito_standby.recovery.services.desk import Desk
from tests.unit.console.asgi import Answer, Browser
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import RunWorld
from tests.unit.recovery.desks import Desks

PORT = 4999


@dataclass
class InMemoryHistories:
    """Histories: as set."""

    known: dict[str, Sequence[HistoryEvent]] = field(default_factory=dict)
    machine: str = ""

    def events(self, execution: str) -> History | None:
        """As set."""
        found = self.known.get(execution)
        return None if found is None else History(found)

    def definition(self, execution: str) -> str:
        """As set."""
        return self.machine if execution in self.known else ""


@dataclass
class InMemoryLagFigures:
    """LagFigures: as set."""

    points: Sequence[LagPoint] = ()

    def lag_over_time(self, since: datetime, until: datetime, seconds: int) -> Sequence[LagPoint]:
        """As set."""
        del since, until, seconds
        return self.points


_COUNTING = Lock()
"""Both Regions are asked at once."""


class Counting:
    """Counts the calls of a port. `called`: begins their names."""

    def __init__(self, port: Any, calls: Counter[str], called: str = "") -> None:
        self._port, self._calls, self._called = port, calls, called

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **given: Any) -> Any:
            with _COUNTING:
                self._calls[self._called + name] += 1
            return getattr(self._port, name)(*args, **given)

        return call


class ConsoleWorld:
    """`contexts`: of Regions that are not those of the runs; `refusing`: why Regions refuse;
    `more`: what their contexts have besides; `beside`: jobs run in threads of their own."""

    def __init__(
        self,
        *,
        actions: bool = True,
        port: int = PORT,
        patience: Patience = wait,
        beside: bool = False,
    ) -> None:
        self.pair = {REGION: RunWorld(REGION), OTHER: RunWorld(OTHER, active=False)}
        self.desks = Desks(self.pair)
        self.contexts: dict[str, OperatorContext] = {}
        self.refusing: dict[str, str] = {}
        self.more: dict[str, Mapping[str, Any]] = {}
        self.histories = {region: InMemoryHistories() for region in self.pair}
        self.lag = {region: InMemoryLagFigures() for region in self.pair}
        self.calls: Counter[str] = Counter()
        self.opened: Counter[str] = Counter()
        self.roles: list[tuple[str, str]] = []
        self.seconds = 0.0
        self.clock = self.pair[REGION].clock
        reach = Reach(
            regions=(REGION, OTHER),
            where="an installation in memory",
            command="standby",
            open=self.open,
            glance=self.open,
            desk=self.desk,
        )
        self.keys = Keys(port)
        self.looks = Looks(
            reach,
            seconds=lambda: self.seconds,
            now=self.clock.now,
            patience=patience,
        )
        self.jobs = Jobs(self.clock.now, None if beside else lambda task: task())
        self.site = Site(self.looks, self.jobs, self.keys, actions)
        self.app = console_app(self.site)

    def browser(self, *, entered: bool = True) -> Browser:
        """Somebody who looks; `entered`: by the address that was printed."""
        made = Browser(self.app, f"127.0.0.1:{self.keys.port}")
        if entered:
            assert made.get(ENTER + self.keys.address.split(ENTER)[1]).status == 200
        return made

    def open(self, region: str) -> Opened:
        """A Region."""
        self.opened[region] += 1
        if region in self.desks.dark:
            why = self.refusing.get(region, "ServiceUnavailableError: ConnectTimeoutError")
            return Unreachable(region, why)
        context = self.contexts.get(region) or self.desks.desk(region).context
        counted = Counting(context.letters, self.calls)
        context = replace(context, letters=counted, **self.more.get(region, {}))
        histories = Counting(self.histories[region], self.calls)
        return Seen(context, histories, self.lag[region], "standby")

    def changed(self) -> None:
        """What was set until now is seen by the next look, whatever look is under way: it reads the
        time, which stands still here, once it ends."""
        self.seconds += 100
        self.looks.forget()

    def desk(self, region: str, role_of: str) -> Desk | Unreachable:
        """A desk, by a role."""
        self.roles.append((region, role_of))
        return self.desks.open_in(None, region)


def healthy() -> ConsoleWorld:
    """A console of an installation that lacks nothing."""
    made = ConsoleWorld()
    made.desks.make_healthy()
    return made


def overview(world: ConsoleWorld) -> Answer:
    """The first page after a look."""
    world.looks.fresh()
    return world.browser().get("/")
