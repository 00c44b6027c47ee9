"""The table: how differences between a user as seen and as wanted become calls."""

from __future__ import annotations

from itertools import permutations

import pytest

from cognito_standby.core.domain.contacts import with_verification
from cognito_standby.core.domain.subjects import ABSENT, PRESENT, USERNAME, Fields
from cognito_standby.replication.services.pool_calls import (
    ALL,
    LOCK_FIRST,
    MEMBERSHIPS,
    PROFILE,
    calls_between,
    creation_fields,
    fields_between_updates,
)

SEEN: Fields = {
    "present": "true",
    "enabled": "true",
    "username": "ann",
    "attr:email": "ann@x.org",
    "attr:email_verified": "false",
    "group:a": "true",
}
BARE: Fields = {"present": "true", "enabled": "false", "username": "ann"}
MORE: Fields = {
    **SEEN,
    "attr:email": "new@x.org",
    "attr:phone_number": "+15550100",
    "attr:phone_number_verified": "true",
    "attr:name": "Ann",
    "group:b": "true",
}


def about(seen: Fields, target: Fields, kinds: tuple[str, ...] = ALL) -> list[tuple[str, ...]]:
    return [call.about for call in calls_between(seen, target, kinds)]


@pytest.mark.parametrize(("seen", "target"), list(permutations([SEEN, BARE, MORE], 2)))
@pytest.mark.parametrize("kinds", [ALL, LOCK_FIRST])
def test_the_calls_lead_to_the_target(seen: Fields, target: Fields, kinds: tuple[str, ...]) -> None:
    """As Cognito has it, a flag without its address counts for nothing."""
    shown = dict(seen)
    for call in calls_between(seen, target, kinds):
        for name in call.about:
            shown.pop(name, None)
        shown |= call.shows
    orphans = [n for n in shown if n.endswith("_verified") and n[: -len("_verified")] not in shown]
    assert {name: v for name, v in shown.items() if name not in orphans} == target


def test_the_order_of_calls() -> None:
    target = {**SEEN, "attr:name": "Ann", "enabled": "false", "group:b": "true"}
    del target["group:a"]
    seen = {**SEEN, "attr:nickname": "A"}
    profile = [("attr:name",), ("attr:nickname",), ("enabled",)]
    memberships = [("group:a",), ("group:b",)]
    assert about(seen, target) == profile + memberships
    assert about(seen, target, PROFILE) == profile
    assert about(seen, target, MEMBERSHIPS) == memberships
    assert about(seen, target, LOCK_FIRST) == [profile[2], *profile[:2], *memberships]
    assert about(seen, seen) == []


def test_every_field_but_name_and_presence_has_a_kind() -> None:
    named = {name for each in about(BARE, MORE) for name in each}
    assert named == {*MORE} - {PRESENT, USERNAME}


def test_an_address_is_vouched_for_in_passing_only() -> None:
    moved = {**SEEN, "attr:email": "new@x.org"}
    assert fields_between_updates(SEEN, moved) == {"attr:email_verified": "true"}
    assert fields_between_updates(SEEN, {**moved, "attr:email_verified": "true"}) == {}
    assert fields_between_updates(SEEN, {**SEEN, "attr:name": "Ann"}) == {}
    assert fields_between_updates(SEEN, ABSENT) == {}


def test_a_contact_travels_with_its_flag() -> None:
    target = {**SEEN, "attr:email_verified": "true"}
    both = {"email": "ann@x.org", "email_verified": "true"}
    assert with_verification({"email": "ann@x.org"}, target) == both
    assert with_verification({"name": "Ann"}, target) == {"name": "Ann"}


def test_a_new_user_is_enabled_and_in_no_group() -> None:
    created = creation_fields({**SEEN, "enabled": "false"})
    assert created["enabled"] == "true"
    assert "group:a" not in created
    assert created["attr:email"] == "ann@x.org"
