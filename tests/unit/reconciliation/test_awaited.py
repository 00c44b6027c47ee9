"""Who is awaited in a pool that is filled on demand: no drift, nobody lost, and made where an
operator asks for everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.reconciliation import Drift
from cognito_standby.reconciliation.domain.repairs import Did
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict
from cognito_standby.reconciliation.report.page import report_page
from cognito_standby.reconciliation.services.report_figures import Pace
from cognito_standby.reconciliation.services.reporting import write_report
from tests.twins.pool.config import PoolConfig
from tests.twins.stores.shard_indexes import InMemoryWholeRecords
from tests.unit.core.test_absence import is_buried, renamed
from tests.unit.reconciliation import repairs
from tests.unit.reconciliation.stage import Stage, stage
from tests.unit.replication.empty_backup import ATTRIBUTES, Empty, came, world
from tests.unit.world import BACKUP, PRIMARY, Side

FORMER = "a_Former"
PEOPLE = 12


def at_work(made: Empty, side: Side) -> Stage:
    """A Region's runs, where its pool is filled on demand."""
    at = stage(made, side)
    at.whole = InMemoryWholeRecords(made.table, side.region) if side.context.on_demand else None
    return at


def crowd() -> tuple[Empty, list[str]]:
    """A dozen people at home, of whom nobody has come to the backup yet; all but two in its rows:
    the last record was changed, and of the first one nothing has arrived."""
    configs = {
        region: PoolConfig(pool_id=f"{region}_Pool", attributes=ATTRIBUTES)
        for region in (PRIMARY, BACKUP)
    }
    made = Empty(configs=configs)
    contact = {"email_verified": "true"}
    subs = [made.sign_up(f"u{n}", {"email": f"u{n}@x.org", **contact}) for n in range(PEOPLE)]
    for sub in subs[1:]:
        made.carry(sub)
    made.primary.run({"local_sub": subs[0]})
    made.primary.pool.admin_update_user_attributes(f"u{PEOPLE - 1}", {"name": "Anna"})
    made.primary.run({"local_sub": subs[-1]})
    made.replicate()
    return made, subs


@pytest.mark.parametrize("active", [False, True])
def test_who_is_awaited_is_no_drift_and_nobody_lost(active: bool) -> None:
    made, _ = crowd()
    if active:
        made.fail_over()
    at = at_work(made, made.backup)
    judgement, suspects = at.compare()
    assert suspects == []
    assert judgement.verdict is BrakeVerdict.NOTHING
    tally = judgement.tally
    assert (tally.skipped, tally.absent, tally.destructive) == ({NotHeld.AWAITED: PEOPLE}, 0, 0)


def test_whoever_was_here_and_is_gone_is_no_longer_awaited() -> None:
    made, sub = world()
    came(made, sub)
    made.backup.run({"origin_sub": sub})
    made.backup.pool.admin_delete_user("ann")
    ((kind, key),) = at_work(made, made.backup).found()
    assert (kind, key) == (Drift.RECORD_OF_DELETED_USER.value, sub)


def test_a_deletion_of_somebody_awaited_is_answered() -> None:
    made, sub = world()
    made.primary.context.records.put_claim(3)
    made.replicate()
    made.primary.pool.admin_delete_user("ann")
    made.carry(sub)
    judgement, suspects = at_work(made, made.backup).compare()
    assert suspects == []
    assert judgement.tally.skipped == {"deleted": 1}


def test_an_operator_has_everybody_made() -> None:
    made, subs = crowd()
    at = at_work(made, made.backup)
    first = repairs.repair(at, seeding=True)
    assert first.did == {Did.REPLAYED: PEOPLE}
    assert all(made.twin_of(sub) for sub in subs)
    assert at.compare()[0].tally.in_sync == PEOPLE


def test_a_pool_that_is_not_filled_on_demand_any_more_makes_them() -> None:
    made, subs = crowd()
    made.backup.context = replace(made.backup.context, on_demand=False)
    at = at_work(made, made.backup)
    _, suspects = at.compare()
    assert {each.kind for each in suspects} == {Drift.MISSING_USER}
    assert not [each for each in suspects if each.destructive]
    for suspect in suspects:
        at.visit(suspect)
    assert all(made.twin_of(sub) for sub in subs)


