"""Open Run: takes the pool for one run, and notes what the other steps have to know."""

from __future__ import annotations

from cognito_standby.core.domain.epochs import Claims, is_active
from cognito_standby.core.domain.errors import PoolPausedError
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.quotas import USER_POOL_READ
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.run_notes import Opened
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.patience import patiently
from cognito_standby.reconciliation.services.pool_notes import read_pool_note


def open_run(ctx: ReconcileContext, run: Run) -> Opened:
    """Take the pool for this run and note what it starts from. Repeatable: what was noted first
    stays, so that a later change of the roles is noticed.

    Calls: register, claims, the listing's schema, estimate and rules of signing in, files,
    witnesses.
    PoolPausedError: the pool is being recovered; what would be listed changes under the run.
    """
    recovered = ctx.witnesses.unsettled() if ctx.witnesses else []
    if any(each.under_way for each in recovered):
        raise PoolPausedError("the pool is being recovered")
    holder = ctx.register.open(run)
    store = ctx.store(run)
    if store.is_opened() and holder.execution == run.execution:
        return store.opened()
    claims = ctx.claims.read_claims()
    schema = patiently(ctx, USER_POOL_READ, ctx.listing.schema)
    opened = Opened(
        run=run,
        holder=holder,
        active=is_active(ctx.region, claims, ()),
        claims=dict(claims.numbers),
        pool_of_record=ctx.register.pool_of_record(ctx.user_pool_id),
        estimated_users=patiently(ctx, USER_POOL_READ, ctx.listing.estimated_users),
        copies_trusted=ORIGIN_SUB_ATTRIBUTE in schema.attributes
        and read_pool_note(ctx).misfiled == 0,
        opened_at=ctx.clock.now().isoformat(),
        recovered=tuple(sorted(each.id for each in recovered)),
        triggers=schema.triggers,
        former_pool=ctx.witnesses.former_pool(ctx.user_pool_id) if ctx.witnesses else "",
        sign_in=patiently(ctx, USER_POOL_READ, ctx.listing.sign_in_rules),
        after_failover=ctx.after_failover,
    )
    if not opened.refused:
        store.write_opened(opened)
    return opened


def claims_of(opened: Opened) -> Claims:
    """The claims that held when the run was opened."""
    return Claims(opened.claims)
