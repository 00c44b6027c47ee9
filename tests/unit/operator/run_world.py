"""A Region's runs as an operator meets them, made of twins. Each pause lets the run do one step."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from cognito_standby.failures.domain.executions import GOING, Execution, ExecutionStatus
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.reconciliation import Mode, Run, Suspect
from cognito_standby.reconciliation.domain.repairs import Did, Visit
from cognito_standby.reconciliation.domain.run_request import run_request
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict
from cognito_standby.reconciliation.ports import Question
from tests.twins.operator.operations import InMemoryExecutions
from tests.twins.operator.people import InMemoryPeople
from tests.twins.operator.runs import InMemoryReconciliations
from tests.twins.pool.config import PoolConfig
from tests.twins.pool.listing import InMemoryPoolListing
from tests.twins.pool.pool import StrictPool
from tests.twins.stores.run_register import InMemoryRunRegister
from tests.unit.operator.operator_world import OperatorWorld
from tests.unit.reconciliation.made_up_run import RunFolder, usage

CAUSE = json.dumps(
    {"errorMessage": "BatchGetItem: AccessDenied", "errorType": "MisconfiguredError"}
)
"""Of an execution whose function raised that, as Step Functions tells it."""

Step = Callable[[], None]


@dataclass
class RunWorld:
    """One Region. `drift`: what its runs find; `asks`: whether the brake asks; `ends`: how its
    executions end."""

    region: str
    users: int = 3
    active: bool = True
    drift: Sequence[Suspect] = ()
    asks: bool = False
    did: Did = Did.CAPTURED
    ends: ExecutionStatus = ExecutionStatus.SUCCEEDED
    world: OperatorWorld = field(default_factory=OperatorWorld)

    def __post_init__(self) -> None:
        self.clock, self.switch = self.world.clock, self.world.switch
        self.run_folder = RunFolder(self.clock)
        self.executions = InMemoryExecutions(self.clock, lambda *_: ExecutionStatus.RUNNING)
        self.register = InMemoryRunRegister(self.clock, self._goes_on)
        self.machine = InMemoryReconciliations(self._begin, self.switch)
        self.steps: list[Step] = []
        self.given: list[Mapping[str, Any]] = []
        self.pool = StrictPool(PoolConfig(pool_id=f"{self.region}_Pool"), self.clock)
        for number in range(self.users):
            self.pool.admin_create_user(f"user{number}", {})

    @property
    def context(self) -> OperatorContext:
        """With its runs."""
        runs = RunContext(
            region=self.region,
            user_pool_id=self.pool.config.pool_id,
            files=self.run_folder.files,
            register=self.register,
            machine=self.machine,
            executions=self.executions,
            listing=InMemoryPoolListing(self.pool),
            clock=self.clock,
            pause=self._pause,
        )
        people = InMemoryPeople(self.pool, self.switch)
        return replace(self.world.context, region=self.region, runs=runs, people=people)

    def hold(self, name: str = "other") -> Run:
        """Another run holds the pool."""
        run = replace(
            self.run_folder.new_run(), id=name, execution=InMemoryReconciliations.PREFIX + name
        )
        self._execution(run.execution)
        self.run_folder.open(run, active=self.active)
        return self.register.open(run)

    def ask(
        self, run: Run, hours: float = 24, reasons: Sequence[str] = ("9 users would be deleted",)
    ) -> None:
        """The brake asks."""
        now = self.clock.now()
        token = self.machine.wait_for(f"token-{run.id}")
        self.register.ask(Question(run, tuple(reasons), token, now, now + timedelta(hours=hours)))

    def end(self, run: Run, answer: Answer = Answer.NOT_ASKED, output: str = "{}") -> None:
        """Its execution ends, and with success there is a report."""
        if self.ends is ExecutionStatus.SUCCEEDED:
            self.run_folder.write(run, answer)
        self.register.close(run)
        known = self.executions.executions[run.execution]
        error = "" if self.ends is ExecutionStatus.SUCCEEDED else "MisconfiguredError"
        self.executions.executions[run.execution] = replace(
            known,
            status=self.ends,
            stopped_at=self.clock.now(),
            output=output,
            error=error,
            cause=CAUSE if error else "",
        )

    def _begin(self, arn: str, given: Mapping[str, Any]) -> None:
        self.given.append(given)
        asked = run_request(json.loads(json.dumps(given)))
        name = arn.rsplit(":", 1)[-1]
        run = Run(
            asked.resume or name,
            arn,
            self.region,
            self.pool.config.pool_id,
            self.clock.now().isoformat(),
            asked.mode,
            asked.shards,
            asked.seeding,
            asked.clear_ids,
        )
        self._execution(arn)
        self.steps = self._story(run)

    def _story(self, run: Run) -> list[Step]:
        holder: list[Run] = []
        began = self.clock.now()

        def opened() -> None:
            holder.append(self.register.open(run))
            self.run_folder.open(run, active=self.active, users=self.users)

        def listed() -> None:
            self.run_folder.note(run, "listing/round-0.json", [{}])
            self.run_folder.note(run, "listing/a/g0-p00000.json", {"users": 2, "memberships": 1})
            self.run_folder.spent(run, "listing", "a", usage(began, 4, {"UserList": 20}))

        def judged() -> None:
            verdict = BrakeVerdict.ASK if self.asks else BrakeVerdict.REPAIR
            verdict = BrakeVerdict.DRY_RUN if run.mode is Mode.DRY_RUN else verdict
            self.run_folder.judged(run, self.drift, verdict, reasons=("9 users would be deleted",))
            if self.asks:
                self.ask(run)

        def repaired() -> None:
            if run.mode is Mode.REPAIR and not self.asks:
                self.run_folder.visited(
                    run, [Visit(each, self.did, billed=True) for each in self.drift]
                )

        return [opened, listed, judged, repaired, lambda: self.end(run)]

    def _pause(self, seconds: float) -> None:
        self.clock.advance(seconds)
        if self.steps:
            self.steps.pop(0)()

    def _execution(self, arn: str) -> None:
        running = Execution(arn, ExecutionStatus.RUNNING, self.clock.now(), input="{}")
        self.executions.add(running)

    def _goes_on(self, arn: str) -> bool:
        found = self.executions.executions.get(arn)
        return found is not None and found.status in GOING
