"""The first filling: a pool full of people, an empty table and an empty standby pool."""

from __future__ import annotations

from datetime import datetime

import pytest

from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Record
from cognito_standby.reconciliation.domain.repairs import Did
from tests.twins.stores.records import ItemKey
from tests.unit.reconciliation import repairs
from tests.unit.reconciliation.settled import expect
from tests.unit.reconciliation.stage import Stage, stage
from tests.unit.world import PRIMARY, World

PEOPLE = 60
IN_GROUP = 20


def _installed(**settings: int) -> tuple[World, Stage, Stage, list[str]]:
    world = World()
    world.primary.pool.create_group(PoolGroup("staff"))
    subs = [world.sign_up(f"u{n:03d}", {"email": f"u{n:03d}@x.org"}) for n in range(PEOPLE)]
    for n in range(IN_GROUP):
        world.primary.pool.admin_add_user_to_group(f"u{n:03d}", "staff")
    for side in (world.primary, world.backup):
        side.pool.meter.calls.clear()
        side.pool.meter.active.clear()
    return world, *(stage(world, s, **settings) for s in (world.primary, world.backup)), subs  # type: ignore[return-value]


def _month(on: Stage) -> str:
    now: datetime = on.clock.now()
    return f"{now:%Y-%m}"


def _marked(world: World, sub: str) -> bool:
    record = world.table.item(PRIMARY, ItemKey(sub, PRIMARY))
    assert isinstance(record, Record)
    return record.bulk


def test_a_full_pool_is_brought_over_by_two_runs() -> None:
    world, active, standby, subs = _installed()
    first = repairs.repair(active, seeding=True)
    assert first.did == {Did.CAPTURED: PEOPLE + 1}
    assert world.replicate() == [], "no execution of sync_user starts in the other Region"
    second = repairs.repair(standby, seeding=True)
    assert second.did == {Did.REPLAYED: PEOPLE + 1}
    assert not standby.side.bus.hints
    expect(active)
    expect(standby)
    for sub in subs:
        twin = world.twin_of(sub)
        assert twin is not None
        assert twin["email"].endswith("@x.org")
    members = standby.side.pool.list_users_in_group("staff").users
    assert len(members) == IN_GROUP


def test_what_it_costs() -> None:
    """By the strict pool's own meter, which the visits' figures agree with."""
    world, active, standby, _ = _installed()
    first = repairs.repair(active, seeding=True)
    meter = active.side.pool.meter
    assert meter.calls["AdminGetUser"] == first.calls["UserRead"] == 2 * PEOPLE
    assert meter.calls["AdminListGroupsForUser"] == first.calls["UserResourceRead"] == 2 * PEOPLE
    assert meter.billed_users(_month(active)) == first.billed == PEOPLE
    # A record and its index entry in two replicas; the ledger's row four times, with its entry.
    assert first.write_units == (PEOPLE + 1) * (4 + 8)
    world.table.replicate_all()

    second = repairs.repair(standby, seeding=True)
    meter = standby.side.pool.meter
    assert meter.calls["AdminCreateUser"] == second.calls["UserCreation"] == PEOPLE
    assert meter.calls["AdminSetUserPassword"] == second.calls["UserAccountRecovery"] == PEOPLE
    assert meter.calls["AdminAddUserToGroup"] == second.calls["UserUpdate"] == IN_GROUP
    assert meter.calls["AdminGetUser"] == second.calls["UserRead"] == 3 * PEOPLE
    assert meter.calls["AdminListGroupsForUser"] == second.calls["UserResourceRead"] == PEOPLE
    assert meter.billed_users(_month(standby)) == second.billed == PEOPLE
    assert second.write_units / (PEOPLE + 1) < 24


def test_a_few_records_are_written_as_ever_and_very_many_are_marked() -> None:
    world, active, _, subs = _installed(bulk_above=1000)
    repairs.repair(active)
    assert not any(_marked(world, sub) for sub in subs)
    assert len(world.replicate()) == PEOPLE + 1
    world, active, _, subs = _installed(bulk_above=PEOPLE - 1)
    repairs.repair(active)
    assert all(_marked(world, sub) for sub in subs)
    assert world.replicate() == []


def test_the_next_ordinary_write_has_no_mark() -> None:
    world, active, _, subs = _installed()
    repairs.repair(active, seeding=True)
    world.replicate()
    world.primary.pool.admin_update_user_attributes("u001", {"name": "Anne"})
    world.primary.run({"local_sub": subs[1]})
    assert not _marked(world, subs[1])
    assert world.replicate() == [subs[1]]


@pytest.mark.parametrize(("minutes", "marked"), [(1, False), (61, True)])
def test_a_mark_never_hides_an_ordinary_write_on_its_way(minutes: int, marked: bool) -> None:
    """Replication can merge two writes into one, which shows the mark of the later."""
    world, active, _, subs = _installed()
    world.primary.run({"local_sub": subs[0]})
    active.pass_time(minutes=minutes)
    world.primary.pool.admin_update_user_attributes("u000", {"name": "Anne"})
    repairs.repair(active, seeding=True)
    assert _marked(world, subs[0]) is marked


def test_a_deletion_is_never_one_of_very_many() -> None:
    world, active, _, subs = _installed()
    repairs.repair(active, seeding=True)
    world.replicate()
    active.pass_time(days=1)
    world.primary.pool.admin_delete_user("u000")
    repairs.repair(active, seeding=True)
    assert world.replicate() == [subs[0]]
