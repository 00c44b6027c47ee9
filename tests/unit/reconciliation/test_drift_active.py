"""Drift where the pool is ahead: made behind the system's back, found, and gone after a visit."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import Drift, Suspect
from tests.unit.reconciliation.settled import STAFF, Settled, expect, heals


def test_nothing_is_wrong_where_nothing_is(settled: Settled) -> None:
    for stage in (settled.active, settled.standby):
        before = stage.side.ledger.snapshot(), settled.world.table.snapshot()
        judgement, suspects = stage.compare()
        assert not suspects
        assert judgement.verdict == "nothing"
        assert (judgement.tally.users, judgement.tally.groups) == (3, 1)
        assert (judgement.tally.in_sync, judgement.tally.memberships) == (4, 1)
        assert (stage.side.ledger.snapshot(), settled.world.table.snapshot()) == before


def test_who_was_never_captured(settled: Settled) -> None:
    sub = settled.world.sign_up("dan", {"email": "dan@x.org"})
    suspects = expect(settled.active, (Drift.MISSING_RECORD, sub))
    assert suspects == [Suspect(Drift.MISSING_RECORD, sub, sub, False, "never captured")]
    heals(settled.active, suspects)


@pytest.mark.parametrize(
    ("attributes", "what"), [({"name": "Ann"}, "attributes"), ({}, "memberships")]
)
def test_a_change_that_was_never_captured(
    settled: Settled, attributes: dict[str, str], what: str
) -> None:
    pool = settled.active.side.pool
    if attributes:
        pool.admin_update_user_attributes("ann", attributes)
    else:
        pool.create_group(PoolGroup("more"))
        settled.active.side.run({"group": "more"})
        pool.admin_add_user_to_group("ann", "more")
    suspects = expect(settled.active, (Drift.STALE_RECORD, settled.ann))
    assert suspects[0].cause.startswith(what)
    assert not suspects[0].destructive
    heals(settled.active, suspects)


def test_a_disabling_that_was_never_captured_spreads(settled: Settled) -> None:
    settled.active.side.pool.admin_disable_user("ann")
    suspects = expect(settled.active, (Drift.STALE_RECORD, settled.ann))
    assert suspects[0].destructive
    heals(settled.active, suspects)


def test_leaving_all_groups_counts_as_emptying(settled: Settled) -> None:
    settled.active.side.pool.admin_remove_user_from_group("ann", "staff")
    suspects = expect(settled.active, (Drift.STALE_RECORD, settled.ann))
    assert suspects[0].destructive


def test_a_deletion_that_was_never_captured(settled: Settled) -> None:
    settled.active.side.pool.admin_delete_user("ann")
    suspects = expect(settled.active, (Drift.RECORD_OF_DELETED_USER, settled.ann))
    assert suspects[0].destructive
    heals(settled.active, suspects)


def test_group_definitions(settled: Settled) -> None:
    settled.active.side.pool.create_group(PoolGroup("new"))
    settled.active.side.pool.update_group(PoolGroup("staff", "changed", 3))
    suspects = expect(
        settled.active,
        (Drift.GROUP_DEFINITION, Subject.group("new").key),
        (Drift.GROUP_DEFINITION, STAFF),
    )
    heals(settled.active, suspects)
    settled.world.replicate()
    suspects = expect(
        settled.standby,
        (Drift.GROUP_DEFINITION, Subject.group("new").key),
        (Drift.GROUP_DEFINITION, STAFF),
    )
    heals(settled.standby, suspects)


def test_a_group_that_is_gone(settled: Settled) -> None:
    settled.active.side.pool.delete_group("staff")
    suspects = expect(
        settled.active,
        (Drift.GROUP_DEFINITION, STAFF),
        (Drift.STALE_RECORD, settled.ann),
    )
    assert all(suspect.destructive for suspect in suspects)
    heals(settled.active, suspects)


def test_the_unconfirmed_are_no_drift(settled: Settled) -> None:
    pool = settled.active.side.pool
    sub = pool.sign_up("dan", "Aa1!aaaaaa", {"email": "dan@x.org"})
    settled.active.side.run({"local_sub": sub})
    judgement, suspects = settled.active.compare()
    assert not suspects
    assert judgement.tally.skipped == {"not confirmed yet": 1}
    pool.confirm_sign_up("dan", pool.latest_code("dan"))
    heals(settled.active, expect(settled.active, (Drift.MISSING_RECORD, sub)))
