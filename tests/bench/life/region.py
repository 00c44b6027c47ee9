"""The Region that took over, in virtual time: people come in, and what they change is captured.

The other Region is dark: nothing arrives from it, and nothing that is written here leaves. People
who existed before were made by replays, with passwords that nobody knows. An app repeats what is
refused a few seconds later. What is imitated: Lambda's processes, the way from a hint to a run of
the machine, and the machine's retries. Latencies are assumed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count

from cognito_standby.core.domain.errors import StandbyError, ThrottledError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.replay import replay_record
from cognito_standby.replication.services.sync import capture_record, plan_sync
from cognito_standby.triggers.ports import StandsByError
from local.cognito_rules.states import SIGNED_IN
from local.quotas.categories import RATES, Category, category_of
from local.quotas.concurrency import Limit
from tests.bench.life.flows import Step, Trigger
from tests.bench.life.functions import Counted, Cursor, Functions
from tests.bench.life.triggers import CLAIM, COGNITO_WAITS, Process, Stores, active
from tests.bench.reconcile.assumptions import Latencies
from tests.twins.clock import ManualClock, NumberedPasswords
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.quota import Quotas
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.twins.stores.erasures import InMemoryErasureList
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable, ItemKey
from tests.twins.turns import InMemoryTurns
from tests.unit.world import BACKUP, INSTALLATION, PRIMARY, pool_config

_NORMAL = Latencies()
COGNITO_SECONDS = 0.06
"""One call of an app or of a step: assumed."""
TO_THE_MACHINE = 0.5
"""From a hint on the bus to the first state: assumed."""
AGAIN = (1.0, 3.0)
"""Seconds after which an app repeats what was refused: assumed."""
GIVES_UP_AFTER = 10
_PASSWORD = "Aa1!of-the-app"
_STEPS = ("plan_sync", "capture_record")


@dataclass
class Offered:
    """So many people a second, for so many seconds, by one flow."""

    name: str
    flow: tuple[Step, ...]
    rate: float
    seconds: float
    begins: float = 0.0


@dataclass
class Outcome:
    """What came of it. Seconds are virtual."""

    began: Counter[str] = field(default_factory=Counter)
    through: Counter[str] = field(default_factory=Counter)
    ended: dict[str, list[float]] = field(default_factory=dict)
    """When each who came through did, by flow."""
    refused: Counter[str] = field(default_factory=Counter)
    """Calls, by who refused them."""
    gave_up: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    """Requests that Cognito admitted, by category of its quotas, those of our steps included."""
    strangers: int = 0
    """Tokens that do not name the person by the origin sub."""
    captured: int = 0
    let_in: list[float] = field(default_factory=list)
    kept_out: list[float] = field(default_factory=list)
    """When the fence did."""
    functions: Counted = field(default_factory=Counted)
    peak: int = 0
    peaks: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)

    def pace(self, name: str, since: float, until: float) -> float:
        """People of a flow who came through, a second of this time."""
        ends = self.ended.get(name, ())
        return sum(since <= each < until for each in ends) / (until - since)

    @property
    def at_last(self) -> float:
        """When the fence was asked for the last time."""
        return max((*self.let_in, *self.kept_out), default=0.0)

    @property
    def for_our_sake(self) -> Counter[str]:
        """Refusals that are not Cognito's quotas, nor the fence's."""
        kept = {who: n for who, n in self.refused.items() if not who.startswith(("Cognito", FENCE))}
        return Counter(kept)


FENCE = "the fence"
CHALLENGES = "answers to challenges"
"""They have a rate of their own (`local/quotas/categories.py`, CHALLENGE_FACTOR)."""


@dataclass
class _Person:
    number: int
    flow: str
    steps: tuple[Step, ...]
    tries: int = 0
    code: str = ""


class LivingRegion:
    """Plays what is offered."""

    def __init__(
        self,
        people: int,
        *,
        limit: int,
        reserved: dict[str, int],
        claims: tuple[tuple[float, str, int], ...] = ((0.0, BACKUP, 2),),
        region: str = BACKUP,
        hangs: bool = False,
        parameter_hangs: bool = False,
        authentication: float | None = None,
        seed: int = 1,
    ) -> None:
        self.outcome, self._random = Outcome(), random.Random(seed)
        self._clock, self._order = ManualClock(), count()
        self._epoch = self._clock.now()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._people, self._now = people, 0.0
        self._table = GlobalTable(INSTALLATION)
        self.pool = StrictPool(pool_config(BACKUP), self._clock)
        self._ledger = InMemoryLedger(self._clock, user_pool_id=self.pool.config.pool_id)
        self._ctx = self._context()
        self._subs = self._settle()
        quotas = Quotas(self._clock, _rates(authentication))
        self.pool.quotas = quotas
        self._quotas = quotas
        actives = tuple((since, active(who, number)) for since, who, number in claims)
        self._stores = Stores(
            *(region, PRIMARY, actives, self._ledger.origin_of),
            hangs=hangs,
            parameter_hangs=parameter_hangs,
        )
        self._lambda: Functions[Process] = Functions(limit, reserved, self._process)

    def play(self, *offered: Offered) -> Outcome:
        """Until everybody is in, or has given up."""
        number = count()
        for each in offered:
            for one in range(round(each.rate * each.seconds)):
                person = _Person(next(number) % self._people, each.name, each.flow)
                self._at(each.begins + one / each.rate, lambda person=person: self._come(person))  # type: ignore[misc]
        meter = self.pool.meter
        before = meter.calls + Counter(), meter.throttled + Counter()
        while self._events:
            self._now, _, act = heappop(self._events)
            self._clock.set(self._epoch + timedelta(seconds=self._now))
            act()
        self._count(meter.calls - before[0], meter.throttled - before[1])
        return self.outcome

    def _count(self, calls: Counter[str], refused: Counter[str]) -> None:
        out = self.outcome
        for operation, n in (calls - refused).items():
            out.asked[str(category_of(operation))] += n
        out.functions, out.reads = self._lambda.counted, self._stores.asked
        out.peak, out.peaks = self._lambda.concurrency.peak, self._lambda.concurrency.peaks

    def _context(self) -> SyncContext:
        return SyncContext(
            region=BACKUP,
            user_pool_id=self.pool.config.pool_id,
            directory=InMemoryUserDirectory(self.pool),
            records=self._table.store(BACKUP),
            ledger=self._ledger,
            bus=InMemoryHintBus(),
            clock=self._clock,
            passwords=NumberedPasswords(),
            erasures=InMemoryErasureList(BACKUP),
            turns=InMemoryTurns(self._clock),
            rates=DEFAULTS,
        )

    def _settle(self) -> list[str]:
        """Everybody is made by a replay; then this Region claims. Their subs in this pool."""
        subjects = [Subject.user(f"origin-{number:07d}") for number in range(self._people)]
        for number, subject in enumerate(subjects):
            record = Record(subject, PRIMARY, 1, 1, _fields(number))
            self._table.write(PRIMARY, ItemKey(subject.key, PRIMARY), record)
        self._table.replicate_all()
        self._ctx.directory.schema()
        for subject in subjects:
            replay_record(self._ctx, subject, "before")
        self._ctx.records.put_claim(2)
        return [str(self._ledger.read(subject).local_sub) for subject in subjects]

    def _at(self, when: float, act: Callable[[], None]) -> None:
        heappush(self._events, (when, next(self._order), act))

    def _come(self, person: _Person) -> None:
        self.outcome.began[person.flow] += 1
        self._try(person)

    def _try(self, person: _Person) -> None:
        """One call of the app: Cognito's quota, then the triggers, one after the other."""
        step = person.steps[0]
        try:
            self._call(person, step)
        except CognitoError as error:
            assert error.code == "TooManyRequestsException", error
            self._refused(person, f"Cognito: {category_of(step.operation, step.challenge)}")
            return
        self._ask(person, step, step.asks, self._now + COGNITO_SECONDS)

    def _call(self, person: _Person, step: Step) -> None:
        name = _name(person.number)
        if step.operation == "ForgotPassword":
            self.pool.forgot_password(name)
            person.code = self.pool.latest_code(name)
        elif step.operation == "ConfirmForgotPassword":
            self.pool.confirm_forgot_password(name, person.code, _PASSWORD)
        elif person.flow == "recovery":
            assert self.pool.sign_in(name, _PASSWORD) == SIGNED_IN
        else:
            self._quotas.spend(step.operation, self.pool.config.pool_id, step.challenge)
            category = str(category_of(step.operation, step.challenge))
            self.outcome.asked[CHALLENGES if step.challenge else category] += 1
        self.pool.messages.clear()

    def _ask(
        self, person: _Person, step: Step, asks: tuple[tuple[Trigger, str], ...], when: float
    ) -> None:
        if not asks:
            self._at(when, lambda: self._done(person))
            return
        self._at(when, lambda: self._trigger(person, step, asks))

    def _trigger(self, person: _Person, step: Step, asks: tuple[tuple[Trigger, str], ...]) -> None:
        (trigger, source), *rest = asks
        begun = self._lambda.begin(trigger, self._now)
        if isinstance(begun, Limit):
            self._refused(person, f"Lambda: {trigger}, {begun.name.lower()}")
            return
        process, cursor = begun
        refused = ""
        try:
            self._answer(process, trigger, source, person, cursor)
        except StandsByError:
            refused = FENCE
        self._lambda.end(trigger, self._now, begun)
        took, late = cursor.at, cursor.at - self._now > COGNITO_WAITS
        if refused or late:
            refused = refused or f"too late: {trigger}"
            self._at(took, lambda: self._refused(person, refused))
            return
        self._ask(person, step, tuple(rest), took)

    def _answer(
        self, process: Process, trigger: Trigger, source: str, person: _Person, cursor: Cursor
    ) -> None:
        if trigger is Trigger.POST_CONFIRMATION:
            cursor.wait(_NORMAL.warm_start + _NORMAL.put_item)
            sub = self._subs[person.number]
            self._at(cursor.at + TO_THE_MACHINE, lambda: self._machine(sub, source, 0))
            return
        try:
            answer = process.ask(source, self._attributes(person.number))
        except StandsByError:
            self.outcome.kept_out.append(cursor.at)
            raise
        self.outcome.let_in.append(cursor.at)
        if trigger is Trigger.PRE_TOKEN_GENERATION:
            claims = answer.get("claimsOverrideDetails", {}).get("claimsToAddOrOverride", {})
            origin = f"origin-{person.number:07d}"
            self.outcome.strangers += claims.get(CLAIM) != origin

    def _attributes(self, number: int) -> dict[str, str]:
        return {
            "sub": self._subs[number],
            "custom:origin_sub": f"origin-{number:07d}",
            "cognito:user_status": "CONFIRMED",
        }

    def _done(self, person: _Person) -> None:
        person.steps = person.steps[1:]
        person.tries = 0
        if person.steps:
            self._at(self._now + person.steps[0].waits, lambda: self._try(person))
            return
        self.outcome.through[person.flow] += 1
        self.outcome.ended.setdefault(person.flow, []).append(self._now)

    def _refused(self, person: _Person, by: str) -> None:
        self.outcome.refused[by] += 1
        person.tries += 1
        if person.tries == GIVES_UP_AFTER:
            self.outcome.gave_up[person.flow] += 1
            return
        self._at(self._now + self._random.uniform(*AGAIN), lambda: self._try(person))

    def _machine(self, sub: str, cause: str, attempt: int) -> None:
        """A run of `sync_user`: Plan Sync, then Capture Record, each a function."""
        hint = Hint(local_sub=sub, cause=cause, user_pool_id=self.pool.config.pool_id)
        when = self._now
        try:
            for name in _STEPS:
                begun = self._lambda.begin(name, when)
                if isinstance(begun, Limit):
                    raise ThrottledError(name)
                try:
                    goes_on = self._step(name, hint, begun[1])
                finally:
                    self._lambda.end(name, when, begun)
                if not goes_on:
                    return
                when = begun[1].at + _NORMAL.transition
        except StandbyError as error:
            self.outcome.refused[f"a capture: {type(error).__name__}"] += 1
            pause = self._random.uniform(0, min(2.0 * 2**attempt, 300.0))
            self._at(when + pause, lambda: self._machine(sub, cause, attempt + 1))

    def _step(self, name: str, hint: Hint, cursor: Cursor) -> bool:
        """Whether the run goes on. All requests of a step are made in the moment it begins."""
        before = self.pool.meter.calls.total()
        holder = f"{hint.local_sub}#0"
        try:
            if name == "plan_sync":
                return str(plan_sync(self._ctx, hint, holder).decision) == "capture"
            origin = str(self._ledger.origin_of(str(hint.local_sub)))
            capture_record(self._ctx, Subject.user(origin), holder, "life")
            self.outcome.captured += 1
            return False
        finally:
            calls = self.pool.meter.calls.total() - before
            cursor.wait(_NORMAL.warm_start + COGNITO_SECONDS * calls + 5 * _NORMAL.put_item)

    def _process(self, name: str, cursor: Cursor) -> Process:
        return Process(name, self._stores, cursor)


def _rates(authentication: float | None) -> dict[Category, float]:
    told = dict(RATES)
    if authentication is not None:
        told[Category.USER_AUTHENTICATION] = authentication
    return told


def _name(number: int) -> str:
    return f"user-{number}"


def _fields(number: int) -> dict[str, str]:
    return {
        "present": "true",
        "enabled": "true",
        "username": _name(number),
        "attr:email": f"{_name(number)}@example.org",
        "attr:email_verified": "true",
    }
