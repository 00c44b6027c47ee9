"""Twin of the machines of a failover, for who starts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cognito_standby.recovery.domain.region_switch import Seen


@dataclass
class InMemoryFailoverMachines:
    """FailoverMachines; `end` is what a machine does."""

    runs: dict[tuple[str, str], Seen] = field(default_factory=dict)
    started: list[tuple[str, str]] = field(default_factory=list)

    def find(self, machine: str, name: str) -> Seen | None:
        """By its name."""
        return self.runs.get((machine, name))

    def start(self, machine: str, name: str, given: Mapping[str, Any]) -> bool:
        """A name is used once; the same again while it runs is the same execution."""
        seen = self.runs.get((machine, name))
        if seen is not None:
            return seen.going and seen.given == given
        self.runs[machine, name] = Seen(True, dict(given), {})
        self.started.append((machine, name))
        return True

    def end(self, machine: str, name: str, output: Mapping[str, Any], error: str = "") -> None:
        """It ends."""
        seen = self.runs[machine, name]
        self.runs[machine, name] = replace(seen, going=False, output=dict(output), error=error)
