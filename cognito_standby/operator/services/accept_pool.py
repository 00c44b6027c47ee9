"""`standby accept-pool`: an operator confirms that another user pool took the place of the known
one, by config."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.operator.services.run_context import RunContext


@dataclass(frozen=True)
class PoolsSeen:
    """The pool that this Region's reconciliations know, "" for none yet, and that of the stack."""

    known: str
    present: str

    @property
    def differ(self) -> bool:
        """Whether reconciliations stop until somebody's word."""
        return self.known not in ("", self.present)


def pools_of(ctx: OperatorContext) -> PoolsSeen:
    """Which pool is known, and which is there. MisconfiguredError: no reconciliation there."""
    runs = _runs(ctx)
    return PoolsSeen(runs.register.known_pool(), runs.user_pool_id)


def accept_pool(ctx: OperatorContext, pools: PoolsSeen) -> bool:
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
