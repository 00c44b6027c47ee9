"""Restores whose workers run out of their time, at the pace of quotas, in virtual time."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.subjects import Subject
from tests.saga.world import Saga
from tests.unit.recovery.restore_world import Restores
from tests.unit.recovery.test_restoring import agrees, names, wiped

NAMES = tuple(f"person{number:02d}" for number in range(11))
PACES = {
    "some in a worker's time": {"UserRead": 1.0, "UserCreation": 0.5, "UserAccountRecovery": 0.05},
    "about one": {"UserRead": 0.1, "UserCreation": 0.1, "UserUpdate": 0.05},
    "a step takes longer than its lease": {"UserRead": 0.06, "UserResourceRead": 0.06},
}


@pytest.fixture
def saga() -> Saga:
    return Saga()


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("active", [True, False], ids=["active", "standby"])
def test_a_pool_is_filled_by_workers_that_run_out_of_time(
    active: bool, pace: str, saga: Saga
) -> None:
    people = {name: saga.person(name) for name in NAMES}
    side = saga.here if active else saga.there
    wiped(side)
    made = side.pool.meter.calls["AdminCreateUser"]
    at = Restores(saga, side, rates=PACES[pace])
    report = at.restore()
    assert report.left == 0 and sum(report.outcomes.values()) == len(NAMES) + 3
    assert side.pool.meter.calls["AdminCreateUser"] - made == len(NAMES), "each once"
    assert at.calls > len(at.context.store(at.new()).all_last_looks()) + 2, "time ran out"
    assert names(side) == sorted(NAMES)
    for sub in people.values():
        lease = side.ledger.read(Subject.user(sub)).lease
        assert lease is None or not lease.holder, "nobody is held who was finished"
    agrees(saga)


def test_deleted_and_spoilt_people_come_back_by_workers_that_run_out_of_time(saga: Saga) -> None:
    people = {name: saga.person(name) for name in NAMES}
    before = {name: saga.state(name) for name in NAMES}
    at = Restores(saga, saga.here, rates={"UserCreation": 0.04, "UserUpdate": 0.04})
    as_of, pool = at.keep_records(), saga.here.pool
    for name in NAMES:
        pool.admin_update_user_attributes(name, {"name": "Spoilt"})
        saga.hint(people[name])
    for name in NAMES[:7]:
        pool.admin_delete_user(name)
        saga.hint(people[name])
    saga.settle()
    report = at.restore(as_of=as_of, also_changed_since=True, accept_brake=True)
    assert report.outcomes == {"restored": len(NAMES)}
    agrees(saga)
    assert {name: saga.state(name) for name in NAMES} == before
