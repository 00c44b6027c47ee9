"""A clock that nobody waits for, and threads that take turns on it.

One thread runs at a time. Whoever sleeps hands over to the one that wakes next, so an hour of
waiting costs no time, and the same run gives the same figures: what is measured in virtual time
does not depend on the machine. What a thread computes takes no virtual time by itself; workers
add it by what they were measured to need (`Stopwatch`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

_START = datetime(2026, 1, 1, tzinfo=UTC)
_STACK_BYTES = 512 * 1024

T = TypeVar("T")


class VirtualTime:
    """Clock of the ports, and scheduler of threads."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """Since the beginning."""
        self._order = count()
        self._sleepers: list[tuple[float, int, threading.Lock]] = []
        self._own = threading.local()

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return _START + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        """Let others run until then."""
        turn = self._turn()
        self._wake_at(self.seconds + max(0.0, seconds), turn)
        self._hand_over(turn)

    def run_all(
        self, jobs: Iterable[Callable[[], T]], at_once: int, on_start: Callable[[], None]
    ) -> list[T]:
        """Run jobs side by side, `at_once` of them, as a Distributed Map does; in their order.

        Every worker runs `on_start` once, before its first job. The first error is raised when
        all have ended.
        """
        pool = _Pool(list(jobs))
        turns = [_taken() for _ in range(min(at_once, len(pool.jobs)))]
        if not turns:
            return []
        workers = [
            threading.Thread(target=self._work, args=(pool, turn, on_start), daemon=True)
            for turn in turns
        ]
        for turn in turns:
            self._wake_at(self.seconds, turn)
        pool.working, pool.caller = len(workers), self._turn()
        before = threading.stack_size(_STACK_BYTES)
        for worker in workers:
            worker.start()
        threading.stack_size(before)
        self._hand_over(pool.caller)
        for worker in workers:
            worker.join()
        if pool.errors:
            raise pool.errors[0]
        return [pool.results[number] for number in range(len(pool.jobs))]

    def _work(self, pool: _Pool[T], turn: threading.Lock, on_start: Callable[[], None]) -> None:
        self._own.turn = turn
        turn.acquire()
        try:
            on_start()
            while pool.taken < len(pool.jobs) and not pool.errors:
                number = pool.taken
                pool.taken += 1
                pool.results[number] = pool.jobs[number]()
        except BaseException as error:  # noqa: BLE001 - the caller's thread raises it
            pool.errors.append(error)
        pool.working -= 1
        if not pool.working:
            assert pool.caller is not None
            self._wake_at(self.seconds, pool.caller)
        self._next().release()

    def _turn(self) -> threading.Lock:
        """This thread's lock: whoever releases it lets this thread run."""
        if not hasattr(self._own, "turn"):
            self._own.turn = _taken()
        turn: threading.Lock = self._own.turn
        return turn

    def _wake_at(self, when: float, turn: threading.Lock) -> None:
        heappush(self._sleepers, (when, next(self._order), turn))

    def _next(self) -> threading.Lock:
        when, _, turn = heappop(self._sleepers)
        self.seconds = max(self.seconds, when)
        return turn

    def _hand_over(self, mine: threading.Lock) -> None:
        turn = self._next()
        if turn is not mine:
            turn.release()
            mine.acquire()


def _taken() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass
class _Pool(Generic[T]):
    """Jobs of one map, and who still works on them."""

    jobs: list[Callable[[], T]]
    taken: int = 0
    working: int = 0
    caller: threading.Lock | None = None
    results: dict[int, T] = field(default_factory=dict)
    errors: list[BaseException] = field(default_factory=list)


class Stopwatch:
    """Processor time of the code under test, without that of the world around it.

    Every thread has its own sums. Seconds of one core of this machine.
    """

    def __init__(self) -> None:
        self._own = threading.local()

    def own_seconds(self) -> float:
        """What this thread has computed so far, outside of `world`."""
        return time.thread_time() - float(getattr(self._own, "world", 0.0))

    @contextmanager
    def world(self) -> Iterator[None]:
        """What happens in here is AWS's work and not ours."""
        began = time.thread_time()
        try:
            yield
        finally:
            spent = time.thread_time() - began
            self._own.world = float(getattr(self._own, "world", 0.0)) + spent
