"""What is due by age, from the deletion until nothing is left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cognito_standby.core.domain.errors import NotBelievedError, PlanStaleError
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.retention import RECORD_TOMBSTONE_DAYS
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import Housekeeping
from cognito_standby.reconciliation.domain.repairs import Did, Visit
from cognito_standby.reconciliation.services import purging
from tests.twins.stores.records import ItemKey
from tests.unit.reconciliation import repairs
from tests.unit.reconciliation.settled import STAFF, Settled, expect, settle
from tests.unit.reconciliation.stage import Stage
from tests.unit.world import BACKUP, PRIMARY

HOLDER = "run/batch#0"
NOW = timedelta(0)


@pytest.fixture
def settled() -> Settled:
    return settle()


def _day(it: Settled, days: float = 1) -> list[Visit]:
    """A day passes, and then both Regions' runs."""
    for on in (it.active, it.standby):
        on.pass_time(days=days)
    visits = []
    for on in (it.active, it.standby):
        visits += repairs.repair(on).visits
        assert it.world.replicate() == [], "no execution starts in the other Region"
    return visits


def _left(it: Settled, key: str) -> list[object]:
    """Everything that somebody still knows of a subject."""
    items = [
        it.world.table.item(region, ItemKey(key, owner))
        for region in (PRIMARY, BACKUP)
        for owner in (PRIMARY, BACKUP)
    ]
    rows = [
        row
        for on in (it.active, it.standby)
        for row in on.side.ledger.rows()
        if row.subject.key == key
    ]
    return [each for each in (*items, *rows) if each is not None]


def test_from_a_deletion_until_nothing_is_left(settled: Settled) -> None:
    twin = settled.twin(settled.ann)
    settled.delete("ann", settled.ann)
    settled.world.replicate()
    visits = _day(settled, 6)
    assert visits == []
    (purged,) = _day(settled, 2)
    assert (purged.did, purged.suspect.kind) == (Did.PURGED, Housekeeping.PURGE)
    assert settled.standby.side.context.directory.get_user_by_sub(twin) is None
    kept = RECORD_TOMBSTONE_DAYS - 6 - 2
    assert _day(settled, kept - 1) == []
    stripping: list[Visit] = []
    for _ in range(4):
        stripping += _day(settled, 2 if not stripping else 1)
    assert {visit.suspect.kind for visit in stripping} == {Housekeeping.STRIP}, "no drift"
    assert {visit.did for visit in stripping} == {Did.STRIPPED}
    assert _left(settled, settled.ann) == []
    assert settled.standby.side.ledger.origin_of(twin) is None
    for on in (settled.active, settled.standby):
        expect(on)


def test_late_hints_do_not_bring_a_tombstone_back(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    settled.world.replicate()
    _day(settled, 8)
    for _ in range(5):
        _day(settled, 91)
        for on in (settled.active, settled.standby):
            on.side.run({"origin_sub": settled.ann})
            settled.world.table.replicate_all()
    _day(settled)
    left = _left(settled, settled.ann)
    assert not [each for each in left if isinstance(each, Record)]
    assert all(isinstance(each, LedgerRow) and not each.was_here for each in left)


def test_a_group_of_the_same_name_starts_anew(settled: Settled) -> None:
    for on in (settled.active, settled.standby):
        on.side.pool.admin_remove_user_from_group("ann", "staff")
    settled.active.side.pool.delete_group("staff")
    settled.active.side.run({"group": "staff"})
    for _ in range(2):
        for key in settled.world.replicate():
            settled.standby.side.run({"origin_sub": key})
    repairs.repair(settled.active)
    settled.world.replicate()
    for _ in range(5):
        _day(settled, 91)
    assert _left(settled, STAFF) == []
    settled.active.side.pool.create_group(PoolGroup("staff", "again"))
    settled.active.side.run({"group": "staff"})
    for key in settled.world.replicate():
        settled.standby.side.run({"origin_sub": key})
    group = settled.standby.side.context.directory.get_group("staff")
    assert group == PoolGroup("staff", "again")
    expect(settled.standby)


def _purge(on: Stage, sub: str, grace: timedelta) -> purging.Done:
    return purging.purge(on.side.context, Subject.user(sub), HOLDER, grace)


def test_who_is_not_due_is_kept_and_the_lease_given_back(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    assert _purge(settled.standby, settled.ann, timedelta(days=7))[0] is Did.NOTHING
    assert _purge(settled.standby, settled.subs[1], NOW) == (Did.NOTHING, "not deleted")
    assert _purge(settled.active, settled.ann, NOW) == (Did.NOTHING, "not in the pool")
    assert settled.row(settled.standby, settled.ann).lease is None
    assert settled.twin(settled.ann)


@pytest.mark.parametrize(
    ("observed_at", "reason"),
    [("2026-02-01T00:00:00+00:00", purging.CLOCK_SKEW), ("soon", purging.UNDATED)],
)
def test_a_wrong_clock_is_named_and_removes_nobody(
    settled: Settled, observed_at: str, reason: str
) -> None:
    settled.delete("ann", settled.ann)
    settled.rewrite_record(settled.ann, observed_at=observed_at)
    assert _purge(settled.standby, settled.ann, NOW) == (Did.LEFT, reason)
    assert settled.standby.side.context.directory.get_user("ann") is not None


def test_a_clock_a_little_ahead_is_no_matter(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    settled.rewrite_record(settled.ann, observed_at="2026-01-01T00:07:00+00:00")
    assert _purge(settled.standby, settled.ann, timedelta(days=7))[1] == "not old enough"


def test_nobody_is_purged_by_the_word_of_another_table(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    side = settled.standby.side
    side.ledger.note_table("", settled.world.table.ids[side.region])
    settled.world.table.ids[side.region] = "restored"
    with pytest.raises(NotBelievedError):
        _purge(settled.standby, settled.ann, NOW)
    assert side.context.directory.get_user("ann") is not None


def test_who_was_let_in_again_is_not_purged(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    settled.standby.side.pool.admin_enable_user("ann")
    with pytest.raises(PlanStaleError):
        _purge(settled.standby, settled.ann, NOW)
    assert settled.standby.side.context.directory.get_user("ann") is not None


def test_a_user_is_never_purged_before_the_deletion_was_confirmed(settled: Settled) -> None:
    settled.active.side.pool.admin_delete_user("ann")
    settled.active.side.run({"local_sub": settled.ann})
    settled.world.table.replicate_all()
    settled.standby.side.pool.admin_disable_user("ann")
    with pytest.raises(PlanStaleError):
        _purge(settled.standby, settled.ann, NOW)
