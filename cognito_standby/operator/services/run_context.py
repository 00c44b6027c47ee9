"""What an operator's commands about reconciliation are handed for one Region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.core.ports import Clock
from cognito_standby.operator.ports import Executions, Reconciliations
from cognito_standby.reconciliation.ports import PoolListing, RunFiles, RunRegister


@dataclass(frozen=True)
class RunContext:
    """One Region's runs and reports. `pause` waits that many seconds."""

    region: str
    user_pool_id: str
    files: RunFiles
    register: RunRegister
    machine: Reconciliations
    executions: Executions
    listing: PoolListing
    clock: Clock
    pause: Callable[[float], None]
