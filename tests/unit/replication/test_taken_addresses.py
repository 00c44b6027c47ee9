"""Where a verified address is an alias, somebody can type another's into their own profile: it
stays unverified and signs nobody in. The standby must not trip over it, nor give it to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cognito_standby.core.domain.conflicts import ConflictKind
from cognito_standby.core.domain.errors import NameHeldError
from cognito_standby.core.domain.subjects import Subject
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.unit.world import BACKUP, PRIMARY, World

ANN, BEN = "ann@example.com", "ben@example.com"
NUMBER = "+4915112345678"
Made = tuple[World, str, str]


@pytest.fixture(params=[(), ("email",)], ids=["unverified", "auto-verified"])
def made(request: pytest.FixtureRequest) -> Made:
    """Ann and Ben in both Regions, each with an address of their own."""
    world = World()
    for side in (world.primary, world.backup):
        side.pool.config = replace(
            side.pool.config, alias_attributes=("email",), auto_verified=request.param
        )
        side.pool._accounts._config = side.pool.config
    ann, ben = (
        world.sign_up(name, {"email": address, "email_verified": "true"})
        for name, address in (("ann", ANN), ("ben", BEN))
    )
    for sub in (ann, ben):
        world.carry(sub)
    return world, ann, ben


def twin_of(world: World, sub: str) -> dict[str, str]:
    """The twin's attributes, with the flag that Cognito may leave out where it is false."""
    return {"email_verified": "false", **(world.twin_of(sub) or {})}


def type_another_s(world: World, **more: str) -> None:
    world.primary.pool.update_user_attributes("ben", {"email": ANN, **more})


def test_it_is_replicated_without_the_address(made: Made) -> None:
    world, ann, ben = made
    type_another_s(world, nickname="Benny")
    world.carry(ben)
    assert twin_of(world, ann) == {"email": ANN, "email_verified": "true"}
    assert twin_of(world, ben) == {"email": BEN, "email_verified": "false", "nickname": "Benny"}
    assert world.backup.pool.admin_get_user(ANN).username == "ann"
    assert not world.backup.pool.messages
    row = world.backup.ledger.read(Subject.user(ben))
    assert row.skipped == {"attr:email": "another user signs in with this address"}


def test_it_comes_with_whoever_is_made_anew(made: Made) -> None:
    """A creation sends nothing and verifies nothing, so it can hold the address as it is."""
    world, ann, _ = made
    cyd = world.sign_up("cyd", {"email": ANN, "email_verified": "false"})
    world.carry(cyd)
    assert twin_of(world, cyd) == {"email": ANN, "email_verified": "false"}
    assert twin_of(world, ann) == {"email": ANN, "email_verified": "true"}


def test_it_comes_once_its_owner_has_left_it(made: Made) -> None:
    world, ann, ben = made
    type_another_s(world)
    world.carry(ben)
    moved = {"email": "ann.new@example.com", "email_verified": "true"}
    world.primary.pool.admin_update_user_attributes("ann", moved)
    world.carry(ann)
    world.backup.run({"origin_sub": ben})
    assert twin_of(world, ben) == {"email": ANN, "email_verified": "false"}
    world.primary.pool.admin_update_user_attributes("ben", {"email_verified": "true"})
    world.carry(ben)
    assert twin_of(world, ben) == {"email": ANN, "email_verified": "true"}


def test_the_record_keeps_it_through_a_failover(made: Made) -> None:
    world, _, ben = made
    type_another_s(world)
    world.carry(ben)
    world.backup.context.records.put_claim(9)
    world.backup.pool.admin_update_user_attributes("ben", {"nickname": "Benny"})
    row = world.backup.ledger.read(Subject.user(ben))
    world.backup.run({"local_sub": row.local_sub})
    partition, _ = world.backup.context.records.read(Subject.user(ben))
    assert partition.own is not None
    assert partition.own.fields["attr:email"] == ANN
    assert partition.own.fields["attr:nickname"] == "Benny"


