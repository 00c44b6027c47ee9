"""The world as interned immutable parts, so that a step costs a few dictionary look-ups.

Every part (the global table, a pool, a ledger) is kept as the number of a snapshot of its
in-memory twin. What a call does to a part is a function of the snapshot and the call, and is
computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from cognito_standby.core.domain.absence import RegionNotes
from cognito_standby.core.domain.changed_passwords import PasswordNote
from cognito_standby.core.domain.epochs import Epoch, Installation
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import Subject
from tests.property.strangers import Door
from tests.property.tape import Call, Raised, Region, freeze
from tests.twins.clock import ManualClock
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pool import StrictPool
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable, ItemKey

A, B = "a-region", "b-region"
REGIONS = (A, B)
INSTALLATION = Installation(primary=A, backup=B)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SKEW = {A: timedelta(0), B: timedelta(minutes=-7)}
"""The standby's clock is minutes behind, so whoever orders by time gets it wrong."""
ELSEWHERE = (PasswordNote(Epoch(9, B), NOW.isoformat()),)
"""Of everybody who has set another password since, not where the former pool is."""

_T = TypeVar("_T", bound=Hashable)


class WrongError(Exception):
    """A property does not hold."""


class Numbers(Generic[_T]):
    """Values <-> small numbers."""

    def __init__(self) -> None:
        self._numbers: dict[_T, int] = {}
        self._values: list[_T] = []

    def of(self, value: _T) -> int:
        number = self._numbers.setdefault(value, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        return number

    def __getitem__(self, number: int) -> _T:
        return self._values[number]


class Trigger(NamedTuple):
    """A hint or stream record that will start an execution."""

    region: int
    hint: Hint


class Parts(NamedTuple):
    """Numbers of the snapshots."""

    table: int
    pools: tuple[int, int]
    ledgers: tuple[int, int]


class Twins:
    """Both Regions' in-memory ports, and what calls do to their snapshots."""

    def __init__(
        self,
        config: PoolConfig,
        backup_config: PoolConfig | None = None,
        *,
        doubted: bool = False,
        providers: tuple[str, ...] = (),
        undeletes: bool = False,
        asks: bool = False,
        on_demand: bool = False,
        erased: bool = False,
        outdated: bool = False,
    ) -> None:
        self.undeletes = undeletes
        """Whether somebody may be undeleted."""
        self.asks = asks
        """Whether somebody may ask for who is awaited."""
        configs = (config, replace(backup_config or config, pool_id="b-region_Pool"))
        clocks = [ManualClock(NOW + SKEW[name]) for name in REGIONS]
        self.table = GlobalTable(INSTALLATION)
        self.stores = [self.table.store(name) for name in REGIONS]
        self.pools = [StrictPool(c, clock) for c, clock in zip(configs, clocks, strict=True)]
        self.directories = [Door(pool) for pool in self.pools]
        for directory in self.directories:
            # Without their groups: by the ids of these pools nobody would know them for such.
            directory._schema = replace(directory.schema(), providers=providers)
        self.ledgers = [
            InMemoryLedger(clock, user_pool_id=c.pool_id)
            for clock, c in zip(clocks, configs, strict=True)
        ]
        for name, ledger, c in zip(REGIONS, self.ledgers, configs, strict=True):
            ledger.noted = RegionNotes(self.table.ids[name], frozenset(), c.pool_id)
        self.regions = [
            Region(
                *(name, c.pool_id, replace(c.schema(), providers=providers), clock.now(), doubted),
                on_demand=on_demand and name == B,
                erased=erased,
                notes=ELSEWHERE if outdated else (),
            )
            for name, c, clock in zip(REGIONS, configs, clocks, strict=True)
        ]
        self.snapshots: Numbers[Any] = Numbers()
        self.values: Numbers[Any] = Numbers()
        """Answers and calls."""
        self._done: dict[tuple[int, int, int], tuple[int, int, Hint | None]] = {}
        self._changed: dict[tuple[Any, ...], Any] = {}

    def start(self) -> Parts:
        """The empty world."""
        return Parts(
            self.snapshots.of(self.table.snapshot()),
            tuple(self.snapshots.of(p.snapshot()) for p in self.pools),  # type: ignore[arg-type]
            tuple(self.snapshots.of(p.snapshot()) for p in self.ledgers),  # type: ignore[arg-type]
        )

    def perform(self, parts: Parts, region: int, call: int) -> tuple[Parts, int, Hint | None]:
        """Make a call: the parts afterwards, the answer's number, and a published hint."""
        asked: Call = self.values[call]
        if asked.port == "bus":
            return parts, self.values.of(None), asked.args[0]
        before = self._part(parts, asked.port, region)
        key = (before, region, call)
        if key not in self._done:
            self._done[key] = self._make(before, region, asked)
        after, answer, _ = self._done[key]
        return self._with(parts, asked.port, region, after), answer, None

    def change(
        self, parts: Parts, port: str, region: int, what: Hashable, effect: Callable[[], Any]
    ) -> tuple[Parts, Any]:
        """Let the environment do something to a part; `what` names it. Cognito's refusal is the
        answer None."""
        before = self._part(parts, port, region)
        key = (before, port, region, what)
        if key not in self._changed:
            twin = self._twin(port, region)
            twin.restore(self.snapshots[before])
            try:
                answer = effect()
            except CognitoError:
                answer = None
                twin.restore(self.snapshots[before])
            for pool in self.pools:
                pool.messages.clear()
            self._changed[key] = (self.snapshots.of(twin.snapshot()), answer)
        after, answer = self._changed[key]
        return self._with(parts, port, region, after), answer

    def look(self, parts: Parts, port: str, region: int) -> Any:
        """A twin in the state of these parts, for reading."""
        twin = self._twin(port, region)
        twin.restore(self.snapshots[self._part(parts, port, region)])
        return twin

    def _make(self, before: int, region: int, call: Call) -> tuple[int, int, Hint | None]:
        twin = self._twin(call.port, region)
        twin.restore(self.snapshots[before])
        target: dict[str, list[Any]] = {
            "table": self.stores,
            "pool": self.directories,
            "ledger": self.ledgers,
        }
        try:
            answer = freeze(getattr(target[call.port][region], call.method)(*call.args))
        except StandbyError as error:
            answer = Raised(type(error), str(error))
            # A refused creation has used up a number of the pool's: nothing that matters.
            twin.restore(self.snapshots[before])
        except ValueError as error:
            raise WrongError(str(error)) from error
        if call.port == "pool":
            self._check_pool(region)
        return self.snapshots.of(twin.snapshot()), self.values.of(answer), None

    def _check_pool(self, region: int) -> None:
        pool = self.pools[region]
        if pool.messages:
            raise WrongError(f"a message was sent: {pool.messages}")
        origins = [user.origin_sub or user.sub for user in pool.list_users(limit=60).users]
        if len(set(origins)) != len(origins):
            raise WrongError("one person has two users in a pool")

    def _twin(self, port: str, region: int) -> Any:
        return {"table": (self.table,) * 2, "pool": self.pools, "ledger": self.ledgers}[port][
            region
        ]

    @staticmethod
    def _part(parts: Parts, port: str, region: int) -> int:
        match port:
            case "table":
                return parts.table
            case "pool":
                return parts.pools[region]
            case _:
                return parts.ledgers[region]

    @staticmethod
    def _with(parts: Parts, port: str, region: int, part: int) -> Parts:
        match port:
            case "table":
                return parts._replace(table=part)
            case "pool":
                return parts._replace(pools=_put(parts.pools, region, part))
            case _:
                return parts._replace(ledgers=_put(parts.ledgers, region, part))


def _put(pair: tuple[int, int], region: int, part: int) -> tuple[int, int]:
    return (part, pair[1]) if region == 0 else (pair[0], part)


def email_pool(**settings: Any) -> PoolConfig:
    """People sign in by e-mail address; the username is Cognito's own."""
    return PoolConfig(
        pool_id="a-region_Pool",
        attributes={ORIGIN_SUB_ATTRIBUTE: AttributeSpec(), **settings.pop("attributes", {})},
        username_attributes=("email",),
        **settings,
    )


def username_pool(**settings: Any) -> PoolConfig:
    """People choose a username; a verified address is an alias."""
    return PoolConfig(
        pool_id="a-region_Pool",
        attributes={ORIGIN_SUB_ATTRIBUTE: AttributeSpec(), **settings.pop("attributes", {})},
        alias_attributes=("email",),
        **settings,
    )


MAX_REVISION = 5
"""More writes of one record than any bounds here can need: somebody writes it over and over."""


def check_call(twins: Twins, parts: Parts, region: int, call: Call) -> None:
    """WrongError: a call that nothing can excuse."""
    if call.method == "put" and (call.args[0].expected_revision or 0) > MAX_REVISION:
        raise WrongError("a record is written over and over")
    _check_strip(twins, parts, region, call)
    if call.method == "create_user" and twins.regions[region].on_demand and not twins.asks:
        raise WrongError("somebody is made who is awaited")
    parks = call.method == "set_attributes" and "parked" in call.args[1].get("email", "")
    if call.method != "delete_user" and not parks:
        return
    pool = twins.look(parts, "pool", region)
    user = twins.directories[region].get_user(call.args[0])
    if user is None:
        return
    origin = user.origin_sub or user.sub
    twins.look(parts, "table", region)
    winner = resolve(twins.stores[region].read(Subject.user(origin))[0])
    if twins.undeletes and not user.enabled:
        return  # undeleted elsewhere at this very moment: the replay makes them again
    if call.method == "delete_user" and (winner is None or not winner.deleted):
        raise WrongError(f"a living user of {pool.config.pool_id} is removed")
    if parks and winner and winner.state.get("attr:email") == user.attributes.get("email"):
        raise WrongError("somebody is parked who rightly holds the address")


def _check_strip(twins: Twins, parts: Parts, region: int, call: Call) -> None:
    """WrongError: a tombstone goes too early, or comes back. Where somebody is undeleted, both are
    rightly so: the other Region does not know of it yet, and nobody is to be let in half made."""
    if twins.undeletes:
        return
    twins.look(parts, "table", region)
    if call.method == "remove":
        other = REGIONS[1 - region]
        theirs = twins.table.item(other, ItemKey(call.args[0].subject.key, other))
        if isinstance(theirs, Record) and not theirs.deleted:
            raise WrongError("a tombstone is taken away while the other Region's record lives")
        if isinstance(theirs, Record) and not theirs.retired:
            raise WrongError("a tombstone is taken away that the other Region may answer")
    elif call.method == "put" and call.args[0].deleted and call.args[0].expected_revision is None:
        theirs = twins.stores[region].read(call.args[0].subject)[0].other
        if theirs is not None and theirs.retired:
            raise WrongError("a retired tombstone is answered by another one")
