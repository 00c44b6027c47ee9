"""What an operator's `standby failover` works on, and what it needs besides `standby status`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cognito_standby.failures.domain.executions import Execution
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.recovery.domain.checks import World


class Machine(Protocol):
    """One machine of a Region. Raises as all ports do."""

    def find(self, name: str) -> Execution | None:
        """The execution of that name; None: there is none."""

    def start(self, name: str, given: Mapping[str, Any]) -> bool:
        """Start one. False: another one, with another input, has that name."""

    def redrive(self, arn: str) -> str:
        """Run it on from where it failed. "": it runs; otherwise why not."""

    def stop(self, arn: str, why: str) -> None:
        """End it. Ended already is success."""

    def place(self, arn: str) -> str:
        """In which state it is, and what that waits for; "": not known."""


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
