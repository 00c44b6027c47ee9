"""The decision table, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.attribute_limits import AttributeRule
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind, Weight
from cognito_standby.core.domain.epochs import Claims, Epoch
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import Observation, PoolSchema, UserStatus
from cognito_standby.core.domain.records import Partition, Record, Version
from cognito_standby.core.domain.subjects import ABSENT, Fields, Subject, image_of
from cognito_standby.replication.domain.decide import Apply, Capture, Confirm, Skip, decide
from cognito_standby.replication.domain.view import View

A, B = "a-region", "b-region"
ANN = Subject.user("ann")
SCHEMA = PoolSchema({name: AttributeRule() for name in ("name", "email")})
OLD = {"present": "true", "enabled": "true", "username": "ann", "attr:name": "old"}
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
    observed = Observation(seen, "ann-in-b", "ann", status) if seen else Observation(ABSENT)
    claims = Claims({A: 1, B: 2 if active else 0})
    return View(ANN, B, Partition(own, other), claims, row, observed, SCHEMA)


NEVER = LedgerRow(ANN)


def test_a_first_sight_is_captured() -> None:
    assert decide(view(ledger=NEVER)) == Capture(OLD, False, "first sight")


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


def test_own_and_different_is_captured_in_the_active_region() -> None:
    decision = decide(view(NEW, own=record(B, OLD), active=True))
    assert isinstance(decision, Capture)
    assert (decision.fields, decision.conflicts) == (NEW, ())


@pytest.mark.parametrize(
    ("seen", "listed", "weight"),
    [
        (NEW, {"attr:name": "new"}, Weight.CHANGE),
        ({**OLD, "enabled": "false"}, {"enabled": "false"}, Weight.DISABLING),
        (ABSENT, {"present": ""}, Weight.DELETION),
        ({k: v for k, v in OLD.items() if k != "attr:name"}, {"attr:name": ""}, Weight.CHANGE),
    ],
    ids=["changed", "disabled", "deleted", "taken away"],
)
@pytest.mark.parametrize("writer", [A, B])
def test_a_change_in_the_standby_is_undone_and_listed_whoever_s_record_wins(
    seen: Fields, listed: Fields, weight: Weight, writer: str
) -> None:
    wins = record(writer, OLD)
    decision = decide(view(seen, own=wins) if writer == B else view(seen, other=wins))
    assert isinstance(decision, Apply)
    assert decision.target.fields == OLD
    assert decision.conflicts == (Conflict(ANN, ConflictKind.UNDONE, listed),)
    assert decision.conflicts[0].weight is weight


def test_a_member_who_left_in_the_standby_is_listed_as_that() -> None:
    member = {**OLD, "group:g": "true"}
    row = replace(view().ledger, base=image_of(member), confirmed=member)
    decision = decide(view(OLD, own=record(B, member), ledger=row))
    assert isinstance(decision, Apply)
    assert [each.weight for each in decision.conflicts] == [Weight.DEPARTURE]


def test_an_unknown_user_in_the_standby_is_captured() -> None:
    assert isinstance(decide(view(ledger=NEVER)), Capture)


@pytest.mark.parametrize("active", [True, False])
def test_what_was_begun_to_be_put_back_is_gone_on_with_in_either_role(active: bool) -> None:
    was = {**OLD, "attr:name": "stray", "enabled": "false"}
    halfway = LedgerRow(
        ANN, local_sub="ann-in-b", base=image_of(was), target=image_of(OLD), restoring=True
    )
    seen = {**OLD, "enabled": "false"}
    decision = decide(view(seen, own=record(B, OLD), active=active, ledger=halfway))
    assert isinstance(decision, Apply)
    assert decision.conflicts == ()


def test_an_admin_change_that_was_cut_off_is_captured_while_active_and_listed_in_the_standby() -> (
    None
):
    ahead = LedgerRow(ANN, local_sub="ann-in-b", base=image_of(OLD), target=image_of(NEW))
    seen = view(NEW, own=record(B, OLD), active=True, ledger=ahead)
    assert isinstance(decide(seen), Capture)
    standing_by = decide(replace(seen, claims=Claims({A: 3, B: 2})))
    assert isinstance(standing_by, Apply)
    assert standing_by.conflicts == (Conflict(ANN, ConflictKind.UNDONE, {"attr:name": "new"}),)


def test_who_was_deleted_and_is_let_in_in_the_standby_is_disabled_again() -> None:
    locked = {**OLD, "enabled": "false"}
    row = replace(view().ledger, base=image_of(locked), confirmed=locked)
    decision = decide(view(OLD, own=record(B, OLD, deleted=True), ledger=row))
    assert isinstance(decision, Apply)
    assert decision.target.fields == locked
    assert decision.conflicts == (Conflict(ANN, ConflictKind.UNDONE, {"enabled": "true"}),)


def test_what_comes_late_is_replayed_into_the_active_pool_and_listed() -> None:
    late = replace(record(A, NEW), revision=2)
    decision = decide(view(other=late, active=True))
    assert isinstance(decision, Apply)
    assert decision.conflicts == (Conflict(ANN, ConflictKind.MERGED, {"attr:name": "old"}),)
    deletion = decide(view(other=replace(late, deleted=True), active=True))
    assert isinstance(deletion, Apply)
    assert deletion.conflicts[0].weight is Weight.DELETION
    fresh = decide(view(ABSENT, other=late, active=True, ledger=NEVER))
    assert isinstance(fresh, Apply)
    assert fresh.conflicts == (), "a sign-up is no conflict"


def test_what_the_winner_had_not_seen_is_listed() -> None:
    own = record(B, OWN, 0)
    row = replace(view().ledger, base=image_of(OWN), confirmed_version=own.version)
    for seen, listed in ((0, {"attr:name": "own"}), (1, None), (None, None)):
        wins = replace(record(A, NEW), seen=seen)
        decision = decide(view(OWN, own=own, other=wins, ledger=row))
        assert isinstance(decision, Apply)
        expected = () if listed is None else (Conflict(ANN, ConflictKind.OVERRIDDEN, listed),)
        assert decision.conflicts == expected


def test_foreign_and_equal_is_confirmed() -> None:
    assert isinstance(decide(view(other=record(A, OLD))), Confirm)


def test_foreign_and_behind_is_applied() -> None:
    decision = decide(view(other=record(A, NEW)))
    assert isinstance(decision, Apply)
    assert decision.target.fields == NEW


def test_a_local_change_wins_in_the_active_region() -> None:
    decision = decide(view(OWN, other=record(A, NEW), active=True))
    assert isinstance(decision, Capture)
    assert decision.fields == OWN
    assert decision.conflicts == (Conflict(ANN, ConflictKind.OVERRIDDEN, {"attr:name": "new"}),)
    unchanged = decide(view(OWN, other=record(A, OLD), active=True))
    assert isinstance(unchanged, Capture)
    assert unchanged.conflicts == (), "a record that brings nothing new loses nothing"


def test_a_half_finished_write_of_ours_is_no_local_change() -> None:
    halfway = LedgerRow(ANN, base=image_of(OLD), target=image_of({**NEW, "enabled": "false"}))
    decision = decide(view(NEW, other=record(A, OWN), active=True, ledger=halfway))
    assert isinstance(decision, Apply)


def test_a_deletion_here_is_captured_with_the_last_state() -> None:
    decision = decide(view(ABSENT, own=record(B, OLD), active=True))
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
