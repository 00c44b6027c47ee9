"""An absence is a deletion only where it is proven, and only while nothing else explains it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.absence import (
    Proof,
    Recovery,
    RecoveryStatus,
    RegionNotes,
    proof_of_presence,
    unsettled,
)
from cognito_standby.core.domain.errors import (
    NotBelievedError,
    PoolPausedError,
    ServiceUnavailableError,
)
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject, image_of
from tests.twins.stores.records import ItemKey
from tests.unit.world import BACKUP, PRIMARY, Side, World

POOL, OTHER = f"{PRIMARY}_Pool", "us-east-1_Other"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> str:
    sub = world.sign_up("ann", {"email": "ann@x.org"})
    world.carry(sub)
    return sub


def own_record(side: Side, sub: str) -> Record | None:
    return side.context.records.read(Subject.user(sub))[0].own


def is_buried(side: Side, sub: str) -> bool:
    record = own_record(side, sub)
    return record is not None and record.deleted


def renamed(side: Side, sub: str, pool: str) -> None:
    """Row and own record as if another pool had been here, or an older release."""
    row = side.ledger.read(Subject.user(sub))
    side.ledger._rows[Subject.user(sub)] = replace(row, user_pool_id=pool)
    for items in side.context.records._table._items.values():  # type: ignore[attr-defined]
        key = ItemKey(sub, side.region)
        if isinstance(record := items.get(key), Record):
            items[key] = replace(record, user_pool_id=pool)


def test_rows_and_records_name_their_pool(world: World, ann: str) -> None:
    for side in (world.primary, world.backup):
        row = side.ledger.read(Subject.user(ann))
        assert row.user_pool_id == side.pool.config.pool_id
    record = own_record(world.primary, ann)
    assert record is not None
    assert record.user_pool_id == POOL


def test_who_is_gone_from_this_pool_is_deleted(world: World, ann: str) -> None:
    world.primary.pool.admin_delete_user("ann")
    world.primary.run({"local_sub": ann})
    assert is_buried(world.primary, ann)


def test_what_is_known_of_another_pool_proves_no_absence(world: World, ann: str) -> None:
    renamed(world.primary, ann, OTHER)
    world.primary.pool.admin_delete_user("ann")
    answer = world.primary.run({"local_sub": ann})
    assert "another pool" in answer["reason"]
    assert not is_buried(world.primary, ann)


def test_the_standby_of_a_new_pool_makes_its_users_anew(world: World, ann: str) -> None:
    side = world.backup
    renamed(side, ann, OTHER)
    (twin,) = (user.username for user in side.pool._accounts)
    side.pool.admin_delete_user(twin)
    side.run({"origin_sub": ann})
    row = side.ledger.read(Subject.user(ann))
    assert side.context.directory.get_user_by_sub(row.local_sub) is not None
    assert row.user_pool_id == side.pool.config.pool_id
    assert own_record(side, ann) is None


def test_rows_of_an_older_release_count_for_the_first_pool_only(world: World, ann: str) -> None:
    side = world.primary
    renamed(side, ann, "")
    side.pool.admin_delete_user("ann")
    for first in ("", OTHER):
        side.ledger.noted = replace(side.ledger.noted, first_pool=first)
        with pytest.raises(NotBelievedError):
            side.run({"local_sub": ann})
    side.ledger.noted = replace(side.ledger.noted, first_pool=POOL)
    side.run({"local_sub": ann})
    assert is_buried(side, ann)


def test_the_own_record_alone_is_a_proof() -> None:
    """The execution that captured somebody may have died before it confirmed."""
    subject = Subject.user("ann")
    row, own = LedgerRow(subject), Record(subject, "r", 1, 1, {"present": "true"})
    assert proof_of_presence(row, replace(own, user_pool_id="p"), "p") is Proof.NAMED
    assert proof_of_presence(row, own, "p") is Proof.UNNAMED
    assert proof_of_presence(row, replace(own, user_pool_id="q"), "p") is Proof.NONE
    assert proof_of_presence(row, None, "p") is Proof.NONE


def test_another_table_deletes_nobody_and_makes_nobody(world: World, ann: str) -> None:
    ben = world.sign_up("ben", {"email": "ben@x.org"})
    world.primary.run({"local_sub": ben})
    world.replicate()
    for side in (world.primary, world.backup):
        side.ledger.note_table("", world.table.ids[side.region])
        world.table.ids[side.region] = "restored"
    world.primary.pool.admin_delete_user("ann")
    with pytest.raises(NotBelievedError):
        world.primary.run({"local_sub": ann})
    with pytest.raises(NotBelievedError):
        world.backup.run({"origin_sub": ben})
    assert not is_buried(world.primary, ann)
    for side in (world.primary, world.backup):
        assert side.ledger.note_table(side.ledger.noted.table_id, "restored")
    world.primary.run({"local_sub": ann})
    world.backup.run({"origin_sub": ben})
    assert is_buried(world.primary, ann)
    assert world.twin_of(ben) is not None


def test_another_table_changes_whoever_is_there(world: World, ann: str) -> None:
    world.backup.ledger.note_table("", world.table.ids[BACKUP])
    world.table.ids[BACKUP] = "restored"
    world.primary.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    world.carry(ann)
    twin = world.twin_of(ann)
    assert twin is not None
    assert twin["name"] == "Ann"


def test_the_first_table_is_confirmed_by_its_first_use(world: World, ann: str) -> None:
    world.primary.pool.admin_delete_user("ann")
    world.primary.run({"local_sub": ann})
    assert world.primary.ledger.noted.table_id == world.table.ids[PRIMARY]


def test_writes_wait_while_the_pool_is_recovered(world: World, ann: str) -> None:
    side = world.backup
    side.pool.mark("then")
    name = side.pool.initiate_point_in_time_recovery("then")
    world.primary.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    with pytest.raises(PoolPausedError):
        world.carry(ann)
    side.pool.cancel_point_in_time_recovery(name)
    side.run({"origin_sub": ann})
    assert (world.twin_of(ann) or {})["name"] == "Ann"


def test_who_is_gone_after_a_recovery_is_not_deleted_by_a_hint(world: World) -> None:
    side = world.primary
    side.pool.mark("then")
    ann = world.sign_up("ann", {"email": "ann@x.org"})
    world.carry(ann)
    side.pool.start_point_in_time_recovery(side.pool.initiate_point_in_time_recovery("then"))
    assert side.context.directory.get_user_by_sub(ann) is None
    with pytest.raises(NotBelievedError):
        side.run({"local_sub": ann})
    assert not is_buried(side, ann)
    side.ledger.note_reconciled(frozenset(each.id for each in side.pool._recoveries))
    side.run({"local_sub": ann})
    assert is_buried(side, ann)


def test_a_cancelled_recovery_leaves_no_doubt(world: World, ann: str) -> None:
    side = world.primary
    side.pool.mark("then")
    side.pool.cancel_point_in_time_recovery(side.pool.initiate_point_in_time_recovery("then"))
    side.pool.admin_delete_user("ann")
    side.run({"local_sub": ann})
    assert is_buried(side, ann)


def returned(world: World, side: Side, ann: str, *, settled: bool = True) -> None:
    """Ann is deleted, which is carried to both Regions, and a recovery brings her back."""
    side.pool.mark("then")
    world.primary.pool.admin_delete_user("ann")
    world.carry(ann)
    side.pool.start_point_in_time_recovery(side.pool.initiate_point_in_time_recovery("then"))
    if settled:
        side.ledger.note_reconciled(frozenset(each.id for each in side.pool._recoveries))


@pytest.mark.parametrize("settled", [True, False])
def test_who_is_back_is_captured_by_no_hint(world: World, ann: str, settled: bool) -> None:
    side = world.primary
    returned(world, side, ann, settled=settled)
    assert side.context.directory.get_user_by_sub(ann) is not None
    for _ in range(2):
        assert "reconciliation asks" in side.run({"local_sub": ann})["reason"]
    assert is_buried(side, ann)


def test_who_was_erased_and_is_back_goes_again(world: World, ann: str) -> None:
    side = world.primary
    returned(world, side, ann)
    key = ItemKey(ann, PRIMARY)
    for items in world.table._items.values():
        record = items[key]
        assert isinstance(record, Record)
        items[key] = replace(record, fields={})
    side.run({"local_sub": ann})
    assert side.context.directory.get_user_by_sub(ann) is None
    assert is_buried(side, ann)


def test_a_group_of_the_same_name_is_a_new_one(world: World) -> None:
    side = world.primary
    side.pool.create_group(PoolGroup("staff", "one"))
    side.run({"group": "staff"})
    side.pool.delete_group("staff")
    side.run({"group": "staff"})
    side.pool.create_group(PoolGroup("staff", "two"))
    side.run({"group": "staff"})
    own = side.context.records.read(Subject.group("staff"))[0].own
    assert own is not None
    assert (own.deleted, own.fields["description"]) == (False, "two")


@pytest.mark.parametrize("status", list(RecoveryStatus))
def test_every_status_has_its_meaning(status: RecoveryStatus) -> None:
    one = Recovery("1", status)
    assert one.completed + one.harmless + one.under_way == 1
    noted = RegionNotes(reconciled=frozenset({"1"}))
    assert bool(unsettled([one], RegionNotes())) is not one.harmless
    assert bool(unsettled([one], noted)) is one.under_way


def test_a_status_of_tomorrow_counts_as_under_way() -> None:
    assert Recovery("1", "RESTORING_SLOWLY").under_way


def about_a_former_pool(world: World) -> tuple[Side, Subject]:
    """The standby's pool was replaced; somebody made the group `staff` in the new one by hand."""
    staff = Subject.group("staff")
    world.primary.pool.create_group(PoolGroup("staff", "ours"))
    world.primary.run({"group": "staff"})
    world.replicate()
    side = world.backup
    side.run({"group": "staff"})
    row = side.ledger.read(staff)
    side.ledger._rows[staff] = replace(row, user_pool_id=OTHER)
    side.pool.delete_group("staff")
    side.pool.create_group(PoolGroup("staff", "by hand"))
    return side, staff


