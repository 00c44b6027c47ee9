"""Sweeping: failures that nobody treats, and rows left half applied."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.failures import (
    Marker,
    MarkerStage,
    marker_key,
)
from cognito_standby.failures.services.sweep import HORIZON, seconds_not_reconciled
from tests.twins.clock import ManualClock
from tests.twins.stores.failures import (
    InMemoryExecutions,
)
from tests.twins.stores.pool_notes import InMemoryPoolNotes
from tests.unit.failures.failure_region import ANN, PREFIX, FailureRegion, failed


@pytest.fixture
def region() -> FailureRegion:
    return FailureRegion()


def test_the_sweep_has_neglected_failures_treated(region: FailureRegion) -> None:
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(5)]
    region.executions.executions = [failed(region.clock, arn) for arn in arns]
    region.notes.claim(marker_key(arns[0], 0), None, Marker("x", MarkerStage.SETTLED, 0))
    region.notes.claim(
        marker_key(arns[1], 0),
        None,
        Marker("x", MarkerStage.SENDING, region.clock.now().timestamp()),
    )
    region.notes.claim(marker_key(arns[2], 0), None, Marker("x", MarkerStage.SENT, 0))
    assert region.sweep().treated == 3
    assert {run.arn for run in region.executions.treated} == set(arns[2:])


def test_old_failures_are_left_to_their_letters(region: FailureRegion) -> None:
    started = region.clock.now() - HORIZON - timedelta(seconds=1)
    region.executions.executions = [failed(region.clock, started_at=started)]
    assert region.sweep().treated == 0


def test_a_long_list_is_gone_through_in_several_sweeps(region: FailureRegion) -> None:
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(25)]
    region.executions.executions = [failed(region.clock, arn) for arn in arns]
    found = [region.sweep() for _ in range(3)]
    assert [one.treated for one in found] == [10, 10, 5]
    assert [one.more for one in found] == [True, True, False]
    assert {run.arn for run in region.executions.treated} == set(arns)


def test_no_sweep_starts_more_than_it_should(region: FailureRegion) -> None:
    region.executions = InMemoryExecutions(page_size=100)
    arns = [f"{PREFIX}:alpha-sync_user:{number}" for number in range(60)]
    region.executions.executions = [failed(region.clock, arn) for arn in arns]
    found = region.sweep()
    assert (found.treated, found.more) == (50, True)


def test_a_stranded_row_is_woken_once_in_a_while(region: FailureRegion) -> None:
    region.strand()
    assert region.sweep().stranded == 0, "its lease has not run out long enough"
    region.clock.advance(90 + 15 * 60)
    found = region.sweep()
    assert (found.stranded, found.woken) == (1, 1)
    assert found.oldest_unapplied_seconds == 15 * 60
    assert [hint.origin_sub for hint in region.bus.hints] == [ANN.key]
    region.clock.advance(300)
    assert (region.sweep().stranded, len(region.bus.hints)) == (1, 1)
    region.clock.advance(6 * 3600)
    assert region.sweep().woken == 1


def test_the_sweep_counts_what_waits_for_an_operator(region: FailureRegion) -> None:
    for name, state in (("a", SyncState.FAILED), ("b", SyncState.QUARANTINED)):
        subject = Subject.user(name)
        region.ledger.take_lease(subject, "one")
        region.ledger.note_state(subject, "one", state, "why")
    found = region.sweep()
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


def test_the_sweep_counts_undecided_conflicts(region: FailureRegion) -> None:
    assert region.sweep().conflicts == 0
    gone = Conflict(ANN, ConflictKind.UNDONE, {"present": ""})
    region.ledger.note_conflict(gone)
    region.ledger.note_conflict(Conflict(ANN, ConflictKind.MERGED, {"attr:name": "Ann"}))
    assert region.sweep().conflicts == 2
    region.ledger.drop_conflicts(ANN)
    assert region.sweep().conflicts == 0
