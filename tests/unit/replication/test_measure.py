"""The canary, on the in-memory twins."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.errors import NameHeldError
from cognito_standby.core.domain.records import Draft, resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.canary import ATTRIBUTE, EMAIL, NAME
from cognito_standby.replication.services.measure import Measured, Paused, measure_rpo
from tests.twins.pool.config import PoolConfig
from tests.twins.stores.claims import stood_down
from tests.unit.world import PRIMARY, Side, World

INTERVAL = 300


def measure(side: Side) -> Measured:
    return measure_rpo(side.context, INTERVAL)


def advance(world: World, seconds: float) -> None:
    for side in (world.primary, world.backup):
        clock: Any = side.context.clock
        clock.advance(seconds)


def carry(world: World) -> None:
    user = world.primary.context.directory.get_user(NAME)
    assert user is not None
    world.carry(user.sub)


def test_the_active_region_makes_the_canary_and_tells_nobody() -> None:
    world = World()
    assert measure(world.primary) == Measured(active=True)
    user = world.primary.context.directory.get_user(NAME)
    assert user is not None
    assert (user.attributes["email"], ATTRIBUTE in user.attributes) == (EMAIL, True)
    assert world.primary.pool.messages == []


def test_the_standby_sees_how_late_it_is() -> None:
    world = World()
    assert measure(world.backup) == Measured(active=False)
    measure(world.primary)
    carry(world)
    assert measure(world.backup) == Measured(active=False, lag_seconds=0)
    advance(world, INTERVAL + 60)
    assert measure(world.backup) == Measured(active=False, lag_seconds=60)
    measure(world.primary)
    assert measure(world.backup).lag_seconds == 60, "changed there, not yet here"
    carry(world)
    assert measure(world.backup).lag_seconds == 0


def test_roles_follow_the_claims() -> None:
    world = World()
    measure(world.primary)
    carry(world)
    world.backup.context.records.put_claim(2)
    world.replicate()
    assert measure(world.backup) == Measured(active=True)
    assert measure(world.primary).active is False


def test_a_region_that_stood_down_leaves_the_canary_as_it_is() -> None:
    """A change after the tally would reach the other Region after its claim."""
    world = World()
    measure(world.primary)
    before = world.primary.context.directory.get_user(NAME)
    stood_down(world.table, world.primary.context.region, world.backup.context.region)
    advance(world, INTERVAL)
    assert measure(world.primary) == Measured(active=True, paused=Paused.STOOD_DOWN)
    assert world.primary.context.directory.get_user(NAME) == before


@pytest.mark.parametrize("value", ["", "yesterday", "2026-01-01T00:00:00"])
def test_a_canary_without_a_time_is_as_good_as_none(value: str) -> None:
    world = World()
    measure(world.primary)
    carry(world)
    world.backup.context.directory.set_attributes(NAME, {ATTRIBUTE: value})
    assert measure(world.backup) == Measured(active=False)


@pytest.mark.parametrize("made", [False, True])
def test_a_pool_that_is_being_recovered_is_no_failure_of_the_canary(made: bool) -> None:
    world = World()
    if made:
        measure(world.primary)
    world.primary.pool.mark("then")
    recovery = world.primary.pool.initiate_point_in_time_recovery("then")
    assert measure(world.primary) == Measured(active=True, paused=Paused.RECOVERY)
    world.primary.pool.cancel_point_in_time_recovery(recovery)
    assert measure(world.primary) == Measured(active=True)


def living_canaries(side: Side) -> int:
    records = side.context.records
    found = (records.read(Subject.from_key(key))[0] for key in records.named(NAME))
    return sum(1 for each in found if (winner := resolve(each)) and not winner.deleted)


def test_a_pool_that_took_another_one_s_place_is_given_no_second_canary() -> None:
    """A restore makes the one that there is; a second one would have its name."""
    world = World()
    sub = first_canary(world.primary)
    attributes = dict(world.primary.pool.config.attributes)
    new = Side(PRIMARY, world.table, PoolConfig(pool_id="new", attributes=attributes))
    assert measure(new) == Measured(active=True, paused=Paused.NOT_THERE)
    assert not new.pool.list_users().users
    assert living_canaries(world.primary) == 1
    marked = {"email": EMAIL, "email_verified": "true", "custom:origin_sub": sub}
    new.context.directory.create_user(NAME, marked)
    assert measure(new) == Measured(active=True), "restored"


def test_whoever_removes_the_canary_has_another_one_made() -> None:
    world = World()
    first = first_canary(world.primary)
    world.primary.pool.admin_delete_user(NAME)
    assert measure(world.primary).paused is Paused.NOT_THERE, "nobody has noted yet that it is gone"
    world.primary.run({"local_sub": first})
    assert first_canary(world.primary) != first
    assert living_canaries(world.primary) == 1


def both_made_it() -> tuple[World, str, str]:
    """Each Region makes its first canary while it takes itself for the active one, and neither has
    heard of the other; then all arrives. The world, and both subs."""
    world = World()
    home = first_canary(world.primary)
    world.backup.context.records.put_claim(2)
    away = first_canary(world.backup)
    world.table.replicate_all()
    return world, home, away


def first_canary(side: Side) -> str:
    """Made and captured; the sub."""
    measure(side)
    user = side.context.directory.get_user(NAME)
    assert user is not None
    side.run({"local_sub": user.sub})
    return user.sub


def settle(world: World, *subs: str) -> list[str]:
    """What waits for a name in the end: Region and sub."""
    waits: list[str] = []
    for _ in range(3):
        waits = []
        for side in (world.primary, world.backup):
            for sub in subs:
                try:
                    side.run({"origin_sub": sub})
                except NameHeldError:
                    waits.append(f"{side.region} {sub}")
                advance(world, 200)
        world.table.replicate_all()
    return waits


def test_two_first_canaries_of_a_split_wait_as_two_people_of_one_name_do() -> None:
    """Until a person decides (docs/runbooks/alarms.md, canary): nothing tells which is to go."""
    world, home, away = both_made_it()
    waits = [f"{world.primary.region} {away}", f"{world.backup.region} {home}"]
    assert settle(world, home, away) == waits
    erased = Draft(Subject.user(home), 2, {"present": "true", "username": NAME}, True, None)
    assert world.backup.context.records.put(erased, world.backup.clock.now())
    world.table.replicate_all()
    assert settle(world, home, away) == []
    user = world.primary.context.directory.get_user(NAME)
    assert user is not None
    assert user.attributes["custom:origin_sub"] == away
    advance(world, 3600)
    assert measure(world.backup).active
    world.backup.run({"origin_sub": away})
    world.table.replicate_all()
    world.primary.run({"origin_sub": away})
    assert measure(world.primary) == Measured(active=False, lag_seconds=0)
