"""Drift where the pool is behind: made behind the system's back, found, and gone after a visit."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import Drift
from tests.unit.reconciliation.settled import Settled, dies_while_replaying, expect, heals
from tests.unit.world import BACKUP


def test_a_record_that_was_never_replayed(settled: Settled) -> None:
    sub = settled.world.sign_up("dan", {"email": "dan@x.org"})
    settled.active.side.run({"local_sub": sub})
    settled.world.replicate()
    suspects = expect(settled.standby, (Drift.MISSING_USER, sub))
    heals(settled.standby, suspects)


def test_a_user_deleted_directly_in_the_standby(settled: Settled) -> None:
    settled.standby.side.pool.admin_delete_user("ann")
    suspects = expect(settled.standby, (Drift.MISSING_USER, settled.ann))
    assert not suspects[0].destructive
    settled.standby.visit(suspects[0])
    assert settled.standby.found() == []


def test_a_change_that_was_never_replayed(settled: Settled) -> None:
    settled.active.side.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    settled.active.side.run({"local_sub": settled.ann})
    settled.world.replicate()
    heals(settled.standby, expect(settled.standby, (Drift.STALE_ATTRIBUTES, settled.ann)))


def test_changes_directly_in_the_standby(settled: Settled) -> None:
    pool = settled.standby.side.pool
    ann, ben, cyd = settled.subs
    pool.admin_update_user_attributes("ann", {"name": "Eve"})
    pool.admin_add_user_to_group("ben", "staff")
    pool.admin_disable_user("cyd")
    suspects = expect(
        settled.standby,
        (Drift.CHANGED_IN_STANDBY, ann),
        (Drift.WRONG_GROUPS, ben),
        (Drift.WRONG_ENABLED, cyd),
    )
    assert not any(suspect.destructive for suspect in suspects)
    heals(settled.standby, suspects)


def test_changed_on_both_sides(settled: Settled) -> None:
    settled.standby.side.pool.admin_update_user_attributes("ann", {"name": "Eve"})
    settled.active.side.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    settled.active.side.run({"local_sub": settled.ann})
    settled.world.replicate()
    heals(settled.standby, expect(settled.standby, (Drift.STALE_ATTRIBUTES, settled.ann)))


def test_a_user_made_directly_in_the_standby(settled: Settled) -> None:
    made = settled.standby.side.pool.admin_create_user("eve", {"email": "eve@x.org"})
    suspects = expect(settled.standby, (Drift.UNEXPECTED_USER, made.sub))
    assert suspects[0].local_sub == made.sub
    heals(settled.standby, suspects)


def test_a_deletion_that_was_never_replayed(settled: Settled) -> None:
    settled.active.side.pool.admin_delete_user("ann")
    settled.active.side.run({"local_sub": settled.ann})
    settled.world.replicate()
    suspects = expect(settled.standby, (Drift.UNEXPECTED_USER, settled.ann))
    assert suspects[0].destructive
    heals(settled.standby, suspects)


def test_half_a_replay(settled: Settled) -> None:
    settled.active.side.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    settled.active.side.run({"local_sub": settled.ann})
    settled.world.replicate()
    dies_while_replaying(settled.standby.side, settled.ann)
    judgement, suspects = settled.standby.compare()
    assert not suspects
    assert judgement.tally.skipped == {"being synced": 1}
    settled.standby.pass_time(minutes=5)
    heals(settled.standby, expect(settled.standby, (Drift.HALF_APPLIED, settled.ann)))


@pytest.mark.parametrize("state", [SyncState.QUARANTINED, SyncState.FAILED])
def test_what_failed_before(settled: Settled, state: SyncState) -> None:
    ledger, subject = settled.standby.side.ledger, Subject.user(settled.ann)
    ledger.take_lease(subject, "x#0")
    ledger.note_state(subject, "x#0", state, "ThrottledError")
    heals(settled.standby, expect(settled.standby, (Drift.QUARANTINED, settled.ann)))


def test_after_a_failover_the_roles_have_changed(settled: Settled) -> None:
    ann, ben, cyd = settled.subs
    settled.world.table.store(BACKUP).put_claim(2)
    settled.world.table.replicate_all()
    settled.standby.side.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    settled.standby.side.pool.admin_delete_user("cyd")
    settled.active.side.pool.admin_update_user_attributes("ben", {"name": "Ben"})
    suspects = expect(
        settled.standby, (Drift.STALE_RECORD, ann), (Drift.RECORD_OF_DELETED_USER, cyd)
    )
    assert {suspect.key: suspect.destructive for suspect in suspects} == {ann: False, cyd: True}
    heals(settled.standby, suspects)
    undone = expect(settled.active, (Drift.CHANGED_IN_STANDBY, ben))
    heals(settled.active, undone)
    (listed,) = settled.active.side.ledger.conflicts_of(Subject.user(ben))
    assert listed.fields == {"attr:name": "Ben"}


def test_a_deletion_in_the_old_active_region_is_no_drift_of_the_record(settled: Settled) -> None:
    ben = settled.subs[1]
    settled.world.table.store(BACKUP).put_claim(2)
    settled.world.table.replicate_all()
    settled.active.side.pool.admin_delete_user("ben")
    suspects = expect(settled.active, (Drift.MISSING_USER, ben))
    assert not suspects[0].destructive
    heals(settled.active, suspects)
    (listed,) = settled.active.side.ledger.conflicts_of(Subject.user(ben))
    assert listed.deletion
    again = settled.active.side.pool.admin_get_user("ben")
    assert again.sub != ben
    assert settled.active.side.ledger.origin_of(again.sub) == ben


@pytest.mark.parametrize(("whose", "named"), [(0, 1), (1, 0)])
def test_a_wrong_copy_of_the_origin_sub_misleads_one_run(
    settled: Settled, whose: int, named: int
) -> None:
    name, sub = ("ann", "ben")[whose], settled.subs[whose]
    pool = settled.standby.side.pool
    pool.admin_update_user_attributes(name, {"custom:origin_sub": settled.subs[named]})
    wanted = (Drift.LEDGER_OUT_OF_STEP, sub), (Drift.MISSING_USER, sub)
    suspects = expect(settled.standby, *wanted)
    assert not any(suspect.destructive for suspect in suspects)
    before = pool.snapshot()
    for suspect in suspects:
        settled.standby.visit(suspect)
    assert pool.snapshot() == before
    for _ in range(2):
        expect(settled.standby)


def test_a_lost_copy_of_the_origin_sub_misleads_one_run(settled: Settled) -> None:
    pool = settled.standby.side.pool
    pool.admin_delete_user_attributes("ann", ("custom:origin_sub",))
    suspects = expect(
        settled.standby,
        (Drift.LEDGER_OUT_OF_STEP, settled.ann),
        (Drift.MISSING_USER, settled.ann),
    )
    before = pool.snapshot(), settled.world.table.snapshot()
    for suspect in suspects:
        settled.standby.visit(suspect)
    assert (pool.snapshot(), settled.world.table.snapshot()) == before
    for _ in range(2):
        expect(settled.standby)


def test_a_creation_that_died_before_its_sub_was_noted(settled: Settled) -> None:
    sub = settled.world.sign_up("dan", {"email": "dan@x.org"})
    settled.active.side.run({"local_sub": sub})
    settled.world.replicate()
    side = settled.standby.side
    with (
        patch.object(side.ledger, "note_created", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        side.run({"origin_sub": sub}, holder="died#0")
    settled.standby.pass_time(minutes=5)
    judgement, suspects = settled.standby.compare()
    assert (Drift.HALF_APPLIED, sub) in [(s.kind, s.key) for s in suspects]
    assert judgement.tally.destructive == 0
    heals(settled.standby, suspects)