def moved(*, reconciled: bool = True) -> tuple[Empty, Stage, list[str]]:
    """The active pool was replaced by an empty one, which is filled on demand: rows and own records
    name the former one, and one person is in the new one already. `reconciled`: before that, so
    that the former pool is noted as the Region's first."""
    made = Empty(configs={PRIMARY: PoolConfig(pool_id="new", attributes=ATTRIBUTES)})
    side = made.primary
    side.context = replace(side.context, on_demand=True)
    subs = [made.sign_up(f"u{n}", {"email": f"u{n}@x.org"}) for n in range(PEOPLE)]
    for sub in subs:
        made.primary.run({"local_sub": sub})
    for number, sub in enumerate(subs[1:], start=1):
        renamed(side, sub, FORMER)
        side.pool.admin_delete_user(f"u{number}")
    at = at_work(made, side)
    if not reconciled:
        return made, at, subs
    at.register.pool_of_record(FORMER)
    side.ledger.noted = replace(side.ledger.noted, first_pool=FORMER)
    assert at.register.accept_pool(FORMER, side.context.user_pool_id)
    return made, at, subs


def test_what_tells_of_the_pool_before_proves_no_absence_in_this_one() -> None:
    made, at, subs = moved()
    for _ in range(2):
        judgement, suspects = at.compare()
        assert suspects == []
        assert judgement.verdict is BrakeVerdict.NOTHING
        assert judgement.tally.skipped == {NotHeld.AWAITED: PEOPLE - 1}
        for sub in subs[1:4]:  # a hint confirms it, and buries nobody
            assert made.primary.run({"origin_sub": sub})["decision"] == "done"
            assert not is_buried(made.primary, sub)
            assert made.primary.ledger.read(Subject.user(sub)).skipped == {
                "present": NotHeld.AWAITED
            }


def test_nor_where_nobody_reconciled_before_the_pool_was_replaced() -> None:
    """No note tells that there was another pool; the rows and records do."""
    _, at, _ = moved(reconciled=False)
    judgement, suspects = at.compare()
    assert suspects == []
    assert judgement.verdict is BrakeVerdict.NOTHING
    assert judgement.tally.skipped == {NotHeld.AWAITED: PEOPLE - 1}


def test_nobody_is_buried_where_such_a_pool_is_not_filled_on_demand_any_more() -> None:
    made, _, subs = moved()
    made.primary.run({"origin_sub": subs[1]})
    made.primary.context = replace(made.primary.context, on_demand=False)
    assert made.primary.run({"origin_sub": subs[1]})["decision"] == "done"
    assert not is_buried(made.primary, subs[1])


def test_an_operator_has_everybody_of_the_pool_before_made() -> None:
    made, at, subs = moved()
    made.primary.run({"origin_sub": subs[1]})
    first = repairs.repair(at, seeding=True)
    assert first.did == {Did.REPLAYED: PEOPLE - 1}
    assert len(made.primary.pool.list_users().users) == PEOPLE


def test_whom_this_pool_lost_is_still_asked_about() -> None:
    """Beside those who are awaited: the row names this very pool."""
    made, at, subs = moved()
    made.primary.pool.admin_delete_user("u0")
    _, suspects = at.compare()
    assert [(each.key, each.kind, each.destructive) for each in suspects] == [
        (subs[0], Drift.RECORD_OF_DELETED_USER, True)
    ]


def test_the_report_counts_them_apart() -> None:
    made, subs = crowd()
    made.primary.pool.admin_disable_user("u3")
    made.primary.pool.admin_update_user_attributes("u4", {"email_verified": "false"})
    made.carry(subs[3])
    made.carry(subs[4])
    at = at_work(made, made.backup)
    run = repairs.judged(at)
    report = write_report(at.context(), run, Answer.NOT_ASKED, Pace(0.5, {}, 1.0)).report
    assert report.totals.awaited == PEOPLE
    assert (report.totals.drift, report.totals.users) == (0, 0)
    ready = report.readiness
    assert ready is not None
    assert ready.people == 0
    assert ready.awaited == {"verified_email": PEOPLE - 2, "disabled": 1, "no_verified_contact": 1}
    assert ready.missing_after_failover(active=False) == {"no_verified_contact": 1}
    assert ready.not_held == {}, "a whole person is no field"
    page = report_page(report)
    assert "awaited: made when they first come" in page
    assert "x.org" not in page
