"""Contract of Ledger.take_over_lease and of what a creation's intent forgets."""

from __future__ import annotations

import pytest

from cognito_standby.adapters.memory.clock import ManualClock
from cognito_standby.domain.errors import LeaseHeldError, PlanStaleError
from cognito_standby.domain.ledger import Confirmation, Intent
from cognito_standby.domain.subjects import Subject
from cognito_standby.ports import Ledger
from tests.contract.backends import LEASE_SECONDS, Backend

ANN = Subject.user("origin-ann")


@pytest.fixture
def ledger(backend: Backend, clock: ManualClock) -> Ledger:
    return backend.ledger(clock)


def test_a_lease_that_has_expired_is_taken_over(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, "failed")
    clock.advance(LEASE_SECONDS + 1)
    row = ledger.take_over_lease(ANN, "failed", "contain")
    assert row.lease is not None
    assert row.lease.holder == "contain"
    with pytest.raises(PlanStaleError):
        ledger.renew_lease(ANN, "failed")


def test_one_that_has_not_is_waited_for(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, "failed")
    clock.advance(LEASE_SECONDS - 2)
    with pytest.raises(LeaseHeldError):
        ledger.take_over_lease(ANN, "failed", "contain")
    assert ledger.renew_lease(ANN, "failed").lease is not None


def test_who_took_it_over_renews_it(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, "failed")
    clock.advance(LEASE_SECONDS + 1)
    ledger.take_over_lease(ANN, "failed", "contain")
    row = ledger.take_over_lease(ANN, "failed", "contain")
    assert row.lease is not None
    assert row.lease.holder == "contain"


def test_nobody_elses_lease_is_taken(ledger: Ledger, clock: ManualClock) -> None:
    with pytest.raises(PlanStaleError):
        ledger.take_over_lease(ANN, "failed", "contain")
    ledger.take_lease(ANN, "another")
    clock.advance(LEASE_SECONDS + 1)
    with pytest.raises(PlanStaleError):
        ledger.take_over_lease(ANN, "failed", "contain")
    assert ledger.renew_lease(ANN, "another").lease is not None


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
