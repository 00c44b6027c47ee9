"""`standby accept-pool`: an operator confirms that another user pool took the place of the known
one, by config."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.services.context import Desk
from cognito_standby.operator.services.run_context import RunDesk


@dataclass(frozen=True)
class PoolsSeen:
    """The pool that this Region's reconciliations know, "" for none yet, and that of the stack."""

    known: str
    present: str

    @property
    def differ(self) -> bool:
        """Whether reconciliations stop until somebody's word."""
        return self.known not in ("", self.present)


def pools_of(desk: Desk) -> PoolsSeen:
    """Which pool is known, and which is there. MisconfiguredError: no reconciliation there."""
    runs = _runs(desk)
    return PoolsSeen(runs.register.known_pool(), runs.user_pool_id)


def accept_pool(desk: Desk, pools: PoolsSeen) -> bool:
    """Accept the pool that was shown. False: somebody accepted another one meanwhile. Twice is
    once."""
    register = _runs(desk).register
    return (
        register.accept_pool(pools.known, pools.present) or register.known_pool() == pools.present
    )


def _runs(desk: Desk) -> RunDesk:
    if desk.runs is None:
        raise MisconfiguredError("its stack has no reconciliation")
    return desk.runs
