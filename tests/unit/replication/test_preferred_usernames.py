"""A preferred username that signs in has one holder, like an address: who should no longer hold it
gives way to whom it belongs by the records, or a replay would wait for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.errors import NameHeldError
from tests.unit.world import World

NAME = "preferred_username"


@pytest.fixture
def world() -> World:
    found = World()
    for side in (found.primary, found.backup):
        pool: Any = side.pool
        pool.config = replace(pool.config, alias_attributes=(NAME,))
        pool._accounts._config = pool.config
    return found


def _carried(world: World, **people: str) -> dict[str, str]:
    subs = {name: world.sign_up(name, {"name": name}) for name in people}
    for name, preferred in people.items():
        world.primary.pool.admin_update_user_attributes(name, {NAME: preferred})
        world.primary.run({"local_sub": subs[name]})
        world.carry(subs[name])
        assert _shown(world, subs[name], NAME) == preferred
    return subs


def _shown(world: World, sub: str, attribute: str) -> str | None:
    return (world.twin_of(sub) or {}).get(attribute)


def test_of_somebody_deleted(world: World) -> None:
    subs = _carried(world, ann="queen", ben="ben2")
    world.primary.pool.admin_delete_user("ann")
    world.carry(subs["ann"])
    world.primary.pool.admin_update_user_attributes("ben", {NAME: "queen"})
    world.carry(subs["ben"])
    assert _shown(world, subs["ben"], NAME) == "queen"


def test_two_who_swap(world: World) -> None:
    subs = _carried(world, ann="queen", ben="king")
    for name, preferred in (("ann", "free"), ("ben", "queen"), ("ann", "king")):
        world.primary.pool.admin_update_user_attributes(name, {NAME: preferred})
        world.primary.run({"local_sub": subs[name]})
    world.replicate()
    world.backup.run({"origin_sub": subs["ann"]})
    world.backup.run({"origin_sub": subs["ben"]})
    world.backup.run({"origin_sub": subs["ann"]})
    assert [_shown(world, subs[name], NAME) for name in ("ann", "ben")] == ["king", "queen"]


def test_of_somebody_who_rightly_holds_it(world: World) -> None:
    subs = _carried(world, ann="queen", ben="king")
    world.backup.pool.admin_update_user_attributes("ann", {NAME: "mine"})
    world.primary.pool.admin_update_user_attributes("ben", {NAME: "mine"})
    world.primary.run({"local_sub": subs["ben"]})
    world.replicate()
    with pytest.raises(NameHeldError):
        world.backup.run({"origin_sub": subs["ben"]})
    world.backup.run({"origin_sub": subs["ann"]})
    world.backup.run({"origin_sub": subs["ben"]})
    assert _shown(world, subs["ben"], NAME) == "mine"


def test_one_that_is_no_alias_is_no_name() -> None:
    """Who likes to be called by their old address keeps that, and loses the address alone."""
    world = World()
    for side in (world.primary, world.backup):
        pool: Any = side.pool
        pool.config = replace(pool.config, alias_attributes=("email",))
        pool._accounts._config = pool.config
    old = {"email": "one@x.org", "email_verified": "true"}
    ann = world.sign_up("ann", {**old, NAME: "one@x.org"})
    ben = world.sign_up("ben", {"email": "two@x.org", "email_verified": "true"})
    for each in (ann, ben):
        world.carry(each)
    new = {"email": "three@x.org", "email_verified": "true"}
    for name, sub, address in (("ann", ann, new), ("ben", ben, old)):
        world.primary.pool.admin_update_user_attributes(name, address)
        world.primary.run({"local_sub": sub})
    world.replicate()
    world.backup.run({"origin_sub": ben})
    assert _shown(world, ben, "email") == "one@x.org"
    assert _shown(world, ann, NAME) == "one@x.org"
