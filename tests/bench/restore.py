"""Restoring a whole pool, by strategy: minutes beside the floor and AWS's reference solution.

`python -m tests.bench.restore [--users N] [--sample N] [--workers N]`. In virtual time, with
Cognito's default quotas, one group for each user. Admin calls: what runs is the code that repairs
a pool, by which a restore makes its users, on the strict pool, which refuses what exceeds its
quotas; a sample is made, and its pace is that of all, because nothing in it depends on how many
there are. Imitated are the functions around it; the latencies of AWS are assumed. Import jobs and
on demand are computed by the estimate (`cognito_standby/recovery/domain/restore_estimate.py`).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Fields, Subject
from cognito_standby.reconciliation.adapters.pacing import SharePacer, shares
from cognito_standby.reconciliation.domain.reconciliation import Drift, Suspect
from cognito_standby.reconciliation.domain.repairs import Did
from cognito_standby.reconciliation.services.visiting import Visitor
from cognito_standby.reconciliation.settings import RunConfig
from cognito_standby.recovery.domain.restore_estimate import (
    Crowd,
    Strategy,
    estimates,
    minutes_if_all_come,
)
from cognito_standby.replication.services.context import SyncContext
from tests.bench.reconcile.assumptions import Delays
from tests.bench.reconcile.virtual_time import VirtualTime
from tests.twins.clock import NumberedPasswords
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.quota import Quotas
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.twins.stores.erasures import InMemoryErasureList
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable, ItemKey
from tests.unit.world import BACKUP, INSTALLATION, PRIMARY, pool_config

REFERENCE_MINUTES = 1313.0
"""What AWS's "Cognito User Profiles Export" took to import 500,000 users with one group each (its
implementation guide, ended in March 2025)."""
USERS, SAMPLE = 500_000, 6_000
COGNITO_SECONDS, DYNAMODB_SECONDS = 0.06, 0.01
"""A call about one user, and one about an item: assumed."""
GROUP = "staff"


@dataclass
class Made:
    """What making a sample by admin calls came to. Seconds are virtual."""

    users: int
    share: float
    workers: int
    seconds: float = 0.0
    did: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    """Requests of Cognito, by quota category."""
    refused: int = 0
    write_units: float = 0.0
    read_units: float = 0.0

    def minutes(self, users: int) -> float:
        """For so many, at the sample's pace."""
        return self.seconds * users / self.users / 60


class Slow:
    """A port whose answers take time."""

    def __init__(self, port: Any, clock: VirtualTime, seconds: Callable[[], float]) -> None:
        self._port, self._clock, self._seconds = port, clock, seconds

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def slowly(*given: Any, **named: Any) -> Any:
            self._clock.sleep(self._seconds())
            return found(*given, **named)

        return slowly


class Restoring:
    """A standby that lost everybody, and the workers that make them again."""

    def __init__(self, users: int, share: float, workers: int, *, seed: int = 1) -> None:
        self.made = Made(users, share, workers)
        self._clock, self._delays = VirtualTime(), Delays(seed)
        self._table = GlobalTable(INSTALLATION)
        self.pool = StrictPool(pool_config(BACKUP), self._clock)
        self._ctx = self._context()
        self.pool.create_group(PoolGroup(GROUP))
        for number in range(users):
            record = Record(_subject(number), PRIMARY, 1, 1, _fields(number))
            self._table.write(PRIMARY, ItemKey(record.subject.key, PRIMARY), record)
        self._table.replicate_all()
        self.pool.quotas = Quotas(self._clock)

    def run(self) -> Made:
        """All of them."""
        made, began = self.made, self._clock.seconds
        jobs = [self._job(number) for number in range(made.workers)]
        for visitor in self._clock.run_all(jobs, made.workers, lambda: None):
            made.write_units += visitor.meter.write_units
            made.read_units += visitor.meter.read_units
        made.seconds = self._clock.seconds - began
        made.calls = Counter({str(name): n for name, n in self.pool.meter.by_category().items()})
        made.refused = sum(self.pool.meter.throttled.values())
        return made

    def _job(self, number: int) -> Callable[[], Visitor]:
        """One worker and its share of the users, and of the quotas."""

        def work() -> Visitor:
            rates = shares(DEFAULTS, self.made.share, self.made.workers)
            clock = self._clock
            pacer = SharePacer(
                rates, deadline=float("inf"), now=lambda: clock.seconds, sleep=clock.sleep
            )
            visitor = Visitor.of(self._ctx, pacer, f"worker-{number}", _no_housework)
            for one in range(number, self.made.users, self.made.workers):
                suspect = Suspect(Drift.MISSING_USER, _subject(one).key)
                self.made.did[visitor.visit(suspect).did.value] += 1
            return visitor

        return work

    def _context(self) -> SyncContext:
        clock, pool_id = self._clock, self.pool.config.pool_id
        return SyncContext(
            region=BACKUP,
            user_pool_id=pool_id,
            directory=self._slow(InMemoryUserDirectory(self.pool), COGNITO_SECONDS),
            records=self._slow(self._table.store(BACKUP), DYNAMODB_SECONDS),
            ledger=self._slow(InMemoryLedger(clock, user_pool_id=pool_id), DYNAMODB_SECONDS),
            bus=InMemoryHintBus(),
            clock=clock,
            passwords=NumberedPasswords(),
            erasures=InMemoryErasureList(BACKUP),
        )

    def _slow(self, port: Any, seconds: float) -> Any:
        return Slow(port, self._clock, lambda: self._delays.of(seconds))


