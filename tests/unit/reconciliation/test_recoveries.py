"""Reconciliation after a recovery of the pool, and with a records table that is another one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.errors import PoolPausedError
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.reconciliation import Drift
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict
from cognito_standby.reconciliation.services.judging import judge
from cognito_standby.reconciliation.services.opening import open_run
from cognito_standby.reconciliation.services.settling import settle_recoveries, wake_erased
from tests.twins.stores.records import ItemKey
from tests.unit.reconciliation.repairs import finish, judged
from tests.unit.reconciliation.settled import Settled
from tests.unit.reconciliation.stage import Stage
from tests.unit.world import PRIMARY


def recovered(at: Stage, moment: str = "then") -> None:
    pool = at.side.pool
    pool.start_point_in_time_recovery(pool.initiate_point_in_time_recovery(moment))


def delete_ann(settled: Settled) -> None:
    """Everywhere, and confirmed."""
    user = settled.active.side.context.directory.get_user_by_sub(settled.ann)
    assert user is not None
    settled.active.side.pool.admin_delete_user(user.username)
    settled.world.carry(settled.ann)


def erase_ann(settled: Settled) -> None:
    delete_ann(settled)
    key = ItemKey(settled.ann, PRIMARY)
    for items in settled.world.table._items.values():
        record = items[key]
        assert isinstance(record, Record)
        items[key] = replace(record, fields={})
    settled.active.side.run({"origin_sub": settled.ann})


def is_there(settled: Settled) -> bool:
    return settled.active.side.context.directory.get_user_by_sub(settled.ann) is not None


def is_buried(settled: Settled) -> bool:
    own = settled.active.side.context.records.read(Subject.user(settled.ann))[0].own
    return own is not None and own.deleted


def test_no_run_begins_while_the_pool_is_recovered(settled: Settled) -> None:
    at = settled.active
    at.side.pool.mark("then")
    name = at.side.pool.initiate_point_in_time_recovery("then")
    with pytest.raises(PoolPausedError):
        open_run(at.context(), at.new_run())
    assert at.register.current() is None
    at.side.pool.cancel_point_in_time_recovery(name)
    assert open_run(at.context(), at.new_run()).recovered == ()


def test_a_recovery_during_the_run_stops_it(settled: Settled) -> None:
    at = settled.active
    at.side.pool.mark("then")
    run = judged(at)
    recovered(at)
    judgement = judge(at.context(), run)
    assert judgement.verdict is BrakeVerdict.STOP
    assert "recovered during the run" in judgement.reasons[0]


@pytest.mark.parametrize(
    ("answer", "believed"),
    [(Answer.APPROVED, True), (Answer.REJECTED, False), (Answer.EXPIRED, False)],
)
def test_who_is_back_is_asked_about(settled: Settled, answer: Answer, believed: bool) -> None:
    at = settled.active
    at.side.pool.mark("then")
    delete_ann(settled)
    recovered(at)
    run = judged(at)
    judgement = judge(at.context(), run)
    assert judgement.verdict is BrakeVerdict.ASK
    assert any("1 deleted users are back" in reason for reason in judgement.reasons)
    assert judgement.tally.drift == {Drift.RETURNED.value: 1}
    if answer is Answer.APPROVED:
        finish(at, run)
    settle_recoveries(at.context(), run, answer)
    assert is_buried(settled) is not believed
    assert is_there(settled)
    noted = at.side.ledger.region_notes().reconciled
    assert bool(noted) is believed


def test_who_went_with_a_recovery_is_asked_about(settled: Settled) -> None:
    at = settled.active
    at.side.pool._marks["then"] = (frozenset(), frozenset(at.side.pool._groups.values()))
    recovered(at)
    run = judged(at)
    judgement = judge(at.context(), run)
    assert judgement.verdict is BrakeVerdict.ASK
    assert any("recovered to a point in time" in reason for reason in judgement.reasons)
    finish(at, run)
    assert is_buried(settled), "a yes is a yes"


def test_a_run_that_finds_nothing_settles_a_recovery(settled: Settled) -> None:
    at = settled.active
    at.side.pool.mark("then")
    recovered(at)
    run = judged(at)
    assert judge(at.context(), run).verdict is BrakeVerdict.NOTHING
    assert settle_recoveries(at.context(), run, Answer.NOT_ASKED)
    assert at.context().witnesses.unsettled() == []  # type: ignore[union-attr]


def test_a_run_over_some_shards_settles_nothing(settled: Settled) -> None:
    at = settled.active
    at.side.pool.mark("then")
    recovered(at)
    run = judged(at, shards=("00",))
    assert not settle_recoveries(at.context(), run, Answer.NOT_ASKED)


def test_the_erased_go_before_anybody_answers(settled: Settled) -> None:
    at = settled.active
    at.side.pool.mark("then")
    erase_ann(settled)
    recovered(at)
    run = judged(at)
    judgement = judge(at.context(), run)
    assert judgement.verdict is BrakeVerdict.ASK
    assert judgement.tally.drift == {Drift.ERASED_RETURNED.value: 1}
    assert is_there(settled)
    assert wake_erased(at.context(), at.side.bus, judgement) == 1
    (hint,) = [each for each in at.side.bus.hints if each.cause == "erased, and back"]
    at.side.run({"origin_sub": hint.origin_sub})
    assert not is_there(settled)


def test_another_table_stops_a_run(settled: Settled) -> None:
    at = settled.active
    at.side.ledger.note_table("", "the confirmed one")
    run = judged(at)
    judgement = judge(at.context(), run)
    assert judgement.verdict is BrakeVerdict.STOP
    assert "standby accept-table" in judgement.reasons[0]


def test_a_table_that_lost_its_records_is_asked_about(settled: Settled) -> None:
    at = settled.active
    judged(at)
    at.settings = replace(at.settings, brake=replace(at.settings.brake, harmless=0))
    for sub in settled.subs:
        settled.forget_record(sub, PRIMARY)
    run = judged(at)
    judgement = judge(at.context(), run)
    assert judgement.verdict is BrakeVerdict.ASK
    assert any("the last run saw" in reason for reason in judgement.reasons)
