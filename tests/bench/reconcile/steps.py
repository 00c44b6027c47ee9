"""The steps of a run as its tasks run them: the real services, their spending written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.work_items import WorkItem, WorkPlan
from cognito_standby.reconciliation.services.comparing import compare_bucket
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.planning import plan_listing
from cognito_standby.reconciliation.services.spending import spending

T = TypeVar("T")
Job = Callable[[ReconcileContext], T]


def planning(run: Run, number: int) -> Job[WorkPlan]:
    """Plan Listing, one round."""

    def work(ctx: ReconcileContext) -> WorkPlan:
        with spending(ctx, run, WorkPhase.LISTING, f"plan-{number}") as counted:
            return plan_listing(counted, run, number)

    return work


def listing(run: Run, item: WorkItem) -> Job[int]:
    """List Part; answers with its users."""

    def work(ctx: ReconcileContext) -> int:
        with spending(ctx, run, WorkPhase.LISTING, item.id) as counted:
            return list_part(counted, run, item).users

    return work


def comparison(run: Run, bucket: str) -> Job[int]:
    """Compare Bucket; answers with its users."""

    def work(ctx: ReconcileContext) -> int:
        with spending(ctx, run, WorkPhase.COMPARING, bucket) as counted:
            return compare_bucket(counted, run, bucket).users

    return work


def holding(run: Run, job: Job[T]) -> Job[T]:
    """As the tasks of a run do: first see that the run still holds the pool."""

    def held(ctx: ReconcileContext) -> T:
        assert ctx.register.open(run).execution == run.execution
        return job(ctx)

    return held
