"""The quotas of a local AWS that runs in another process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.control import QUOTAS, read_state


@dataclass(frozen=True)
class Told:
    """One look at `/_local/quotas`."""

    state: dict[str, Any]

    def refused(
        self, quota: str, caller: Callable[[str], bool] = lambda _: True, region: str = ""
    ) -> int:
        """Refused calls of a quota, in one Region or all."""
        return self._sum("refused", quota, caller, region)

    def asked(
        self, quota: str, caller: Callable[[str], bool] = lambda _: True, region: str = ""
    ) -> int:
        """Calls of a quota, refused ones included."""
        return self._sum("asked", quota, caller, region)

    def peak(self) -> int:
        """The most invocations at once in any Region."""
        return max((at["peak"] for at in self.state["concurrency"].values()), default=0)

    def _sum(self, what: str, quota: str, caller: Callable[[str], bool], region: str) -> int:
        return sum(
            each[what]
            for each in self.state["calls"]
            if each["quota"] == quota and caller(each["caller"]) and region in ("", each["region"])
        )


def quotas_at(endpoint: str) -> Told:
    """Ask the control interface."""
    return Told(read_state(endpoint, QUOTAS))
