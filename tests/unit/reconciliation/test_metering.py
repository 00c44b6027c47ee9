"""A pool that is asked no faster than its quotas allow, and never after its lease may be gone."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from cognito_standby.core.domain.errors import MisconfiguredError, ThrottledError
from cognito_standby.core.ports import UserDirectory
from cognito_standby.reconciliation.domain import request_costs as costs
from cognito_standby.reconciliation.domain.request_costs import POOL_CALLS
from cognito_standby.reconciliation.services.metering import (
    Meter,
    counted_files,
    counted_ledger_index,
    counted_record_index,
    counted_turns,
)
from cognito_standby.reconciliation.services.paced_pool import PacedPool
from tests.twins.clock import ManualClock
from tests.twins.pool.quota import Quotas
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.unit.reconciliation import repairs
from tests.unit.reconciliation.settled import expect, settle
from tests.unit.reconciliation.stage import Stage
from tests.unit.world import World

LEASE_SECONDS, LONGEST_CALL = 90, 15


class _Pacer:
    """Notes what it is told; each turn comes after so many seconds."""

    def __init__(self, clock: object = None, seconds: float = 0.0) -> None:
        self.waited: list[str] = []
        self.refused: list[str] = []
        self._clock, self._seconds = clock, seconds

    def wait(self, category: str) -> None:
        self.waited.append(category)
        if self._clock is not None:
            self._clock.advance(self._seconds)  # type: ignore[attr-defined]

    def throttled(self, category: str) -> None:
        self.refused.append(category)

    def remaining_seconds(self) -> float:
        return 1000.0


def test_calls_are_counted_by_quota_category_and_by_whom_they_bill() -> None:
    side = World().primary
    pacer, meter = _Pacer(), Meter()
    pool = PacedPool(side.context.directory, pacer, side.context.clock, meter)
    pool.schema()  # as every step does before it misses anybody
    user = pool.create_user("ann", {"email": "ann@x.org"})
    assert (meter.billed, meter.pool_writes) == (1, 1)
    pool.set_enabled("ann", False)
    pool.listed_by_sub(user.sub)
    assert pool.get_user_by_sub("nobody") is None
    assert (meter.billed, meter.pool_writes) == (1, 2)
    pool.get_user("ann")
    pool.delete_user("ann")
    assert (meter.billed, meter.pool_writes) == (2, 3)
    by_category = side.pool.meter.by_category()
    assert dict(meter.calls) == {name.value: n for name, n in by_category.items()}
    assert Counter(pacer.waited)["UserUpdate"] == 2


def test_the_schema_waits_for_its_turn_and_is_believed_for_five_minutes() -> None:
    """Every step looks at it; DescribeUserPool has 15 a second for the whole account. The names of
    the providers come with it."""
    side = World().primary
    pacer, meter = _Pacer(), Meter()
    pool = PacedPool(side.context.directory, pacer, side.context.clock, meter)
    assert len({id(pool.schema()) for _ in range(20)}) == 1
    asked = ["UserPoolRead", "UserPoolResourceRead"]
    assert pacer.waited == asked
    clock = side.context.clock
    assert isinstance(clock, ManualClock)
    clock.advance(301)
    pool.begin_step()
    pool.schema()
    assert (pacer.waited, meter.calls["UserPoolRead"], meter.billed) == (asked * 2, 2, 0)


def test_a_refusal_is_counted_and_slows_the_pace() -> None:
    side = World().primary
    pacer, meter = _Pacer(), Meter()
    pool = PacedPool(side.context.directory, pacer, side.context.clock, meter)
    side.pool.quotas = Quotas(side.context.clock)
    with pytest.raises(ThrottledError):
        for number in range(60):
            pool.create_user(f"u{number}", {})
    assert pacer.refused == ["UserCreation"]
    assert meter.throttled == {"UserCreation": 1}


def test_no_call_is_made_when_the_lease_may_be_gone_before_it_ends() -> None:
    """A turn that comes too late is kept: at a slow pace nobody would come further otherwise."""
    world = settle().world
    on = Stage(world, world.backup)
    for user in on.side.pool.list_users().users:
        on.side.pool.admin_delete_user(user.username)
    on.rates, on.seconds = {"UserCreation": 1 / 80, "UserAccountRecovery": 1 / 80}, 3000.0
    renewed: list[datetime] = []
    for name in ("take_lease", "renew_lease"):
        call = getattr(on.side.ledger, name)

        def noted(*args: object, call: object = call) -> object:
            renewed.append(on.clock.now())
            return call(*args)  # type: ignore[operator]

        setattr(on.side.ledger, name, noted)
    create, made = on.side.pool.admin_create_user, []

    def checked(*args: object, **kwargs: object) -> object:
        age = (on.clock.now() - renewed[-1]).total_seconds()
        assert age + LONGEST_CALL < LEASE_SECONDS
        made.append(age)
        return create(*args, **kwargs)  # type: ignore[arg-type]

    on.side.pool.admin_create_user = checked  # type: ignore[assignment,method-assign]
    assert repairs.repair(on).rounds == 1
    assert len(made) == 3
    expect(on)


def test_every_call_of_the_pool_has_its_categories() -> None:
    calls = {name for name in vars(UserDirectory) if not name.startswith("_")}
    assert calls == set(POOL_CALLS)


def test_requests_are_counted_at_the_ports_whoever_asks() -> None:
    side, meter, files = settle().active, Meter(), InMemoryRunFiles()
    counted = counted_files(files, meter)
    counted.write("a", b"12")
    assert (counted.read("a"), counted.read_range("a", 0, 1)) == (b"12", b"1")
    assert counted.names("") == ["a"]
    assert (meter.puts, meter.gets) == (2, 2), "a listing is billed like a write"
    counted_ledger_index(side.ledger, meter).origins_of(["x", "y", "z"])
    assert meter.read_units == 1.5
    for shard in ("00", "01"):
        counted_ledger_index(side.ledger, meter).page(shard, "")
        counted_record_index(side.records, meter).page(shard, "")
    assert meter.read_units == 1.5 + 4 * 0.5, "half a unit each, however empty"
    now = side.clock.now()
    assert meter.taken(now, now).puts == 2
    assert (meter.puts, meter.gets, meter.read_units) == (0, 0, 0.0)


def test_a_request_that_fails_was_made_and_a_turn_that_never_came_was_not() -> None:
    class _Broken(_Pacer):
        def wait(self, category: str) -> None:
            raise ThrottledError("no time is left")

    meter = Meter()
    with pytest.raises(MisconfiguredError):
        counted_files(InMemoryRunFiles(), meter).read_range("none", 0, 1)
    with pytest.raises(ThrottledError):
        counted_turns(_Broken(), meter).wait("UserList")
    assert (meter.gets, dict(meter.calls)) == (1, {})
    turns = counted_turns(_Pacer(), meter)
    turns.wait("")
    turns.wait("UserList")
    turns.throttled("UserList")
    assert (dict(meter.calls), dict(meter.throttled)) == ({"UserList": 1}, {"UserList": 1})
    assert turns.remaining_seconds() == 1000.0


def test_units_go_by_size() -> None:
    assert [costs.index_page(entries, 400) for entries in (0, 10, 11, 21)] == [0.5, 0.5, 1.0, 1.5]
    assert costs.record_read({}) == 1
    assert costs.record_read({"attr:name": "x" * 4096}) == 2
    assert costs.record_put({}) == 4
    assert costs.record_put({"attr:name": "x" * 1024}) == 6
    assert costs.ledger_units("anything else") == (0.0, 2.0)
