"""A backlog of changes that arrives in a standby at once: how fast it drains, and who is refused.

`python -m tests.bench.backlog [--changes N] [--share S]`. In virtual time, with Cognito's default
quotas. What runs is the code of Plan Sync and Replay Record, on the strict pool; what is imitated
is Step Functions (waits, retries of throttled states) and the pipe. All requests of a state are
made in the instant in which it begins. Meanwhile an app of the same account and Region, whose pools
have the same quotas, signs people up.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.quotas import DEFAULTS, USER_UPDATE
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Fields, Subject
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.replay import replay_record
from cognito_standby.replication.services.sync import STREAM, plan_sync
from stacks.config.replay import QUOTA_SHARE
from tests.twins.clock import ManualClock, NumberedPasswords
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.quota import Quotas
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.twins.stores.erasures import InMemoryErasureList
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import ItemKey
from tests.twins.turns import InMemoryTurns
from tests.unit.world import BACKUP, PRIMARY, World, pool_config
from workflows import load

STARTS_A_SECOND = 100.0
"""Executions that the pipe starts: assumed; a shard's ten pollers take 0.1 s for one."""

SIGN_UPS_A_SECOND = 20.0
PASSWORD = "Aa1!of-the-app"


@dataclass
class Figures:
    """What came of it. Seconds are virtual."""

    changes: int
    share: float
    seconds: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    """Requests of replays that Cognito refused, by quota category, in states that were retried."""
    given_up: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    sign_ups: int = 0
    sign_ups_refused: int = 0

    @property
    def floor_seconds(self) -> float:
        """The least that one write each takes at the whole of the quota."""
        return self.changes / DEFAULTS[USER_UPDATE]

    @property
    def ratio(self) -> float:
        """Of the pace that the quota allows."""
        return self.floor_seconds / self.seconds

    def __str__(self) -> str:
        per_change = {name: f"{n / self.changes:.2f}" for name, n in sorted(self.calls.items())}
        return (
            f"{self.changes:,} changes at {self.share:.0%} of the quotas: {self.seconds:,.0f} s, "
            f"{self.ratio:.3f} of the floor ({self.floor_seconds:,.0f} s); refused "
            f"{dict(self.refused)}, given up {self.given_up}; the app: {self.sign_ups:,} sign-ups, "
            f"{self.sign_ups_refused} refused; requests a change {per_change}"
        )


