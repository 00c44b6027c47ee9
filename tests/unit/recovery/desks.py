"""Both Regions as whoever fails over meets them, with machines that do what they are told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.operator.ports import Lag
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.recovery.domain.checks import World
from cognito_standby.recovery.domain.requests import (
    failover_request,
    stand_down_request,
)
from cognito_standby.recovery.domain.standing import Tally
from cognito_standby.recovery.domain.steps import Turn
from cognito_standby.recovery.services import claiming
from cognito_standby.recovery.services.desk import Desk
from tests.twins.failover_machine import InMemoryMachine, Outcome
from tests.twins.stores.claims import InMemoryClaimItems
from tests.twins.stores.records import GlobalTable
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import RunWorld

FINE = World(True, True, ())


class Desks:
    """Both Regions, on the twin of the global table; `dark`: those that do not answer."""

    def __init__(self, pair: Mapping[str, RunWorld]) -> None:
        self.table = table = GlobalTable(Installation(REGION, OTHER))
        self.worlds = {REGION: FINE, OTHER: FINE}
        self.dark: set[str] = set()
        self.items = {name: InMemoryClaimItems(table, name) for name in (REGION, OTHER)}
        self.fenced: bool | None = True
        self.ends: dict[str, Outcome] = {}
        """Machine -> how its runs end instead of by what the services do."""
        self.machines = {
            name: (
                InMemoryMachine("fail_over", name, self._fail_over(name)),
                InMemoryMachine("stand_down", name, self._stand_down(name)),
            )
            for name in (REGION, OTHER)
        }
        self._pair = pair

    def open_in(self, _: object, region: str) -> Desk | Unreachable:
        """As the command opens a Region."""
        if region in self.dark:
            return Unreachable(region, "ServiceUnavailableError: ConnectTimeoutError")
        return self.desk(region)

    def make_healthy(self) -> None:
        """Figures with which every check passes."""
        for world in self._pair.values():
            world.world.gauges.measured = Lag(500.0, 2_000.0)
            folder = world.run_folder
            run = folder.new_run()
            folder.open(run, active=world.active)
            folder.judged(run, [])
            folder.write(run)

    def desk(self, region: str) -> Desk:
        fail_over, stand_down = self.machines[region]
        records = self.table.store(region)
        context = replace(
            self._pair[region].context, region=region, records=records, fenced=self.fenced
        )
        return Desk(context, fail_over, stand_down, lambda: self.worlds[region])

    def _fail_over(self, region: str) -> Callable[[Mapping[str, Any], str], Outcome]:
        def work(given: Mapping[str, Any], arn: str) -> Outcome:
            if "fail_over" in self.ends:
                return self.ends["fail_over"]
            done = claiming.claim_region(
                self.items[region], failover_request(dict(given)), arn, None
            )
            self.table.replicate_all()
            outcome = "claimed" if done.claimed else "refused"
            return {"outcome": outcome, "epoch": done.number, "why": done.why}

        return work

    def _stand_down(self, region: str) -> Callable[[Mapping[str, Any], str], Outcome]:
        def work(given: Mapping[str, Any], _: str) -> Outcome:
            if "stand_down" in self.ends:
                return self.ends["stand_down"]
            request, items = stand_down_request(dict(given)), self.items[region]
            if request.abort:
                done = claiming.reopen(items)
            else:
                done = claiming.stand_down(items, request, None)
                if done.turn is Turn.DRAIN:
                    done = claiming.stand_down(items, request, Tally(0, 0))
            self.table.replicate_all()
            return {"turn": done.turn.value, "epoch": done.number, "why": done.why}

        return work
