"""Where a verified address is an alias, nobody who writes to a pool verifies one by which
another user signs in: Cognito would refuse it, or take it from its owner without a word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.errors import NameHeldError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.services.contain import Containment
from tests.twins.pool.config import PoolConfig
from tests.unit.changes.admin_world import AdminWorld
from tests.unit.failures.test_contain import ANN, OLD, Standby
from tests.unit.world import World

MINE, NEW, BENS = "ann@example.com", "ann.new@example.com", "ben@example.com"
TRUE, FALSE = {"email_verified": "true"}, {"email_verified": "false"}


@pytest.fixture(params=[False, True], ids=["refuses", "moves"])
def moves(request: pytest.FixtureRequest) -> bool:
    """What Cognito does with an alias that another user has: both have been seen."""
    return bool(request.param)


def aliased(config: PoolConfig, moves: bool) -> PoolConfig:
    return replace(config, alias_attributes=("email", "phone_number"), alias_moves_on_update=moves)


def with_aliases(pool: Any, moves: bool) -> None:
    pool.config = aliased(pool.config, moves)
    pool._accounts._config = pool.config


def of(pool: Any, name: str) -> dict[str, str]:
    told = pool.admin_get_user(name).attributes
    return {n: told[n] for n in ("email", "email_verified") if n in told}


# -- containment


def half_moved(moves: bool, old_flag: str = "true", new_flag: str = "true") -> Standby:
    """Ann's replay to a new address died half-way; meanwhile somebody took the old one."""
    standby = Standby()
    with_aliases(standby.pool, moves)
    was = {**OLD, "attr:email": MINE, "attr:email_verified": old_flag}
    standby.arrives(was)
    standby.replays()
    standby.arrives(
        {**was, "attr:name": "new", "attr:email": NEW, "attr:email_verified": new_flag}
        | {"enabled": "false"}
    )
    standby.fails_at("set_enabled")
    assert of(standby.pool, "ann")["email"] == NEW
    return standby


@pytest.mark.parametrize("old_flag", ["true", "false"])
def test_containment_leaves_an_address_to_whom_it_is_by_now(moves: bool, old_flag: str) -> None:
    standby = half_moved(moves, old_flag)
    standby.pool.admin_create_user("ben", {"email": MINE, **TRUE})
    assert standby.contain().done is Containment.HELD
    assert of(standby.pool, "ben") == {"email": MINE, **TRUE}
    assert of(standby.pool, "ann") == {"email": NEW, **FALSE}, (
        "nobody recovers by what may be wrong"
    )
    assert standby.shows() == ("old", True), "the rest is put back"
    assert standby.pool.messages == []
    assert standby.bus.hints, "a sync looks after it"


def test_containment_puts_back_an_address_that_is_free(moves: bool) -> None:
    standby = half_moved(moves)
    assert standby.contain().done is Containment.PUT_BACK
    assert of(standby.pool, "ann") == {"email": MINE, **TRUE}


def test_a_sync_goes_on_after_it(moves: bool) -> None:
    standby = half_moved(moves)
    standby.pool.admin_create_user("ben", {"email": MINE, **TRUE})
    standby.contain()
    standby.replays()
    assert of(standby.pool, "ann") == {"email": NEW, **TRUE}
    assert standby.ledger.read(ANN).confirmed is not None


# -- the Admin API


def peopled(moves: bool) -> AdminWorld:
    world = AdminWorld()
    with_aliases(world.pool, moves)
    for name, address in (("ann", MINE), ("ben", BENS)):
        asked = {"username": name, "attributes": {"email": address, "name": name}}
        made = world.call("POST", "/users", {**asked, "verified": {"email": True}})
        assert made.status == 201, made.text
    return world


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_caller_is_told_whose_address_it_is(moves: bool, verified: bool, method: str) -> None:
    world = peopled(moves)
    body: dict[str, Any] = {"attributes": {"email": BENS, "name": "New"}}
    body["verified"] = {"email": verified}
    whole = body | ({"enabled": False, "groups": []} if method == "PUT" else {})
    answer = world.call(method, "/users/ann", whole)
    assert (answer.status, answer.code) == (409, "name_taken"), answer.text
    assert answer.json["errors"] == [
        {"pointer": "/attributes/email", "detail": "another user signs in with this address"}
    ]
    assert BENS not in answer.text
    found = world.call("GET", "/users/ann").json
    assert (found["attributes"]["name"], found["enabled"]) == ("ann", True), "nothing half-done"
    assert of(world.pool, "ann") == {"email": MINE, **TRUE}
    assert of(world.pool, "ben") == {"email": BENS, **TRUE}
    assert world.pool.messages == []


