"""What the next run has to know of a pool. It is not kept in a run's files, because these
expire."""

from __future__ import annotations

from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.run_store import earlier_pool_note


def read_pool_note(ctx: ReconcileContext) -> PoolNote:
    """Of this pool; nothing known where there is no readable note. Calls: register, and files
    where it has none."""
    pool = ctx.user_pool_id
    return ctx.register.pool_note(pool) or earlier_pool_note(ctx.files, pool) or PoolNote()


def write_pool_note(ctx: ReconcileContext, note: PoolNote) -> None:
    """For the next run. Calls: register."""
    ctx.register.keep_pool_note(ctx.user_pool_id, note)