def report(users: int, sample: int, workers: int) -> str:
    """Measured and computed, one strategy a line."""
    share = RunConfig().quota_share
    whole, half = (Restoring(sample, each, workers).run() for each in (1.0, share))
    costs = estimates(Crowd(users, users), DEFAULTS, 1.0)
    admin, jobs = costs[Strategy.ADMIN], costs[Strategy.IMPORT]
    minutes = whole.minutes(users)
    each = {name: f"{n / sample:.2f}" for name, n in sorted(whole.calls.items())}
    lines = [
        f"{users:,} users, one group each; AWS's reference solution: {REFERENCE_MINUTES:,.0f} min",
        f"{Strategy.ADMIN}: {minutes:,.0f} min at the whole of the quotas, "
        f"{minutes / admin.floor:.2f} of the floor ({admin.floor:,.0f} min, {admin.bottleneck}), "
        f"{REFERENCE_MINUTES / minutes:.1f} times as fast as the reference; "
        f"{half.minutes(users):,.0f} min at {share:.0%} (default)",
        f"  a sample of {sample:,} by {workers} workers: {_did(whole)}, refused "
        f"{whole.refused} and {half.refused}; requests a user {each}; "
        f"{whole.write_units / sample:.1f} write units, {whole.read_units / sample:.1f} read units",
        f"{Strategy.IMPORT}: {jobs.minutes:,.0f} min computed, decided by {jobs.bottleneck}; "
        f"{jobs.jobs} jobs",
        f"{Strategy.ON_DEMAND}: 0 min; "
        f"{minutes_if_all_come(users, DEFAULTS):,.0f} min computed, if all come by their password",
    ]
    lines += [
        f"{cost.strategy}: {_usd(cost.users_usd)}; DynamoDB, Step Functions {cost.usd:,.2f} USD"
        for cost in costs.values()
    ]
    return "\n".join(lines)


def _did(made: Made) -> str:
    return ", ".join(f"{n:,} {what}" for what, n in sorted(made.did.items()))


def _usd(users: Mapping[str, float]) -> str:
    return ", ".join(f"{usd:,.0f} USD on {plan}" for plan, usd in users.items())


def _no_housework(*_: Any) -> tuple[Did, str]:
    raise NotImplementedError("a restore purges and strips nobody")


def _subject(number: int) -> Subject:
    return Subject.user(f"origin-{number:07d}")


def _fields(number: int) -> Fields:
    user = f"user-{number}"
    return {
        "present": "true",
        "enabled": "true",
        "username": user,
        "attr:name": user,
        f"group:{GROUP}": "true",
    }


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--workers", type=int, default=RunConfig().concurrency)
    asked = parser.parse_args()
    sys.stdout.write(f"{report(asked.users, asked.sample, asked.workers)}\n")


if __name__ == "__main__":
    main()
