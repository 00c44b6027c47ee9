"""What is listed of one user again and again: the list keeps what a decision needs."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.conflicts import Conflict, ConflictKind, Weight
from cognito_standby.core.domain.subjects import PRESENT, TRUE, Fields, Subject

ANN = Subject.user("origin-ann")


def after(kind: ConflictKind, *told: Fields) -> Conflict:
    """The last one along with those before it."""
    listed: Fields = {}
    for fields in told:
        listed = Conflict(ANN, kind, fields).after(listed).fields
    return Conflict(ANN, kind, listed)


def test_what_the_active_pool_showed_before_all_merging_stays() -> None:
    merged = after(ConflictKind.MERGED, {"attr:name": "own"}, {"attr:name": "merged", "attr:x": ""})
    assert merged.fields == {"attr:name": "own", "attr:x": ""}


def test_of_undone_changes_the_last_is_told() -> None:
    undone = after(ConflictKind.UNDONE, {"attr:name": "first"}, {"attr:name": "last"})
    assert undone.fields == {"attr:name": "last"}


@pytest.mark.parametrize(
    ("kind", "gone", "back"),
    [
        (ConflictKind.MERGED, {PRESENT: TRUE, "attr:name": "own"}, {PRESENT: ""}),
        (ConflictKind.OVERRIDDEN, {PRESENT: ""}, {PRESENT: TRUE, "attr:name": "new"}),
    ],
)
def test_a_listed_deletion_stays_one(kind: ConflictKind, gone: Fields, back: Fields) -> None:
    for order in ((gone, back), (back, gone)):
        assert after(kind, *order).weight is Weight.DELETION
