"""Contract of Ledger.take_over_lease and of what a creation's intent forgets."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.errors import LeaseHeldError, PlanStaleError
from cognito_standby.core.domain.ledger import Confirmation, Intent, holder_of
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import Ledger
from tests.contract.backends import LEASE_SECONDS, Backend
from tests.twins.clock import ManualClock

ANN = Subject.user("origin-ann")
FAILED, CONTAIN = holder_of("failed", 0), holder_of("contain", 0)


@pytest.fixture
def ledger(backend: Backend, clock: ManualClock) -> Ledger:
    return backend.ledger(clock)


def test_a_lease_that_has_expired_is_taken_over(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, FAILED)
    clock.advance(LEASE_SECONDS + 1)
    row = ledger.take_over_lease(ANN, "failed", CONTAIN)
    assert row.lease is not None
    assert row.lease.holder == CONTAIN
    with pytest.raises(PlanStaleError):
        ledger.renew_lease(ANN, FAILED)


def test_one_that_has_not_is_waited_for(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, FAILED)
    clock.advance(LEASE_SECONDS - 2)
    with pytest.raises(LeaseHeldError):
        ledger.take_over_lease(ANN, "failed", CONTAIN)
    assert ledger.renew_lease(ANN, FAILED).lease is not None


def test_who_took_it_over_renews_it(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, FAILED)
    clock.advance(LEASE_SECONDS + 1)
    ledger.take_over_lease(ANN, "failed", CONTAIN)
    row = ledger.take_over_lease(ANN, "failed", CONTAIN)
    assert row.lease is not None
    assert row.lease.holder == CONTAIN


def test_nobody_elses_lease_is_taken(ledger: Ledger, clock: ManualClock) -> None:
    with pytest.raises(PlanStaleError):
        ledger.take_over_lease(ANN, "failed", CONTAIN)
    ledger.take_lease(ANN, "another")
    clock.advance(LEASE_SECONDS + 1)
    with pytest.raises(PlanStaleError):
        ledger.take_over_lease(ANN, "failed", CONTAIN)
    assert ledger.renew_lease(ANN, "another").lease is not None


@pytest.mark.parametrize("run", [0, 1, 12])
def test_whichever_run_held_it(ledger: Ledger, clock: ManualClock, run: int) -> None:
    ledger.take_lease(ANN, holder_of("failed", run))
    clock.advance(LEASE_SECONDS + 1)
    assert ledger.take_over_lease(ANN, "failed", CONTAIN).lease is not None


@pytest.mark.parametrize("other", ["failed-too#0", "fail#0", "contain#1"])
def test_a_name_that_begins_alike_is_another(
    ledger: Ledger, clock: ManualClock, other: str
) -> None:
    ledger.take_lease(ANN, other)
    clock.advance(LEASE_SECONDS + 1)
    with pytest.raises(PlanStaleError):
        ledger.take_over_lease(ANN, "failed", CONTAIN)


def test_a_redrive_waits_for_the_lease_of_the_run_before(
    ledger: Ledger, clock: ManualClock
) -> None:
    ledger.take_lease(ANN, holder_of("one", 0))
    with pytest.raises(LeaseHeldError):
        ledger.take_lease(ANN, holder_of("one", 1))
    clock.advance(LEASE_SECONDS + 1)
    assert ledger.take_lease(ANN, holder_of("one", 1)).lease is not None
    with pytest.raises(PlanStaleError):
        ledger.renew_lease(ANN, holder_of("one", 0))


def test_who_ends_a_lease_stays_its_last_holder(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, FAILED)
    ledger.end_lease(ANN, FAILED)
    lease = ledger.read(ANN).lease
    assert lease is not None
    assert (lease.holder, lease.expires_at) == (FAILED, clock.now().timestamp() - 1)
    assert ledger.take_over_lease(ANN, "failed", CONTAIN).lease is not None


def test_an_ended_lease_is_anybodys_at_once(ledger: Ledger) -> None:
    ledger.take_lease(ANN, FAILED)
    ledger.end_lease(ANN, FAILED)
    assert ledger.take_lease(ANN, holder_of("failed", 1)).lease is not None
    with pytest.raises(PlanStaleError):
        ledger.end_lease(ANN, FAILED)


@pytest.mark.parametrize(
    ("base", "forgotten"), [({}, True), ({"present": "digest"}, False)], ids=["creation", "update"]
)
def test_only_a_creation_forgets_what_was_confirmed(
    ledger: Ledger, base: dict[str, str], forgotten: bool
) -> None:
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", Confirmation({"present": "true"}, None, {}))
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", Intent(base, {"present": "digest"}, {}))
    assert (ledger.read(ANN).confirmed is None) is forgotten
