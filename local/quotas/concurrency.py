"""Lambda's concurrency in one Region of an account. Pure.

A reservation is a floor and a cap: its function never uses more, nobody else uses that. What is
not reserved is shared by all other functions, and Lambda keeps 100 of it free of reservations, or
the whole limit of an account that has less (Lambda developer guide, "Configuring reserved
concurrency for a function"; accounts limited to 10 are refused any reservation).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

UNRESERVED_AT_LEAST = 100


class Limit(StrEnum):
    """Why an invocation is refused, as Lambda's `Reason` says it."""

    FUNCTION = "ReservedFunctionConcurrentInvocationLimitExceeded"
    ACCOUNT = "ConcurrentInvocationLimitExceeded"


@dataclass
class Concurrency:
    """What runs now, and the most that ever ran."""

    limit: int
    running: Counter[str] = field(default_factory=Counter)
    peaks: Counter[str] = field(default_factory=Counter)
    peak: int = 0

    def enter(self, function: str, reserved: Mapping[str, int]) -> Limit | None:
        """Count an invocation that begins; a reason, and nothing is counted, if it may not.

        `reserved` are the reservations of the Region, by function.
        """
        if function in reserved:
            if self.running[function] >= reserved[function]:
                return Limit.FUNCTION
        else:
            shared = sum(n for name, n in self.running.items() if name not in reserved)
            if shared >= self.limit - sum(reserved.values()):
                return Limit.ACCOUNT
        self.running[function] += 1
        self.peaks[function] = max(self.peaks[function], self.running[function])
        self.peak = max(self.peak, self.running.total())
        return None

    def leave(self, function: str) -> None:
        """An invocation ended."""
        self.running[function] -= 1
        if self.running[function] <= 0:
            del self.running[function]


def refused_reservation(limit: int, others: int, wanted: int) -> str:
    """Why so much cannot be reserved beside what others have, or ""."""
    least = min(UNRESERVED_AT_LEAST, limit)
    if not wanted or others + wanted <= limit - least:
        return ""
    return (
        "Specified ReservedConcurrentExecutions for function decreases account's "
        f"UnreservedConcurrentExecution below its minimum value of [{least}]."
    )
