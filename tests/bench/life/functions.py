"""Lambda in virtual time: warm processes, cold starts, and the concurrency of an account."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cognito_standby.triggers.services.slots import COLD_START
from local.quotas.concurrency import Concurrency, Limit

P = TypeVar("P")


@dataclass
class Cursor:
    """Where one run is in time: what it waits for moves it, and nobody else."""

    at: float = 0.0

    def wait(self, seconds: float) -> None:
        """Something takes so long."""
        self.at += seconds


@dataclass
class Counted:
    """What functions were asked, and what became of it."""

    invocations: Counter[str] = field(default_factory=Counter)
    cold: Counter[str] = field(default_factory=Counter)
    throttled: Counter[tuple[str, str]] = field(default_factory=Counter)
    longest: Counter[str] = field(default_factory=Counter)
    """Milliseconds, a cold start included, as Cognito sees it."""


class Functions(Generic[P]):
    """One Region's functions; `start` makes a process, which is what outlives a run."""

    def __init__(
        self, limit: int, reserved: Mapping[str, int], start: Callable[[str, Cursor], P]
    ) -> None:
        self.concurrency, self._reserved = Concurrency(limit), reserved
        self.counted = Counted()
        self._start = start
        self._warm: dict[str, list[tuple[P, Cursor]]] = defaultdict(list)
        self._ends: list[tuple[float, str, tuple[P, Cursor]]] = []

    def begin(self, name: str, now: float) -> tuple[P, Cursor] | Limit:
        """A process for a run that begins now, or why Lambda refuses it. The one that was used
        last comes first."""
        self._settle(now)
        refused = self.concurrency.enter(name, self._reserved)
        self.counted.invocations[name] += 1
        if refused is not None:
            self.counted.throttled[name, refused.name] += 1
            return refused
        if self._warm[name]:
            process, cursor = self._warm[name].pop()
            cursor.at = now
            return process, cursor
        self.counted.cold[name] += 1
        cursor = Cursor(now)
        cursor.wait(COLD_START)
        return self._start(name, cursor), cursor

    def end(self, name: str, began: float, process: tuple[P, Cursor]) -> None:
        """The run ends where its cursor is."""
        took = round((process[1].at - began) * 1000)
        self.counted.longest[name] = max(self.counted.longest[name], took)
        self._ends.append((process[1].at, name, process))

    def _settle(self, now: float) -> None:
        ended = [each for each in self._ends if each[0] <= now]
        self._ends = [each for each in self._ends if each[0] > now]
        for _, name, process in sorted(ended, key=lambda each: each[0]):
            self.concurrency.leave(name)
            self._warm[name].append(process)
