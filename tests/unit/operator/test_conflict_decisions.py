"""What a decision about a conflict asks for."""

from __future__ import annotations

import pytest

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest, UserView
from cognito_standby.changes.domain.rules import problems_of
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.subjects import Fields, Subject
from cognito_standby.operator.domain.decisions import AsListed, ByHand, present_fields, taking

pytestmark = pytest.mark.usefixtures("socket_disabled")

ANN = Subject.user("origin-ann")
VIEW = UserView(
    username="ann",
    origin_sub=ANN.id,
    status="CONFIRMED",
    enabled=True,
    attributes={"sub": "s", "email": "a@example.org", "email_verified": "true", "name": "Ann"},
    groups=("staff",),
    entity_tag="ab",
)


def asked(
    fields: Fields,
    view: UserView | None = VIEW,
    kind: ConflictKind = ConflictKind.UNDONE,
    subject: Subject = ANN,
) -> ChangeRequest | ByHand | AsListed:
    wanted = taking(Conflict(subject, kind, fields), view)
    if isinstance(wanted, ChangeRequest):
        assert problems_of(wanted) == (), "the Admin API takes it"
    return wanted


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({"attr:name": "Anna"}, {"attributes": {"name": "Anna"}}),
        ({"attr:name": ""}, {"attributes": {"name": None}}),
        ({"attr:name": "Anna", "enabled": "true"}, {"attributes": {"name": "Anna"}}),
        ({"enabled": "false"}, {"enabled": False}),
        ({"group:staff": "", "group:admins": "true"}, {"join": ("admins",), "leave": ("staff",)}),
        (
            {"attr:email": "b@example.org", "attr:email_verified": "false"},
            {"attributes": {"email": "b@example.org"}, "verified": {"email": False}},
        ),
        (
            {"attr:email": "b@example.org"},  # the flag was the same on both sides
            {"attributes": {"email": "b@example.org"}, "verified": {"email": True}},
        ),
        ({"attr:email_verified": "false"}, {"verified": {"email": False}}),
        ({"attr:email": "", "attr:email_verified": ""}, {"attributes": {"email": None}}),
        (
            {"attr:phone_number": "+15550100", "attr:phone_number_verified": "true"},
            {"attributes": {"phone_number": "+15550100"}, "verified": {"phone_number": True}},
        ),
    ],
)
def test_what_was_listed_is_asked_for_and_no_more(fields: Fields, parts: dict[str, object]) -> None:
    wanted = ChangeRequest(ChangeKind.UPDATE, origin_sub=ANN.id, if_match="ab", **parts)  # type: ignore[arg-type]
    assert asked(fields) == wanted


def test_a_deletion_that_was_undone_is_asked_for_again() -> None:
    wanted = ChangeRequest(ChangeKind.DELETE, origin_sub=ANN.id, if_match="ab")
    assert asked({"present": ""}) == wanted
    assert asked({"present": "", "attr:name": "Anna"}) == wanted
    assert asked({"present": ""}, None) == AsListed()


def test_what_is_there_already_is_not_asked_for() -> None:
    assert asked(present_fields(VIEW)) == AsListed()
    assert asked({"attr:name": "Ann", "group:staff": "true", "group:no": ""}) == AsListed()


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (asked({"attr:name": "Anna"}, None), "does not have the user"),
        (asked({"username": "anna", "attr:name": "Anna"}), "cannot set"),
        (asked({"linked:0f": '["Google", "1"]'}), "cannot set"),
        (asked({"linked:0f": ""}), "cannot set"),
        (asked({"factor:SMS_MFA": "", "attr:name": "Ann"}), "cannot set"),
        (asked({"preferred_factor": "", "attr:name": "Anna"}), "cannot set"),
        (asked({"attr:custom:origin_sub": "other"}), "cannot set"),
        (asked({"group:us-east-1_x_Google": "true"}), "cannot set"),
        (asked({"description": "d"}, subject=Subject.group("staff")), "group definition"),
        (asked({"present": "true"}, None, ConflictKind.MERGED), "has been done"),
    ],
)
def test_what_no_change_does_is_said(wanted: object, told: str) -> None:
    assert isinstance(wanted, ByHand)
    assert told in wanted.why


def test_a_merged_change_is_taken_back_to_what_was_there() -> None:
    wanted = asked({"attr:name": "Former"}, kind=ConflictKind.MERGED)
    assert isinstance(wanted, ChangeRequest)
    assert wanted.attributes == {"name": "Former"}
