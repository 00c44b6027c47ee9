"""A pool that is asked no faster than its quotas allow, and never after its lease may be gone."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.reconciliation.services.metering import Meter, PacedPool
from tests.twins.clock import ManualClock
from tests.twins.pool.quota import Quotas
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
    """Every step looks at it; DescribeUserPool has 15 a second for the whole account."""
    side = World().primary
    pacer, meter = _Pacer(), Meter()
    pool = PacedPool(side.context.directory, pacer, side.context.clock, meter)
    assert len({id(pool.schema()) for _ in range(20)}) == 1
    assert pacer.waited == ["UserPoolRead"]
    clock = side.context.clock
    assert isinstance(clock, ManualClock)
    clock.advance(301)
    pool.begin_step()
    pool.schema()
    assert (pacer.waited, meter.calls["UserPoolRead"], meter.billed) == (["UserPoolRead"] * 2, 2, 0)


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
