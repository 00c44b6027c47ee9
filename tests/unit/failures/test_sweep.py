"""Sweeping: failures that nobody treats, and rows left half applied."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.failures import (
    Marker,
    Stage,
    marker_key,
)
from cognito_standby.failures.services.sweep import HORIZON, seconds_not_reconciled
from tests.twins.clock import ManualClock
from tests.twins.stores.failures import (
    InMemoryExecutions,
)
from tests.twins.stores.pool_notes import InMemoryPoolNotes
from tests.unit.failures.failure_desk import ANN, PREFIX, Desk, failed


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_sweep_has_neglected_failures_treated(desk: Desk) -> None:
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(5)]
    desk.executions.executions = [failed(desk.clock, arn) for arn in arns]
    desk.notes.claim(marker_key(arns[0], 0), None, Marker("x", Stage.SETTLED, 0))
    desk.notes.claim(
        marker_key(arns[1], 0), None, Marker("x", Stage.SENDING, desk.clock.now().timestamp())
    )
    desk.notes.claim(marker_key(arns[2], 0), None, Marker("x", Stage.SENT, 0))
    assert desk.sweep().treated == 3
    assert {run.arn for run in desk.executions.treated} == set(arns[2:])


def test_old_failures_are_left_to_their_letters(desk: Desk) -> None:
    started = desk.clock.now() - HORIZON - timedelta(seconds=1)
    desk.executions.executions = [failed(desk.clock, started_at=started)]
    assert desk.sweep().treated == 0


def test_a_long_list_is_gone_through_in_several_sweeps(desk: Desk) -> None:
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(25)]
    desk.executions.executions = [failed(desk.clock, arn) for arn in arns]
    found = [desk.sweep() for _ in range(3)]
    assert [one.treated for one in found] == [10, 10, 5]
    assert [one.more for one in found] == [True, True, False]
    assert {run.arn for run in desk.executions.treated} == set(arns)


def test_no_sweep_starts_more_than_it_should(desk: Desk) -> None:
    desk.executions = InMemoryExecutions(page_size=100)
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(60)]
    desk.executions.executions = [failed(desk.clock, arn) for arn in arns]
    found = desk.sweep()
    assert (found.treated, found.more) == (50, True)


def test_a_stranded_row_is_woken_once_in_a_while(desk: Desk) -> None:
    desk.strand()
    assert desk.sweep().stranded == 0, "its lease has not run out long enough"
    desk.clock.advance(90 + 15 * 60)
    found = desk.sweep()
    assert (found.stranded, found.woken) == (1, 1)
    assert found.oldest_unapplied_seconds == 15 * 60
    assert [hint.origin_sub for hint in desk.bus.hints] == [ANN.key]
    desk.clock.advance(300)
    assert (desk.sweep().stranded, len(desk.bus.hints)) == (1, 1)
    desk.clock.advance(6 * 3600)
    assert desk.sweep().woken == 1


def test_the_sweep_counts_what_waits_for_an_operator(desk: Desk) -> None:
    for name, state in (("a", SyncState.FAILED), ("b", SyncState.QUARANTINED)):
        subject = Subject.user(name)
        desk.ledger.take_lease(subject, "one")
        desk.ledger.note_state(subject, "one", state, "why")
    found = desk.sweep()
    assert (found.failed, found.quarantined, found.oldest_unapplied_seconds) == (1, 1, 0)


def test_how_long_nothing_was_reconciled() -> None:
    clock = ManualClock()
    pools = InMemoryPoolNotes()
    assert seconds_not_reconciled(pools, "pool", clock.now()) < 1
    clock.advance(7200)
    assert 7199 < seconds_not_reconciled(pools, "pool", clock.now()) < 7202, "no run yet"
    pools.run_ended("pool", clock.now())
    clock.advance(60)
    assert 59 < seconds_not_reconciled(pools, "pool", clock.now()) < 62
    assert seconds_not_reconciled(pools, "another", clock.now()) < 1


def test_the_sweep_counts_undecided_conflicts(desk: Desk) -> None:
    assert desk.sweep().conflicts == 0
    gone = Conflict(ANN, ConflictKind.UNDONE, {"present": ""})
    desk.ledger.note_conflict(gone)
    desk.ledger.note_conflict(Conflict(ANN, ConflictKind.MERGED, {"attr:name": "Ann"}))
    assert desk.sweep().conflicts == 2
    desk.ledger.drop_conflicts(ANN)
    assert desk.sweep().conflicts == 0
