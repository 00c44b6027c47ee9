"""List Pool: one worker lists one work item until it ends or the worker's time does."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.domain.reconciliation import Run
from cognito_standby.domain.work_items import WorkItem
from cognito_standby.services.reconcile.context import ReconcileContext


@dataclass(frozen=True)
class Listed:
    """How far a worker came. `done`: the item needs no other round."""

    item: str
    done: bool
    users: int = 0
    memberships: int = 0


def list_part(ctx: ReconcileContext, run: Run, item: WorkItem) -> Listed:
    """Go on with an item where its last part ended. Repeatable; throttling only slows it.

    Calls: the listing (pages), the ledger's reverse map where the pool has no copies of the origin
    subs, pacer, clock, files.
    """
    raise NotImplementedError
