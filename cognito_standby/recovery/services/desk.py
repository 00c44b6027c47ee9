"""What an operator's `standby failover` works on, and what it needs besides `standby status`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.recovery.domain.checks import World
from cognito_standby.recovery.ports import Machine


@dataclass(frozen=True)
class Desk:
    """One Region, for whoever fails over."""

    context: OperatorContext
    fail_over: Machine
    stand_down: Machine
    world: Callable[[], World]

    @property
    def region(self) -> str:
        """Which one."""
        return self.context.region
