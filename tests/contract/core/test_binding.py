"""Contract of Ledger.bind: two rows and the reverse map, all at once or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.errors import LeaseHeldError
from cognito_standby.core.domain.ledger import Binding, Confirmation, Intent, SyncState
from cognito_standby.core.domain.subjects import Subject, image_of
from cognito_standby.core.ports import Ledger
from tests.contract.backends import LEASE_SECONDS, Backend
from tests.twins.clock import ManualClock

ANN, BEN = Subject.user("origin-ann"), Subject.user("origin-ben")
STRANGER = Subject.user("l-1")
SEEN = {"present": "true", "attr:email": "ann@example.org"}
BINDING = Binding(
    Intent(image_of(SEEN), image_of({**SEEN, "group:staff": "true"}), {}, "google_1"),
    *("l-1", "google_1", ""),
    frozenset({"attr:email"}),
)


@pytest.fixture
def ledger(backend: Backend, clock: ManualClock) -> Ledger:
    return backend.ledger(clock)


def test_the_stranger_is_the_subject_from_then_on(ledger: Ledger) -> None:
    ledger.take_lease(STRANGER, "one")
    ledger.note_state(STRANGER, "one", SyncState.SKIPPED, "why", {"federated": "why"})
    assert dict(ledger.read(STRANGER).skipped) == {"federated": "why"}
    ledger.take_lease(STRANGER, "one")
    ledger.bind(STRANGER, "one", ANN, BINDING)
    assert ledger.origin_of("l-1") == ANN.id
    row = ledger.renew_lease(ANN, "one")
    assert (row.state, row.local_sub, row.local_username) == (
        *(SyncState.APPLYING, "l-1", "google_1"),
    )
    assert (dict(row.base), dict(row.target or {})) == (
        dict(BINDING.intent.base),
        dict(BINDING.intent.target),
    )
    assert row.given == BINDING.given
    left = ledger.read(STRANGER)
    assert (left.lease, left.local_sub, dict(left.skipped)) == (None, "", {})
    ledger.note_intent(ANN, "one", BINDING.intent)
    assert ledger.read(ANN).given == BINDING.given, "until it is confirmed"
    ledger.confirm(ANN, "one", Confirmation(SEEN, None, {}, "l-1", "google_1"))
    assert ledger.read(ANN).given is None


def test_nothing_given_is_told_from_nobody_bound(ledger: Ledger) -> None:
    ledger.take_lease(STRANGER, "one")
    ledger.bind(STRANGER, "one", ANN, replace(BINDING, given=frozenset()))
    assert ledger.read(ANN).given == frozenset()


def test_what_was_confirmed_of_nobody_is_forgotten(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", Confirmation({}, None, {"present": "why"}))
    ledger.take_lease(STRANGER, "one")
    ledger.bind(STRANGER, "one", ANN, BINDING)
    assert ledger.read(ANN).confirmed is None


def test_the_same_again_is_no_error(ledger: Ledger, clock: ManualClock) -> None:
    for holder in ("one", "two"):
        ledger.take_lease(STRANGER, holder)
        ledger.bind(STRANGER, holder, ANN, BINDING)
        clock.advance(LEASE_SECONDS + 1)
    assert ledger.origin_of("l-1") == ANN.id


def _unleased(ledger: Ledger) -> Binding:
    ledger.take_lease(STRANGER, "another")
    return BINDING


def _known(ledger: Ledger) -> Binding:
    ledger.take_lease(STRANGER, "one")
    ledger.confirm(STRANGER, "one", Confirmation(SEEN, None, {}, "l-1", "google_1"))
    ledger.take_lease(STRANGER, "one")
    return BINDING


def _at_work(ledger: Ledger) -> Binding:
    ledger.take_lease(STRANGER, "one")
    ledger.take_lease(ANN, "another")
    return BINDING


def _bound_to_another(ledger: Ledger) -> Binding:
    ledger.take_lease(STRANGER, "one")
    ledger.bind(STRANGER, "one", BEN, BINDING)
    ledger.take_lease(STRANGER, "one")
    return BINDING


def _has_another(ledger: Ledger) -> Binding:
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", Confirmation(SEEN, None, {}, "l-9", "google_1"))
    ledger.take_lease(STRANGER, "one")
    return BINDING


def _had_another(ledger: Ledger) -> Binding:
    return replace(_has_another(ledger), former="l-8")


@pytest.mark.parametrize(
    "before", [_unleased, _known, _at_work, _bound_to_another, _has_another, _had_another]
)
def test_refused_as_a_whole(ledger: Ledger, before: object) -> None:
    assert callable(before)
    binding = before(ledger)
    rows = [ledger.read(each) for each in (ANN, BEN, STRANGER)]
    origin = ledger.origin_of("l-1")
    with pytest.raises(LeaseHeldError):
        ledger.bind(STRANGER, "one", ANN, binding)
    assert [ledger.read(each) for each in (ANN, BEN, STRANGER)] == rows
    assert ledger.origin_of("l-1") == origin


def test_whoever_is_gone_is_replaced(ledger: Ledger) -> None:
    binding = replace(_has_another(ledger), former="l-9")
    ledger.bind(STRANGER, "one", ANN, binding)
    assert ledger.read(ANN).local_sub == "l-1"
