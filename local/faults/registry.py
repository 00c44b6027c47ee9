"""`Faults`: the faults that are active, their draws and their counters."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from local.faults.model import REPLICATION, THROTTLED, Callers, Fault, FaultKind, How, SeenCall

_LEAST_LAG = 0.2
"""Of its seconds: what is late is late for certain."""


@dataclass
class _Active:
    """A fault, how often it struck, and where its draws stand."""

    id: int
    fault: Fault
    struck: int = 0
    turns: Counter[str] = field(default_factory=Counter)
    buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def hits(self, key: str) -> bool:
        """The next draw of this caller or thing."""
        return self._next(key).random() < self.fault.rate

    def lag(self, key: str) -> float:
        """Seconds by which the next one is late; 0: it is not."""
        draws = self._next(key)
        if draws.random() >= self.fault.rate:
            return 0.0
        return self.fault.seconds * draws.uniform(_LEAST_LAG, 1.0)

    def _next(self, key: str) -> random.Random:
        self.turns[key] += 1
        text = f"{self.fault.seed}|{self.fault.kind}|{self.fault.code}|{key}|{self.turns[key]}"
        return random.Random(text)  # noqa: S311 - reproducible

    def exceeds(self, key: str, now: float) -> bool:
        """Whether one more call is more than the bucket holds: a second's worth."""
        limit = self.fault.per_second
        tokens, then = self.buckets.get(key, (max(1.0, limit), now))
        tokens = min(max(1.0, limit), tokens + (now - then) * limit)
        self.buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens < 1


@dataclass(frozen=True)
class FaultVerdict:
    """What happens to one call: seconds of delay, and an error code or ""."""

    delay: float = 0.0
    code: str = ""
    status: int = 0
    after: bool = False


class Faults:
    """All faults of one local AWS; may be used from any thread. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._active: dict[int, _Active] = {}
        self._ids = itertools.count(1)
        self._counts: Counter[str] = Counter()
        self._change = threading.Condition()
        self._listeners: list[Callable[[], None]] = []

    def add(self, fault: Fault) -> int:
        """Start a fault; returns its id."""
        with self._change:
            number = next(self._ids)
            self._active[number] = _Active(number, fault)
        return number

    def clear(self, number: int | None = None) -> int:
        """End one fault, or all; returns how many ended. The counters stay."""
        with self._change:
            ended = list(self._active) if number is None else [number] * (number in self._active)
            for each in ended:
                del self._active[each]
            self._change.notify_all()
        for listener in self._listeners:
            listener()
        return len(ended)

    def state(self) -> dict[str, Any]:
        """The active faults and all counters since the start, as JSON data."""
        with self._change:
            rows = [{"id": a.id, "struck": a.struck, **a.fault.to_dict()} for a in self._each()]
            return {"faults": rows, "counts": dict(sorted(self._counts.items()))}

    @property
    def any(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self._active)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call this after faults ended."""
        self._listeners.append(listener)

    def note(self, kind: FaultKind, what: str, **names: str) -> None:
        """Count what a fault of this kind did, that matches these names."""
        with self._change:
            self._counts[what] += 1
            for active in self._each(kind, **names):
                active.struck += 1

    def verdict(self, call: SeenCall) -> FaultVerdict:
        """What happens to a call: all delays, and the first error."""
        delay, refusal = 0.0, None
        with self._change:
            for active in self._matching(call):
                fault = active.fault
                if fault.kind is FaultKind.LATENCY and active.hits(call.key):
                    delay += fault.seconds
                    self._strike(active, "latency")
                elif refusal is None and self._refuses(active, call):
                    refusal = fault
        if refusal is None:
            return FaultVerdict(delay)
        code = THROTTLED if refusal.kind is FaultKind.THROTTLE else refusal.code
        return FaultVerdict(delay, code, refusal.status, refusal.after)

    def dark(self, region: str) -> How | None:
        """Whether a Region is dark, and how it (does not) answer."""
        found = next(self._each(FaultKind.DARK, region=region), None)
        return found.fault.how if found else None

    def wait_for_light(self, region: str) -> None:
        """Stand still while the Region is dark."""
        if not self._active:
            return
        with self._change:
            self._change.wait_for(lambda: self.dark(region) is None)

    def kill_after(self, function: str, region: str) -> float | None:
        """Seconds after which this invocation dies, None when it does not."""
        with self._change:
            for active in self._each(FaultKind.KILL, function=function, region=region):
                if active.hits(f"{region}/{function}"):
                    return active.fault.seconds
        return None

    def edge_fails(self, edge: str, region: str) -> str:
        """The error code with which this passage of an edge fails, or ""."""
        with self._change:
            for active in self._each(FaultKind.EDGE, edge=edge, region=region):
                if active.hits(f"{region}/{edge}"):
                    self._strike(active, f"edge {edge}")
                    return active.fault.code
        return ""

    def parted(self, region: str) -> bool:
        """Whether nothing replicates to this Region."""
        edges = self._each(FaultKind.EDGE, edge=REPLICATION, region=region)
        return any(active.fault.edge == REPLICATION for active in edges)

    def late_by(self, kind: FaultKind, region: str) -> float | None:
        """Seconds by which a stream's record comes late or again, None when it does not."""
        with self._change:
            for active in self._each(kind, region=region):
                if active.hits(region):
                    self._strike(active, str(kind))
                    return active.fault.seconds
        return None

    def lag(self, region: str) -> float:
        """Seconds by which the next write to this Region's replicas comes late; 0: it does not."""
        longest = 0.0
        with self._change:
            for active in self._each(FaultKind.LAG, region=region):
                if seconds := active.lag(region):
                    self._strike(active, "lag")
                    longest = max(longest, seconds)
        return longest

    def _each(self, kind: FaultKind | None = None, /, **names: str) -> Iterator[_Active]:
        for active in list(self._active.values()):
            if kind in (None, active.fault.kind) and active.fault.applies(**names):
                yield active

    def _matching(self, call: SeenCall) -> Iterator[_Active]:
        names = {"service": call.service, "operation": call.operation, "region": call.region}
        for active in self._each(**names, function=call.function):
            if active.fault.callers is Callers.ALL or call.function:
                yield active

    def _refuses(self, active: _Active, call: SeenCall) -> bool:
        if active.fault.kind is FaultKind.ERROR:
            struck, after = active.hits(call.key), " after effect" * active.fault.after
            what = f"error {active.fault.code}{after}"
        else:
            struck = active.fault.kind is FaultKind.THROTTLE and active.exceeds(
                call.region, self._clock()
            )
            what = "throttle"
        if struck:
            self._strike(active, what)
        return struck

    def _strike(self, active: _Active, what: str) -> None:
        active.struck += 1
        self._counts[what] += 1
