"""The decision table, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.domain.decide import Apply, Capture, Confirm, Skip, View, decide
from cognito_standby.domain.epochs import Claims, Epoch
from cognito_standby.domain.ledger import LedgerRow
from cognito_standby.domain.pools import AttributeRule, PoolSchema, Sighting, UserStatus
from cognito_standby.domain.records import Partition, Record, Version
from cognito_standby.domain.subjects import ABSENT, Fields, Subject, image_of

A, B = "a-region", "b-region"
ANN = Subject.user("ann")
SCHEMA = PoolSchema({name: AttributeRule() for name in ("name", "email")})
OLD = {"present": "true", "enabled": "true", "attr:name": "old"}
NEW = {**OLD, "attr:name": "new"}
OWN = {**OLD, "attr:name": "own"}


def record(region: str, fields: Fields, epoch: int = 1, *, deleted: bool = False) -> Record:
    return Record(ANN, region, 1, epoch, fields, deleted)


def view(
    seen: Fields = OLD,
    *,
    own: Record | None = None,
    other: Record | None = None,
    active: bool = False,
    ledger: LedgerRow | None = None,
    status: UserStatus = UserStatus.CONFIRMED,
) -> View:
    """B's view; B confirmed OLD unless the ledger says otherwise."""
    row = ledger or LedgerRow(
        ANN,
        local_sub="ann-in-b",
        base=image_of(OLD),
        confirmed=OLD,
        confirmed_version=Version(Epoch(1, A), 1),
    )
    sighting = Sighting(seen, "ann-in-b", "ann", status) if seen else Sighting(ABSENT)
    claims = Claims({A: 1, B: 2 if active else 0})
    return View(ANN, B, Partition(own, other), claims, row, sighting, SCHEMA)


NEVER = LedgerRow(ANN)


def test_a_first_sight_is_captured() -> None:
    assert decide(view(ledger=NEVER)) == Capture(OLD, False, False, "first sight")


def test_absence_without_a_record_means_nothing() -> None:
    assert isinstance(decide(view(ABSENT, ledger=NEVER)), Skip)


def test_who_was_here_and_is_gone_without_a_record_is_captured_as_deleted() -> None:
    decision = decide(view(ABSENT))
    assert isinstance(decision, Capture)
    assert decision.deleted
    assert decision.fields == OLD


@pytest.mark.parametrize("status", [UserStatus.UNCONFIRMED, UserStatus.EXTERNAL_PROVIDER])
def test_who_cannot_be_replicated_is_left_alone(status: UserStatus) -> None:
    assert isinstance(decide(view(ledger=NEVER, status=status)), Skip)
    assert isinstance(decide(view(status=status)), Capture), "but not once they were here"


def test_own_and_equal_is_confirmed() -> None:
    assert isinstance(decide(view(own=record(B, OLD))), Confirm)


@pytest.mark.parametrize("active", [True, False])
def test_own_and_different_is_captured_whatever_the_role(active: bool) -> None:
    decision = decide(view(NEW, own=record(B, OLD), active=active))
    assert isinstance(decision, Capture)
    assert (decision.fields, decision.conflict) == (NEW, False)


def test_foreign_and_equal_is_confirmed() -> None:
    assert isinstance(decide(view(other=record(A, OLD))), Confirm)


def test_foreign_and_behind_is_applied() -> None:
    decision = decide(view(other=record(A, NEW)))
    assert isinstance(decision, Apply)
    assert decision.target.fields == NEW


def test_a_local_change_wins_in_the_active_region() -> None:
    decision = decide(view(OWN, other=record(A, NEW), active=True))
    assert isinstance(decision, Capture)
    assert (decision.fields, decision.conflict) == (OWN, True)


def test_a_local_change_in_the_standby_is_captured_once_and_loses() -> None:
    seen = view(OWN, other=record(A, NEW))
    first = decide(seen)
    assert isinstance(first, Capture)
    assert first.conflict
    recorded = replace(seen, partition=Partition(record(B, OWN, 0), record(A, NEW)))
    assert isinstance(decide(recorded), Apply)


def test_a_half_finished_write_of_ours_is_no_local_change() -> None:
    halfway = LedgerRow(ANN, base=image_of(OLD), target=image_of({**NEW, "enabled": "false"}))
    decision = decide(view(NEW, other=record(A, OWN), active=True, ledger=halfway))
    assert isinstance(decision, Apply)


def test_a_deletion_here_is_captured_with_the_last_state() -> None:
    decision = decide(view(ABSENT, own=record(B, OLD)))
    assert isinstance(decision, Capture)
    assert (decision.fields, decision.deleted) == (OLD, True)


def test_a_foreign_deletion_disables() -> None:
    decision = decide(view(other=record(A, OLD, deleted=True)))
    assert isinstance(decision, Apply)
    assert decision.target.fields == {**OLD, "enabled": "false"}


@pytest.mark.parametrize("seen", [{**OLD, "enabled": "false"}, ABSENT], ids=["disabled", "absent"])
def test_a_foreign_deletion_that_shows_needs_an_own_tombstone(seen: Fields) -> None:
    row = LedgerRow(ANN, base=image_of(seen))
    seen_so = view(seen, other=record(A, OLD, deleted=True), ledger=row)
    decision = decide(seen_so)
    assert isinstance(decision, Confirm)
    assert decision.own_tombstone
    both = Partition(record(B, OLD, 0, deleted=True), record(A, OLD, deleted=True))
    again = decide(replace(seen_so, partition=both))
    assert isinstance(again, Confirm)
    assert not again.own_tombstone


def test_news_of_a_deletion_loses_to_a_change_that_looks_like_it() -> None:
    changed = {**OWN, "enabled": "false"}
    deletion = replace(record(A, OLD, deleted=True), revision=2)
    decision = decide(view(changed, other=deletion, active=True))
    assert isinstance(decision, Capture)
    assert (decision.fields, decision.deleted) == (changed, False)
    known = replace(view().ledger, confirmed_version=deletion.version)
    assert isinstance(decide(view(changed, other=deletion, active=True, ledger=known)), Confirm)


def test_a_user_whom_we_made_needs_a_password_until_they_were_confirmed() -> None:
    made = LedgerRow(ANN, local_sub="ann-in-b", base=image_of(OLD))
    forced = UserStatus.FORCE_CHANGE_PASSWORD
    decision = decide(view(other=record(A, OLD), ledger=made, status=forced))
    assert isinstance(decision, Apply)
    assert decision.needs_password
    assert isinstance(decide(view(other=record(A, OLD), status=forced)), Confirm)


def test_records_are_evidence_of_claims() -> None:
    seen = view(OWN, other=record(A, NEW, epoch=3), active=True)
    assert not seen.active
