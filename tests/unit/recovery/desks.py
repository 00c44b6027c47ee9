"""Both Regions as whoever fails over meets them, with machines that do what they are told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.failures.domain.executions import FAILED, Execution, ExecutionStatus
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
from tests.twins.stores.claims import InMemoryClaimItems
from tests.twins.stores.records import GlobalTable
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import RunWorld

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FINE = World(True, True, ())
Outcome = Mapping[str, Any] | str | None
"""Of a run: its output, the error it fails with, or None while it goes on."""


@dataclass
class TwinMachine:
    """A machine whose executions end as `work` says, at once or when `go_on` is called."""

    name: str
    region: str
    work: Callable[[Mapping[str, Any], str], Outcome]
    executions: dict[str, Execution] = field(default_factory=dict)
    where: str = "Settle Region"

    def find(self, name: str) -> Execution | None:
        return self.executions.get(name)

    def start(self, name: str, given: Mapping[str, Any]) -> bool:
        text = json.dumps(given)
        if (known := self.executions.get(name)) is not None:
            return known.input == text
        arn = f"arn:aws:states:{self.region}:1:execution:{self.name}:{name}"
        going = Execution(arn, ExecutionStatus.RUNNING, NOW, input=text)
        self.executions[name] = self._ran(going)
        return True

    def redrive(self, arn: str) -> str:
        found = self.executions[arn.rsplit(":", 1)[-1]]
        if found.status not in FAILED:
            return "ExecutionNotRedrivable"
        self.executions[arn.rsplit(":", 1)[-1]] = self._ran(
            replace(found, status=ExecutionStatus.RUNNING, error="")
        )
        return ""

    def stop(self, arn: str, why: str) -> None:
        name = arn.rsplit(":", 1)[-1]
        self.executions[name] = replace(
            self.executions[name], status=ExecutionStatus.ABORTED, error=why
        )

    def place(self, arn: str) -> str:
        return self.where if arn.rsplit(":", 1)[-1] in self.executions else ""

    def _ran(self, execution: Execution) -> Execution:
        told = self.work(json.loads(execution.input), execution.arn)
        if told is None:
            return execution
        if isinstance(told, str):
            return replace(execution, status=ExecutionStatus.FAILED, error=told)
        return replace(execution, status=ExecutionStatus.SUCCEEDED, output=json.dumps(told))


class Desks:
    """Both Regions, on the twin of the global table; `dark`: those that do not answer."""

    def __init__(self, pair: Mapping[str, RunWorld]) -> None:
        self.table = table = GlobalTable(Installation(REGION, OTHER))
        self.worlds = {REGION: FINE, OTHER: FINE}
        self.dark: set[str] = set()
        self.items = {name: InMemoryClaimItems(table, name) for name in (REGION, OTHER)}
        self.ends: dict[str, Outcome] = {}
        """Machine -> how its runs end instead of by what the services do."""
        self.machines = {
            name: (
                TwinMachine("fail_over", name, self._fail_over(name)),
                TwinMachine("stand_down", name, self._stand_down(name)),
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
        context = replace(self._pair[region].context, region=region, records=records)
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