class Backlog:
    """A standby whose users are all in sync, until a change of each arrives."""

    def __init__(self, changes: int, share: float, *, seed: int = 1) -> None:
        self.figures = Figures(changes, share)
        self.clock, self._random = ManualClock(), random.Random(seed)
        self._began, self._order = self.clock.now(), count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self.quotas = Quotas(self.clock)
        self.pool = StrictPool(pool_config(BACKUP), self.clock)
        self.app = StrictPool(
            replace(pool_config(BACKUP), pool_id="app", auto_verified=("email",)),
            self.clock,
            self.quotas,
        )
        self.world = World()
        self.ctx = self._context(share)
        self._settle()
        self.pool.quotas = self.quotas

    def run(self) -> Figures:
        """Let the changes arrive, and drain."""
        before = Counter(self.pool.meter.calls)
        for number in range(self.figures.changes):
            self._write(number, "new")
            start = number / STARTS_A_SECOND
            self._at(start, lambda number=number: self._plan(number, 0))  # type: ignore[misc]
        self.world.table.replicate_all()
        self._left = self.figures.changes
        self._at(0.0, self._sign_up)
        while self._left and self._events:
            when, _, act = heappop(self._events)
            self.clock.set(self._began + timedelta(seconds=when))
            act()
        self.figures.seconds = self._now()
        self.figures.calls = Counter(self.pool.meter.calls) - before
        return self.figures

    def _context(self, share: float) -> SyncContext:
        rates = {name: rate * share for name, rate in DEFAULTS.items()}
        return SyncContext(
            region=BACKUP,
            user_pool_id=self.pool.config.pool_id,
            directory=InMemoryUserDirectory(self.pool),
            records=self.world.table.store(BACKUP),
            ledger=InMemoryLedger(self.clock, user_pool_id=self.pool.config.pool_id),
            bus=InMemoryHintBus(),
            clock=self.clock,
            passwords=NumberedPasswords(),
            erasures=InMemoryErasureList(BACKUP),
            turns=InMemoryTurns(self.clock),
            rates=rates,
        )

    def _settle(self) -> None:
        self.ctx.directory.schema()
        for number in range(self.figures.changes):
            self._write(number, "old")
        self.world.table.replicate_all()
        for number in range(self.figures.changes):
            replay_record(self.ctx, _subject(number), "before")

    def _write(self, number: int, name: str) -> None:
        subject, revision = _subject(number), 1 if name == "old" else 2
        record = Record(subject, PRIMARY, revision, 1, _fields(number, name))
        self.world.table.write(PRIMARY, ItemKey(subject.key, PRIMARY), record)

    def _at(self, when: float, act: Callable[[], None]) -> None:
        heappush(self._events, (when, next(self._order), act))

    def _now(self) -> float:
        return (self.clock.now() - self._began).total_seconds()

    def _plan(self, number: int, attempt: int) -> None:
        hint = Hint(origin_sub=_subject(number).key, cause=STREAM)
        try:
            planned = plan_sync(self.ctx, hint, f"run-{number}#0")
        except ThrottledError:
            self._again(attempt, lambda: self._plan(number, attempt + 1))
            return
        assert planned.decision == "apply", planned
        turn = self._now() + planned.wait_seconds
        self._at(turn, lambda: self._replay(number, 0))

    def _replay(self, number: int, attempt: int) -> None:
        before = Counter(self.pool.meter.throttled)
        try:
            replay_record(self.ctx, _subject(number), f"run-{number}#0")
        except ThrottledError:
            self.figures.refused += Counter(self.pool.meter.throttled) - before
            self._again(attempt, lambda: self._replay(number, attempt + 1))
        else:
            self._left -= 1

    def _again(self, attempt: int, act: Callable[[], None]) -> None:
        """As the policy for throttled calls: full jitter below a limit that doubles."""
        if attempt == _THROTTLED["MaxAttempts"]:
            self.figures.given_up += 1
            self._left -= 1
            return
        most = _THROTTLED["IntervalSeconds"] * _THROTTLED["BackoffRate"] ** attempt
        pause = self._random.uniform(0, min(most, _THROTTLED["MaxDelaySeconds"]))
        self._at(self._now() + pause, act)

    def _sign_up(self) -> None:
        """Somebody signs up and confirms: two requests of UserCreation."""
        number = self.figures.sign_ups = self.figures.sign_ups + 1
        name = f"app-{number}"
        try:
            self.app.sign_up(name, PASSWORD, {"email": f"{name}@x.org"})
            self.app.confirm_sign_up(name, self.app.latest_code(name))
        except CognitoError as error:
            assert error.code == "TooManyRequestsException", error
            self.figures.sign_ups_refused += 1
        self.app.messages.clear()
        self._at(self._now() + 1 / SIGN_UPS_A_SECOND, self._sign_up)


def _retries() -> Iterator[dict[str, float]]:
    for rule in load("sync_user").parsed["States"]["Replay Record"]["Retry"]:
        if "ThrottledError" in rule["ErrorEquals"]:
            yield rule


(_THROTTLED,) = _retries()


def _subject(number: int) -> Subject:
    return Subject.user(f"origin-{number:07d}")


def _fields(number: int, name: str) -> Fields:
    user = f"user-{number}"
    return {"present": "true", "enabled": "true", "username": user, "attr:name": name}


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--changes", type=int, default=100_000)
    parser.add_argument("--share", type=float, default=QUOTA_SHARE)
    asked = parser.parse_args()
    sys.stdout.write(f"{Backlog(asked.changes, asked.share).run()}\n")


if __name__ == "__main__":
    main()
