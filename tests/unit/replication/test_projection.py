"""What a pool can show of a record, and the way there."""

from __future__ import annotations

from cognito_standby.core.domain.attribute_limits import AttributeRule
from cognito_standby.core.domain.pools import Observation, PoolSchema
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import ABSENT, Fields, Subject
from cognito_standby.replication.domain.projection import (
    target_in,
)

SCHEMA = PoolSchema(
    {
        "email": AttributeRule(required=True),
        "email_verified": AttributeRule(),
        "name": AttributeRule(),
        "custom:badge": AttributeRule(mutable=False),
    }
)
SEEN = {
    "present": "true",
    "enabled": "true",
    "username": "ann",
    "attr:email": "ann@x.org",
    "attr:email_verified": "false",
    "attr:custom:badge": "1",
    "group:a": "true",
}


def winner(fields: Fields, *, deleted: bool = False) -> Record:
    return Record(Subject.user("ann"), "a-region", 1, 1, fields, deleted)


def test_what_the_pool_can_hold_is_the_target() -> None:
    wanted = {**SEEN, "attr:name": "Ann", "enabled": "false"}
    target = target_in(winner(wanted), Observation(SEEN, "s", "ann"), SCHEMA, {})
    assert (target.fields, target.skipped) == (wanted, {})


def test_what_it_cannot_hold_stays_as_seen_and_is_told() -> None:
    wanted = {**SEEN, "username": "anna", "attr:custom:badge": "2", "attr:custom:team": "red"}
    target = target_in(winner(wanted), Observation(SEEN, "s", "ann"), SCHEMA, {})
    assert target.fields == SEEN
    assert sorted(target.skipped) == ["attr:custom:badge", "attr:custom:team", "username"]


def test_an_immutable_attribute_can_be_given_at_creation() -> None:
    target = target_in(winner(SEEN), Observation(ABSENT), SCHEMA, {})
    assert target.fields == SEEN


def test_a_required_attribute_is_not_removed() -> None:
    wanted = {name: value for name, value in SEEN.items() if name != "attr:email"}
    target = target_in(winner(wanted), Observation(SEEN, "s", "ann"), SCHEMA, {})
    assert target.fields["attr:email"] == "ann@x.org"


def test_what_is_carried_for_the_other_region_stays_out() -> None:
    wanted = {**SEEN, "attr:name": "Ann"}
    target = target_in(winner(wanted), Observation(SEEN, "s", "ann"), SCHEMA, {"attr:name": "why"})
    assert (target.fields, target.skipped) == (SEEN, {"attr:name": "why"})


def test_a_deletion_shows_as_disabled_or_absent() -> None:
    gone = winner(SEEN, deleted=True)
    disabled = target_in(gone, Observation(SEEN, "s", "ann"), SCHEMA, {}).fields
    assert disabled == {**SEEN, "enabled": "false"}
    assert target_in(gone, Observation(ABSENT), SCHEMA, {}).fields == ABSENT