def test_nobody_is_vouched_for_by_another_s_address(moves: bool) -> None:
    """Ann typed it into her own profile; then somebody wants it verified."""
    world = peopled(moves)
    world.pool.update_user_attributes("ann", {"email": BENS})
    world.pool.messages.clear()
    answer = world.call("PATCH", "/users/ann", {"verified": {"email": True}})
    assert (answer.status, answer.code) == (409, "name_taken"), answer.text
    assert of(world.pool, "ben") == {"email": BENS, **TRUE}
    other = world.call("PATCH", "/users/ann", {"attributes": {"name": "Ann"}})
    assert other.status == 200, "the rest of the user can be changed"
    assert of(world.pool, "ben") == {"email": BENS, **TRUE}


def test_an_address_taken_at_the_last_moment(moves: bool) -> None:
    """Between the snapshot and the write."""
    world = peopled(moves)
    noted = world.changes.note_plan

    def meanwhile(*given: Any) -> None:
        noted(*given)
        world.pool.admin_update_user_attributes("ben", {"email": NEW, **TRUE})

    world.changes.note_plan = meanwhile  # type: ignore[method-assign, assignment]
    body = {"attributes": {"email": NEW, "name": "New"}, "verified": {"email": True}}
    answer = world.call("PATCH", "/users/ann", body)
    assert (answer.status, answer.code) == (409, "name_taken"), answer.text
    assert of(world.pool, "ben") == {"email": NEW, **TRUE}
    assert of(world.pool, "ann") == {"email": MINE, **TRUE}


def test_a_change_that_is_taken_back_takes_no_address(moves: bool) -> None:
    """The record could not be written, and meanwhile Ben took what Ann had before."""
    world = peopled(moves)
    put, once = world.sync.records.put, [True]

    def failing(*given: Any) -> Any:
        if once and of(world.pool, "ann")["email"] == NEW:
            once.clear()
            world.pool.admin_update_user_attributes("ben", {"email": MINE, **TRUE})
            raise NameHeldError("no record for now")
        return put(*given)

    world.sync.records.put = failing  # type: ignore[method-assign, assignment]
    body = {"attributes": {"email": NEW, "name": "New"}, "verified": {"email": True}}
    answer = world.call("PATCH", "/users/ann", body)
    assert answer.status in (409, 503), answer.text
    change = world.call("GET", f"/changes/{answer.json['change_id']}").json
    assert "attr:email" in change["left"]
    assert of(world.pool, "ben") == {"email": MINE, **TRUE}


# -- replay


def test_a_replay_waits_for_whoever_rightly_holds_it(moves: bool) -> None:
    """Both signed in by it, on two sides of a partition: somebody has to decide."""
    world = World()
    for side in (world.primary, world.backup):
        with_aliases(side.pool, moves)
    ann = world.sign_up("ann", {"email": MINE, **TRUE})
    world.carry(ann)
    ben = world.backup.pool.admin_create_user("ben", {"email": NEW, **TRUE}).sub
    world.backup.pool.admin_set_user_password("ben", "Aa1!aaaaaa", permanent=True)
    world.backup.run({"local_sub": ben})
    world.primary.pool.admin_update_user_attributes("ann", {"email": NEW, **TRUE})
    with pytest.raises(NameHeldError):
        world.carry(ann)
    assert of(world.backup.pool, "ben") == {"email": NEW, **TRUE}
    assert of(world.backup.pool, "ann") == {"email": MINE, **TRUE}
    assert world.backup.ledger.read(Subject.user(ann)).confirmed is not None
