"""A pool that another one took the place of, by config: what its reconciliations do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import GROUP_KEY, Subject
from cognito_standby.reconciliation.domain.reconciliation import Drift
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict
from cognito_standby.reconciliation.services.first_run import NotYet, scheduled_run_held_back
from tests.twins.stores.records import ItemKey
from tests.unit.core.test_absence import is_buried, renamed
from tests.unit.reconciliation.stage import Stage, stage
from tests.unit.world import Side, World

FORMER = "us-east-1_Former"


def renamed_group(side: Side, name: str) -> None:
    """Row and own record of a group as if the former pool had been here."""
    group = Subject.group(name)
    side.ledger._rows[group] = replace(side.ledger.read(group), user_pool_id=FORMER)
    for items in side.context.records._table._items.values():  # type: ignore[attr-defined]
        if isinstance(record := items.get(ItemKey(group.key, side.region)), Record):
            items[ItemKey(group.key, side.region)] = replace(record, user_pool_id=FORMER)


def replaced(region: str) -> tuple[Stage, list[str]]:
    """Nine people of whom a Region's new pool has none, and one who is there, all in sync."""
    world = World()
    subs = [world.sign_up(f"u{n}", {"email": f"u{n}@x.org"}) for n in range(10)]
    for sub in subs:
        world.carry(sub)
    side: Side = getattr(world, region)
    for sub in subs[1:]:
        renamed(side, sub, FORMER)
        row = side.ledger.read(Subject.user(sub))
        side.pool.admin_delete_user(row.local_username)
    at = stage(world, side)
    at.register.pool_of_record(FORMER)
    side.ledger.noted = replace(side.ledger.noted, first_pool=FORMER)
    return at, subs


@pytest.mark.parametrize("region", ["primary", "backup"])
def test_nothing_goes_on_until_an_operator_accepts_it(region: str) -> None:
    at, _ = replaced(region)
    for _ in range(2):
        judgement, _ = at.compare()
        assert judgement.verdict is BrakeVerdict.STOP
        assert "standby accept-pool" in judgement.reasons[0]
    assert scheduled_run_held_back(at.context()) is NotYet.NOBODY_ASKED
    assert at.register.accept_pool(FORMER, at.side.context.user_pool_id)
    assert at.compare()[0].verdict in (BrakeVerdict.ASK, BrakeVerdict.REPAIR)


def test_in_the_active_region_nobody_is_deleted_and_nobody_is_made() -> None:
    at, subs = replaced("primary")
    at.register.accept_pool(FORMER, at.side.context.user_pool_id)
    judgement, suspects = at.compare()
    assert judgement.verdict is BrakeVerdict.ASK
    assert f"the place of {FORMER}" in judgement.reasons[-1]
    assert {suspect.key for suspect in suspects} == set(subs[1:])
    for suspect in suspects:
        at.visit(suspect)
    for sub in subs[1:]:
        assert not is_buried(at.side, sub)
        assert at.side.context.directory.get_user_by_sub(sub) is None
    newcomer = at.world.sign_up("new", {"email": "new@x.org"})
    at.world.carry(newcomer)
    assert at.world.twin_of(newcomer) is not None


def test_the_standby_of_an_accepted_pool_is_filled() -> None:
    at, subs = replaced("backup")
    at.register.accept_pool(FORMER, at.side.context.user_pool_id)
    _, suspects = at.compare()
    for suspect in suspects:
        at.visit(suspect)
    assert all(at.world.twin_of(sub) is not None for sub in subs)


@pytest.mark.parametrize("region", ["primary", "backup"])
def test_a_group_that_was_made_alike_in_the_new_pool_is_confirmed_there(region: str) -> None:
    """Like a user: a row names its pool, or an absence later would prove nothing."""
    at, _ = replaced(region)
    side, groups = at.side, [Subject.group("staff"), Subject.group("guests")]
    for group in groups:
        at.world.primary.pool.create_group(PoolGroup(group.id))
        at.world.primary.run({"group": group.id, "cause": "CreateGroup"}, holder="made#0")
        at.world.replicate()
        at.world.backup.run({"origin_sub": group.key, "cause": "replica_stream"}, holder="c#0")
    renamed_group(side, "staff")
    at.register.accept_pool(FORMER, side.context.user_pool_id)
    _, suspects = at.compare()
    (found,) = [each for each in suspects if each.key.startswith(GROUP_KEY)]
    assert (found.key, found.kind, found.destructive) == (
        groups[0].key,
        Drift.GROUP_DEFINITION,
        False,
    )
    at.visit(found)
    assert side.ledger.read(groups[0]).user_pool_id == side.context.user_pool_id
    judgement, suspects = at.compare()
    assert not [each for each in suspects if each.key.startswith(GROUP_KEY)]
    assert judgement.tally.groups == len(groups)


def test_where_no_pool_was_replaced_nobody_asks_for_it() -> None:
    world = World()
    world.primary.pool.create_group(PoolGroup("staff"))
    world.primary.run({"group": "staff", "cause": "CreateGroup"}, holder="made#0")
    renamed_group(world.primary, "staff")
    assert stage(world, world.primary).found() == []
