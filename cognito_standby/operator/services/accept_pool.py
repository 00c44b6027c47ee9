"""`standby accept-pool`: an operator confirms that another user pool took the place of the known
one, by config."""

from __future__ import annotations

from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.domain.replacement import Replacement
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.operator.services.run_context import RunContext


def pools_of(ctx: OperatorContext) -> Replacement:
    """The pool that this Region's reconciliations know, and that of the stack.

    MisconfiguredError: no reconciliation there.
    """
    runs = _runs(ctx)
    return Replacement(runs.register.known_pool(), runs.user_pool_id)


def accept_pool(ctx: OperatorContext, pools: Replacement) -> bool:
    """Accept the pool that was shown. False: somebody accepted another one meanwhile. Twice is
    once."""
    register = _runs(ctx).register
    return (
        register.accept_pool(pools.known, pools.present) or register.known_pool() == pools.present
    )


def _runs(ctx: OperatorContext) -> RunContext:
    if ctx.runs is None:
        raise MisconfiguredError("its stack has no reconciliation")
    return ctx.runs
