"""One account in one Region: quotas, latencies and counts that all twins share."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from tests.bench.reconcile.assumptions import Delays, Latencies
from tests.bench.reconcile.population import Population
from tests.bench.reconcile.virtual_time import Stopwatch, VirtualTime
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.quota import Quotas

POOL: Final = "us-east-1_BenchPool"


@dataclass
class Counts:
    """What AWS was asked."""

    calls: Counter[str] = field(default_factory=Counter)
    """By operation, refused ones included."""
    throttled: Counter[str] = field(default_factory=Counter)
    read_units: float = 0.0
    write_units: float = 0.0


class World:
    """One account in one Region: everything that the twins share."""

    def __init__(self, people: Population, latencies: Latencies, seed: int = 1) -> None:
        self.people, self.latencies = people, latencies
        self.time, self.watch, self.counts = VirtualTime(), Stopwatch(), Counts()
        self._delays, self._quotas = Delays(seed), Quotas(self.time)
        self._shards: dict[str, array[int]] | None = None

    @contextmanager
    def answering(self, operation: str, seconds: float) -> Iterator[Callable[[float], None]]:
        """AWS's side of one call: not our processor time, and a while until the answer is here.

        The caller is told how to add the seconds in which the function digests the answer.
        """
        self.counts.calls[operation] += 1
        digesting: list[float] = []
        with self.watch.world():
            yield digesting.append
            self.time.sleep(self._delays.of(seconds) + sum(digesting))

    def spend_quota(self, operation: str) -> None:
        """One request against its quota. ThrottledError."""
        try:
            self._quotas.spend(operation, POOL)
        except CognitoError:
            self.counts.throttled[operation] += 1
            self.time.sleep(self._delays.of(self.latencies.refusal))
            raise ThrottledError(operation) from None

    def shard(self, shard: str) -> Sequence[int]:
        """The numbers of a shard's users: 4 bytes a user are held, for the hash has no inverse."""
        if self._shards is None:
            self._shards = {f"{number:02x}": array("I") for number in range(SHARDS)}
            for number in range(self.people.users):
                digest = sha256(self.people.sub(number).encode()).hexdigest()
                self._shards[digest[:2]].append(number)
        return self._shards[shard]
