"""Open Run: one run a pool, and what the others have to know about it."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.domain.reconciliation import Run
from cognito_standby.services.reconcile.context import ReconcileContext


@dataclass(frozen=True)
class Opened:
    """What Open Run found; kept in `run.json`.

    run              the run as asked for
    holder           the run that holds the pool: `run` itself, or another, and then nothing begins
    active           whether this Region is the active one by the claims
    claims           Region -> claim, to see at the end whether a role moved
    pool_of_record   the pool that was noted first for this Region
    estimated_users  by DescribeUserPool
    copies_trusted   whether the pool's copies of the origin subs are used; else the reverse map is
    """

    run: Run
    holder: Run
    active: bool
    claims: dict[str, int]
    pool_of_record: str
    estimated_users: int
    copies_trusted: bool

    @property
    def refused(self) -> bool:
        """Whether another run holds the pool."""
        return self.holder.execution != self.run.execution


def open_run(ctx: ReconcileContext, run: Run) -> Opened:
    """Take the pool for this run and note what it starts from. Repeatable.

    Calls: register, claims, the listing's schema and estimate, files.
    """
    raise NotImplementedError
