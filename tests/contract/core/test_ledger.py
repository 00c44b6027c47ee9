"""Contract of Ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import LeaseHeldError, PlanStaleError
from cognito_standby.core.domain.ledger import Confirmation, Intent, LedgerRow, SyncState
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.records import Version
from cognito_standby.core.domain.subjects import Subject, image_of
from cognito_standby.core.domain.summaries import summary_of
from cognito_standby.core.ports import Ledger
from tests.contract.backends import LEASE_SECONDS, Backend
from tests.twins.clock import ManualClock

ANN = Subject.user("origin-ann")
BEN = Subject.user("origin-ben")
FIELDS = {"present": "true", "enabled": "true", "attr:name": "Ann \N{GRINNING FACE}", "attr:x": ""}
VERSION = Version(Epoch(3, "us-east-1"), 7)
INTENT = Intent(
    base=image_of({"present": "true"}),
    target=image_of(FIELDS),
    skipped={"attr:custom:badge": "immutable, and the user exists"},
    local_username="ann",
)
CONFIRMATION = Confirmation(
    FIELDS, VERSION, {"attr:y": "not in the pool's schema"}, "l-1", "ann", "f-1"
)

GUARDED: dict[str, Callable[[Ledger, str], object]] = {
    "renew_lease": lambda led, who: led.renew_lease(ANN, who),
    "note_intent": lambda led, who: led.note_intent(ANN, who, INTENT),
    "note_created": lambda led, who: led.note_created(ANN, who, INTENT, "l-2", "ann"),
    "confirm": lambda led, who: led.confirm(ANN, who, CONFIRMATION),
    "forget": lambda led, who: led.forget(ANN, who),
    "note_state": lambda led, who: led.note_state(ANN, who, SyncState.FAILED, "broken"),
}
guarded = pytest.mark.parametrize("write", GUARDED.values(), ids=GUARDED.keys())


@pytest.fixture
def ledger(backend: Backend, clock: ManualClock) -> Ledger:
    return backend.ledger(clock)


def test_of_an_unknown_subject_the_row_is_empty(ledger: Ledger) -> None:
    assert ledger.read(ANN) == LedgerRow(ANN)
    assert not ledger.read(ANN).was_here
    assert ledger.origin_of("l-1") is None


def test_a_lease_is_taken_for_its_time(ledger: Ledger, clock: ManualClock) -> None:
    row = ledger.take_lease(ANN, "one")
    assert row.subject == ANN
    assert row.lease is not None
    assert row.lease.holder == "one"
    assert row.lease.expires_at == pytest.approx(clock.now().timestamp() + LEASE_SECONDS, abs=1)
    assert ledger.read(ANN) == row


def test_a_living_holder_is_never_robbed(ledger: Ledger, clock: ManualClock) -> None:
    held = ledger.take_lease(ANN, "one")
    clock.advance(LEASE_SECONDS - 2)
    with pytest.raises(LeaseHeldError):
        ledger.take_lease(ANN, "two")
    assert ledger.read(ANN) == held


def test_a_lease_is_of_one_subject(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    lease = ledger.take_lease(BEN, "two").lease
    assert lease is not None
    assert lease.holder == "two"


def test_taking_one_s_own_lease_again_prolongs_it(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, "one")
    clock.advance(LEASE_SECONDS - 2)
    ledger.take_lease(ANN, "one")
    clock.advance(LEASE_SECONDS - 2)
    with pytest.raises(LeaseHeldError):
        ledger.take_lease(ANN, "two")


def test_renewing_prolongs(ledger: Ledger, clock: ManualClock) -> None:
    ledger.take_lease(ANN, "one")
    clock.advance(LEASE_SECONDS - 2)
    ledger.renew_lease(ANN, "one")
    clock.advance(LEASE_SECONDS - 2)
    with pytest.raises(LeaseHeldError):
        ledger.take_lease(ANN, "two")


def test_an_expired_lease_can_be_taken_with_all_that_was_noted(
    ledger: Ledger, clock: ManualClock
) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", INTENT)
    clock.advance(LEASE_SECONDS + 2)
    row = ledger.take_lease(ANN, "two")
    assert row.lease is not None
    assert row.lease.holder == "two"
    assert (dict(row.base), dict(row.target or {})) == (INTENT.base, INTENT.target)
    assert row.state is SyncState.APPLYING


@guarded
def test_an_expired_lease_that_nobody_took_still_counts(
    ledger: Ledger, clock: ManualClock, write: Callable[[Ledger, str], object]
) -> None:
    ledger.take_lease(ANN, "one")
    clock.advance(LEASE_SECONDS * 10)
    write(ledger, "one")


@guarded
def test_without_the_lease_nothing_is_written(
    ledger: Ledger, clock: ManualClock, write: Callable[[Ledger, str], object]
) -> None:
    with pytest.raises(PlanStaleError):
        write(ledger, "one")
    assert ledger.read(ANN) == LedgerRow(ANN)


@guarded
def test_after_the_lease_was_lost_nothing_is_written(
    ledger: Ledger, clock: ManualClock, write: Callable[[Ledger, str], object]
) -> None:
    ledger.take_lease(ANN, "one")
    clock.advance(LEASE_SECONDS + 2)
    taken = ledger.take_lease(ANN, "two")
    with pytest.raises(PlanStaleError):
        write(ledger, "one")
    assert ledger.read(ANN) == taken
    assert ledger.origin_of("l-2") is None


@guarded
def test_after_a_release_nothing_is_written(
    ledger: Ledger, write: Callable[[Ledger, str], object]
) -> None:
    ledger.take_lease(ANN, "one")
    ledger.release(ANN, "one")
    with pytest.raises(PlanStaleError):
        write(ledger, "one")


def test_a_released_lease_can_be_taken_at_once(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.release(ANN, "one")
    assert ledger.read(ANN).lease is None
    ledger.take_lease(ANN, "two")


def test_only_its_holder_releases_a_lease(ledger: Ledger) -> None:
    held = ledger.take_lease(ANN, "one")
    ledger.release(ANN, "two")
    ledger.release(BEN, "two")
    assert ledger.read(ANN) == held
    assert ledger.read(BEN) == LedgerRow(BEN)


def test_an_intent_is_noted_whole(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", INTENT)
    row = ledger.read(ANN)
    assert row.state is SyncState.APPLYING
    assert (row.base, row.target, row.skipped) == (INTENT.base, INTENT.target, INTENT.skipped)
    assert row.local_username == "ann"
    assert row.lease is not None
    assert row.confirmed is None


def test_an_intent_to_remove_is_not_the_same_as_none(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", Intent(INTENT.base, {}, {}))
    assert ledger.read(ANN).target == {}
    assert not ledger.read(ANN).expects_presence


def test_an_intent_without_a_name_keeps_the_known_one(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", INTENT)
    ledger.note_intent(ANN, "one", Intent({}, {}, {}))
    assert ledger.read(ANN).local_username == "ann"


def test_a_creation_maps_both_subs(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_created(ANN, "one", INTENT, "l-1", "ann")
    row = ledger.read(ANN)
    assert (row.local_sub, row.local_username) == ("l-1", "ann")
    assert (row.base, row.target) == (INTENT.base, INTENT.target)
    assert row.state is SyncState.APPLYING
    assert ledger.origin_of("l-1") == ANN.id
    assert ledger.origin_of(ANN.id) is None


def test_somebody_made_anew_keeps_the_old_sub_too(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_created(ANN, "one", INTENT, "l-1", "ann")
    ledger.note_created(ANN, "one", INTENT, "l-2", "ann")
    assert ledger.read(ANN).local_sub == "l-2"
    assert ledger.origin_of("l-1") == ledger.origin_of("l-2") == ANN.id


def test_an_intent_to_create_forgets_what_was_confirmed_of_an_earlier_entry(
    ledger: Ledger,
) -> None:
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", CONFIRMATION)
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", INTENT)
    assert ledger.read(ANN).confirmed_version == VERSION
    ledger.note_intent(ANN, "one", Intent({}, INTENT.target, {}, "ann"))
    row = ledger.read(ANN)
    assert (row.confirmed, row.confirmed_version) == (None, None)
    assert (row.summary, row.record_fingerprint) == ("", "")


def test_a_confirmation_closes_the_intent_and_gives_the_lease_back(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", INTENT)
    ledger.confirm(ANN, "one", CONFIRMATION)
    assert ledger.read(ANN) == LedgerRow(
        ANN,
        state=SyncState.IN_SYNC,
        local_sub="l-1",
        local_username="ann",
        base=image_of(FIELDS),
        target=None,
        confirmed=FIELDS,
        confirmed_version=VERSION,
        skipped=CONFIRMATION.skipped,
        summary=summary_of(FIELDS),
        record_fingerprint="f-1",
    )


def test_what_the_pool_refused_is_kept_until_it_is_noted_anew(ledger: Ledger) -> None:
    with pytest.raises(PlanStaleError):
        ledger.note_refused(ANN, "nobody", {"attr:name": "digest"})
    ledger.take_lease(ANN, "one")
    ledger.note_refused(ANN, "one", {"attr:name": "digest"})
    ledger.note_intent(ANN, "one", INTENT)
    ledger.confirm(ANN, "one", CONFIRMATION)
    assert ledger.read(ANN).refused == {"attr:name": "digest"}
    ledger.take_lease(ANN, "two")
    ledger.note_refused(ANN, "two", {})
    assert ledger.read(ANN).refused == {}


def test_a_confirmed_absence_is_remembered_with_the_old_sub(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", CONFIRMATION)
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", Confirmation({}, VERSION, {}))
    row = ledger.read(ANN)
    assert (row.base, row.confirmed, row.summary) == ({}, {}, "")
    assert row.local_sub == "l-1"
    assert row.was_here
    assert not row.expects_presence


def test_in_another_pool_s_place_the_old_sub_is_forgotten(ledger: Ledger) -> None:
    """The row names this pool from now on, and the sub is one of the pool before."""
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", CONFIRMATION)
    ledger.take_lease(ANN, "one")
    awaited = {"present": NotHeld.AWAITED.value}
    ledger.confirm(ANN, "one", Confirmation({}, VERSION, awaited, anew=True))
    row = ledger.read(ANN)
    assert (row.local_sub, row.local_username, row.confirmed) == ("", "", {})
    assert not row.was_here


def test_who_was_met_here_first_is_their_own_origin(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", Confirmation(FIELDS, VERSION, {}, ANN.id, "ann"))
    assert ledger.origin_of(ANN.id) == ANN.id


@pytest.mark.parametrize("state", [SyncState.SKIPPED, SyncState.FAILED, SyncState.QUARANTINED])
def test_a_state_is_noted_beside_what_was_there(ledger: Ledger, state: SyncState) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", INTENT)
    ledger.note_state(ANN, "one", state, "because")
    row = ledger.read(ANN)
    assert (row.state, row.reason, row.lease) == (state, "because", None)
    assert (row.base, row.target) == (INTENT.base, INTENT.target)


def test_a_confirmation_clears_the_reason(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_state(ANN, "one", SyncState.SKIPPED, "because")
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", CONFIRMATION)
    assert ledger.read(ANN).reason == ""


def test_of_whom_nothing_is_left_the_ledger_forgets_everything(ledger: Ledger) -> None:
    for subject in (ANN, BEN):
        ledger.take_lease(subject, "one")
        ledger.note_created(subject, "one", INTENT, f"l-{subject.id}", "ann")
    ledger.forget(ANN, "one")
    assert ledger.read(ANN) == LedgerRow(ANN)
    assert ledger.origin_of(f"l-{ANN.id}") is None
    assert ledger.origin_of(f"l-{BEN.id}") == BEN.id
    assert ledger.take_lease(ANN, "two").lease is not None


def test_a_row_without_a_local_sub_is_forgotten_too(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.forget(ANN, "one")
    assert ledger.read(ANN) == LedgerRow(ANN)


def test_groups_have_rows_of_their_own(ledger: Ledger) -> None:
    group = Subject.group(ANN.id)
    ledger.take_lease(group, "one")
    ledger.confirm(group, "one", Confirmation({"present": "true"}, VERSION, {}))
    assert ledger.read(group).state is SyncState.IN_SYNC
    assert ledger.read(ANN) == LedgerRow(ANN)


def test_a_put_back_is_noted_until_it_is_confirmed(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", replace(INTENT, restoring=True))
    assert ledger.read(ANN).restoring
    ledger.note_intent(ANN, "one", INTENT)
    assert not ledger.read(ANN).restoring
    ledger.note_created(ANN, "one", replace(INTENT, restoring=True), "l-1", "ann")
    assert ledger.read(ANN).restoring
    ledger.confirm(ANN, "one", CONFIRMATION)
    assert not ledger.read(ANN).restoring