def test_a_write_forgets_what_was_confirmed_of_a_former_pool(world: World) -> None:
    """The write names the new pool, so whatever stays in the row counts as told of that one."""
    side, staff = about_a_former_pool(world)

    def refuse(*_: object) -> None:
        raise ServiceUnavailableError("the pool does not answer")

    side.pool.update_group = refuse  # type: ignore[method-assign, assignment]
    with pytest.raises(ServiceUnavailableError):
        side.run({"group": "staff"})
    row = side.ledger.read(staff)
    assert row.user_pool_id == side.pool.config.pool_id
    assert (row.confirmed, row.confirmed_version, row.summary) == (None, None, "")
    assert row.base == image_of({"present": "true", "description": "by hand"})


def test_a_group_of_a_former_pool_is_made_in_the_new_one(world: World) -> None:
    side, staff = about_a_former_pool(world)
    side.pool.delete_group("staff")
    side.run({"group": "staff"})
    assert side.context.directory.get_group("staff") is not None
    assert own_record_of(side, staff) is None
    side.pool.delete_group("staff")
    side.run({"group": "staff"})
    assert own_record_of(side, staff) is None, "the standby never deletes"


def test_a_group_of_a_former_pool_is_not_deleted_in_the_active_region(world: World) -> None:
    side, staff = world.primary, Subject.group("staff")
    side.pool.create_group(PoolGroup("staff", "ours"))
    side.run({"group": "staff"})
    side.ledger._rows[staff] = replace(side.ledger.read(staff), user_pool_id=OTHER)
    for items in world.table._items.values():
        key = ItemKey(staff.key, PRIMARY)
        if isinstance(record := items.get(key), Record):
            items[key] = replace(record, user_pool_id=OTHER)
    side.pool.delete_group("staff")
    assert "another pool" in side.run({"group": "staff"})["reason"]
    own = own_record_of(side, staff)
    assert own is not None
    assert not own.deleted


def own_record_of(side: Side, subject: Subject) -> Record | None:
    return side.context.records.read(subject)[0].own