@pytest.mark.parametrize("change", [{"email": "ben2@example.com"}, {"email_verified": "true"}])
def test_what_is_changed_after_a_failover_is_captured(made: Made, change: dict[str, str]) -> None:
    world, _, ben = made
    type_another_s(world)
    world.carry(ben)
    world.backup.context.records.put_claim(9)
    row = world.backup.ledger.read(Subject.user(ben))
    for given in ({"nickname": "Benny"}, change):
        world.backup.pool.admin_update_user_attributes("ben", given)
        world.backup.run({"local_sub": row.local_sub})
    partition, _ = world.backup.context.records.read(Subject.user(ben))
    assert partition.own is not None
    shown = {"email": BEN, "email_verified": "false", **change}
    assert {n: partition.own.fields[f"attr:{n}"] for n in shown} == shown


def test_a_change_in_the_standby_does_not_bring_it_in(made: Made) -> None:
    world, ann, ben = made
    world.backup.pool.admin_update_user_attributes("ben", {"email": "ben2@example.com"})
    type_another_s(world)
    world.carry(ben)
    assert twin_of(world, ann) == {"email": ANN, "email_verified": "true"}
    assert twin_of(world, ben)["email_verified"] == "false"


def test_a_half_written_one_gives_way_to_the_owner(made: Made) -> None:
    """Ben's step died after it had verified the address, before it took that back; meanwhile
    the owner comes."""
    world, ann, ben = made
    world.primary.pool.admin_update_user_attributes(
        "ann", {"email": "ann.new@example.com", "email_verified": "true"}
    )
    world.carry(ann)
    type_another_s(world)
    directory = world.backup.context.directory
    set_attributes = directory.set_attributes

    def dying(username: str, attributes: Mapping[str, str]) -> None:
        set_attributes(username, attributes)
        raise ConnectionError

    directory.set_attributes = dying  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        world.carry(ben)
    directory.set_attributes = set_attributes  # type: ignore[method-assign]
    assert world.backup.pool.admin_get_user(ANN).username == "ben"
    world.primary.pool.admin_update_user_attributes("ann", {"email": ANN, "email_verified": "true"})
    world.backup.context.clock.advance(3600)  # type: ignore[attr-defined]
    world.carry(ann)
    world.backup.run({"origin_sub": ben}, "another execution")
    assert twin_of(world, ann) == {"email": ANN, "email_verified": "true"}
    assert twin_of(world, ben)["email_verified"] == "false"


def test_a_required_address_needs_no_exception(made: Made) -> None:
    world, _, ben = made
    for side in (world.primary, world.backup):
        attributes = {**side.pool.config.attributes, "email": AttributeSpec(required=True)}
        side.pool.config = replace(side.pool.config, attributes=attributes)
    type_another_s(world)
    world.carry(ben)
    assert twin_of(world, ben) == {"email": BEN, "email_verified": "false"}


def test_a_number_that_the_pool_refused_is_no_change_by_whom_it_is_for() -> None:
    """An address counts as verified for a moment while it is written. Where the pool refused the
    write, the flag that never was there is nobody's doing: the address stays wanted."""
    either = ("email", "phone_number")
    world = World(
        configs={
            region: PoolConfig(pool_id=f"{region}_Pool", username_attributes=either)
            for region in (PRIMARY, BACKUP)
        }
    )
    ann = world.sign_up(ANN, {"email": ANN, "email_verified": "true"})
    world.carry(ann)
    world.backup.pool.admin_create_user(NUMBER, {"phone_number": NUMBER})
    world.primary.pool.admin_update_user_attributes(ANN, {"phone_number": NUMBER})
    world.primary.run({"origin_sub": ann})
    world.backup.context.records.put_claim(2)
    world.replicate()
    for _ in range(2):
        with pytest.raises(NameHeldError):
            world.backup.run({"origin_sub": ann})
    listed = {each.kind for each in world.backup.ledger.conflicts_of(Subject.user(ann))}
    assert listed == {ConflictKind.MERGED}, "it comes late, and nothing is overridden"
    world.backup.pool.admin_delete_user(NUMBER)
    world.backup.run({"origin_sub": ann})
    assert (world.twin_of(ann) or {})["phone_number"] == NUMBER
