"""Attributes of every kind, and standby pools that cannot hold them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.domain.attribute_limits import AttributeRule, AttributeType, misfit
from cognito_standby.core.domain.not_held import NotHeld
from tests.twins.pool.config import AttributeSpec, Kind, PoolConfig
from tests.unit.replication.fidelity.stage import pool_with, stage

STANDARD: Mapping[str, str] = {
    "address": "1 Road\nTown",
    "birthdate": "1990-02-28",
    "family_name": "Person",
    "gender": "x",
    "given_name": "Ann",
    "locale": "de_CH",
    "middle_name": "B.",
    "name": "Ann B. Person",
    "nickname": "annie",
    "phone_number": "+15550100",
    "phone_number_verified": "true",
    "picture": "https://example.org/ann.png",
    "preferred_username": "annie",
    "profile": "https://example.org/ann",
    "updated_at": "1764000000",
    "website": "https://example.org",
    "zoneinfo": "Europe/Zurich",
    "email": "ann@example.org",
    "email_verified": "true",
}
OWN = {
    "custom:plan": AttributeSpec(),
    "custom:seats": AttributeSpec(kind=Kind.NUMBER),
    "dev:custom:flag": AttributeSpec(),
    "custom:badge": AttributeSpec(mutable=False),
}
VALUES = {"custom:plan": "gold", "custom:seats": "3", "dev:custom:flag": "on", "custom:badge": "7"}


def test_all_standard_custom_and_developer_s_ones_travel() -> None:
    at = stage(PoolConfig(attributes=OWN))
    ann = at.world.sign_up("ann", {**STANDARD, **VALUES})
    at.settle(ann)
    assert at.shown(ann) == {**STANDARD, **VALUES}
    assert (at.not_held(ann), at.failed) == ({}, [])


def test_each_can_be_changed_and_removed() -> None:
    at = stage(PoolConfig(attributes=OWN))
    ann = at.world.sign_up("ann", {**STANDARD, **VALUES})
    at.settle(ann)
    changed = {"email": "new@example.org", "email_verified": "false", "custom:seats": "4"}
    at.active.pool.admin_update_user_attributes("ann", changed)
    removable = tuple({*STANDARD, *VALUES} - {*changed, "custom:badge", "email_verified"})
    at.active.pool.admin_delete_user_attributes("ann", removable)
    at.settle(ann)
    assert at.shown(ann) == {**changed, "custom:badge": "7"}
    assert (at.not_held(ann), at.failed) == ({}, [])


def test_an_immutable_one_is_given_at_creation_and_not_sent_again() -> None:
    """A call that names one is refused, even with the same value."""
    at = stage(PoolConfig(attributes=OWN))
    ann = at.world.sign_up("ann", {"custom:badge": "7", "name": "Ann"})
    at.settle(ann)
    at.active.pool.admin_update_user_attributes("ann", {"name": "Anna"})
    at.settle(ann)
    assert at.shown(ann) == {"custom:badge": "7", "name": "Anna"}
    assert (at.not_held(ann), at.failed) == ({}, [])


@pytest.mark.parametrize("mode", [(), ("email",)], ids=["username", "e-mail"])
def test_the_flag_of_an_immutable_address_travels(mode: tuple[str, ...]) -> None:
    config = replace(pool_with(email=AttributeSpec(mutable=False)), username_attributes=mode)
    at = stage(config)
    name = "ann@example.org" if mode else "ann"
    ann = at.world.sign_up(name, {"email": "ann@example.org", "email_verified": "false"})
    at.settle(ann)
    for flag in ("true", "false", "true"):
        at.active.pool.admin_update_user_attributes(name, {"email_verified": flag})
        at.settle(ann)
        assert at.shown(ann) == {"email": "ann@example.org", "email_verified": flag}
    assert (at.not_held(ann), at.failed) == ({}, [])


@pytest.mark.parametrize(
    ("spec", "value", "reason"),
    [
        (None, "gold", NotHeld.NOT_IN_SCHEMA),
        (AttributeSpec(max_length=3), "gold", NotHeld.TOO_LONG),
        (AttributeSpec(min_length=5), "gold", NotHeld.TOO_SHORT),
        (AttributeSpec(kind=Kind.NUMBER), "gold", NotHeld.WRONG_TYPE),
        (AttributeSpec(kind=Kind.BOOLEAN), "gold", NotHeld.WRONG_TYPE),
        (AttributeSpec(kind=Kind.NUMBER, max_value=9), "10", NotHeld.OUT_OF_RANGE),
    ],
    ids=["not there", "too long", "too short", "a number", "a boolean", "a smaller number"],
)
@pytest.mark.parametrize("when", ["at creation", "later"])
def test_what_the_schema_does_not_hold_is_told_and_the_rest_replicated(
    spec: AttributeSpec | None, value: str, reason: NotHeld, when: str
) -> None:
    at = stage(
        pool_with(custom__x=AttributeSpec()), pool_with(**({"custom__x": spec} if spec else {}))
    )
    given = {"custom:x": value} if when == "at creation" else {}
    ann = at.world.sign_up("ann", {"name": "Ann", **given})
    at.settle(ann)
    at.active.pool.admin_update_user_attributes("ann", {"name": "Anna", "custom:x": value})
    at.settle(ann)
    assert at.shown(ann) == {"name": "Anna"}
    assert at.not_held(ann) == {"attr:custom:x": reason}
    assert at.failed == []
    at.active.pool.admin_delete_user_attributes("ann", ("custom:x",))
    at.settle(ann)
    assert at.not_held(ann) == {}


def test_one_that_changes_where_it_cannot_stays_and_is_told() -> None:
    at = stage(
        pool_with(custom__x=AttributeSpec()), pool_with(custom__x=AttributeSpec(mutable=False))
    )
    ann = at.world.sign_up("ann", {"custom:x": "1"})
    at.settle(ann)
    at.active.pool.admin_update_user_attributes("ann", {"custom:x": "2"})
    at.settle(ann)
    assert at.shown(ann) == {"custom:x": "1"}
    assert at.not_held(ann) == {"attr:custom:x": NotHeld.IMMUTABLE}
    at.active.pool.admin_delete_user_attributes("ann", ("custom:x",))
    at.settle(ann)
    assert at.not_held(ann) == {"attr:custom:x": NotHeld.IMMUTABLE}, "a removal is told as well"


def test_a_required_one_that_is_missing_hinders_nobody_and_is_never_removed() -> None:
    at = stage(standby=pool_with(name=AttributeSpec(required=True)))
    ann = at.world.sign_up("ann", {})
    at.settle(ann)
    assert at.shown(ann) == {}
    at.active.pool.admin_update_user_attributes("ann", {"name": "Ann"})
    at.settle(ann)
    at.active.pool.admin_delete_user_attributes("ann", ("name",))
    at.settle(ann)
    assert at.shown(ann) == {"name": "Ann"}
    assert at.not_held(ann) == {"attr:name": NotHeld.REQUIRED}
    assert at.failed == []


def test_nobody_recovers_by_an_address_that_they_left() -> None:
    """The standby's pool keeps the old address, which may be somebody else's by now."""
    at = stage(standby=pool_with(email=AttributeSpec(mutable=False)))
    ann = at.world.sign_up("ann", {"email": "old@example.org", "email_verified": "true"})
    at.settle(ann)
    new = {"email": "new@example.org", "email_verified": "true"}
    at.active.pool.admin_update_user_attributes("ann", new)
    at.settle(ann)
    assert at.shown(ann) == {"email": "old@example.org", "email_verified": "false"}
    assert at.not_held(ann) == {
        "attr:email": NotHeld.IMMUTABLE,
        "attr:email_verified": NotHeld.OTHER_ADDRESS,
    }


def test_an_address_that_cannot_be_held_has_no_flag() -> None:
    at = stage(standby=pool_with(email=AttributeSpec(max_length=5)))
    ann = at.world.sign_up("ann", {"email": "ann@example.org", "email_verified": "true"})
    at.settle(ann)
    assert at.shown(ann) == {}
    assert at.not_held(ann) == {
        "attr:email": NotHeld.TOO_LONG,
        "attr:email_verified": NotHeld.OTHER_ADDRESS,
    }


def test_a_change_in_the_new_active_region_wins_over_what_it_could_not_hold() -> None:
    """Otherwise the pool would count as settled with a value that nobody ever captured."""
    at = stage(
        pool_with(custom__x=AttributeSpec()), pool_with(custom__x=AttributeSpec(max_length=3))
    )
    ann = at.world.sign_up("ann", {"custom:x": "old"})
    at.settle(ann)
    at.active.pool.admin_update_user_attributes("ann", {"custom:x": "longer"})
    at.settle(ann)
    assert at.shown(ann) == {"custom:x": "old"}
    at.fail_over()
    at.standby.pool.admin_update_user_attributes("ann", {"custom:x": "new"})
    at.standby.run({"origin_sub": ann})
    at.settle()
    assert at.active.pool.admin_get_user("ann").attributes["custom:x"] == "new"
    assert at.failed == []


def test_what_it_could_not_hold_comes_back_with_a_failback() -> None:
    at = stage(pool_with(custom__x=AttributeSpec()), pool_with())
    ann = at.world.sign_up("ann", {"custom:x": "kept", "name": "Ann"})
    at.settle(ann)
    at.fail_over()
    at.standby.pool.admin_update_user_attributes("ann", {"name": "Anna"})
    at.standby.run({"origin_sub": ann})
    at.settle()
    attributes = at.active.pool.admin_get_user("ann").attributes
    assert (attributes["custom:x"], attributes["name"]) == ("kept", "Anna")
    assert at.failed == []


def test_somebody_deleted_during_a_replay_is_planned_anew() -> None:
    at = stage()
    ann = at.world.sign_up("ann", {"name": "Ann"})
    at.settle(ann)
    at.active.pool.admin_update_user_attributes("ann", {"name": "Anna"})
    pool: Any = at.standby.pool
    update = pool.admin_update_user_attributes

    def gone(name: str, attributes: Mapping[str, str]) -> None:
        pool.admin_update_user_attributes = update
        pool.admin_delete_user(name)
        update(name, attributes)

    pool.admin_update_user_attributes = gone
    at.settle(ann)
    assert at.shown(ann) == {"name": "Anna"}
    assert at.failed == []


@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        (AttributeRule(least=2, most=3), "ab", None),
        (AttributeRule(least=2), "a", NotHeld.TOO_SHORT),
        (AttributeRule(most=2), "abc", NotHeld.TOO_LONG),
        (AttributeRule(type=AttributeType.NUMBER, least=-1, most=9), "-1", None),
        (AttributeRule(type=AttributeType.NUMBER, least=-1), "-2", NotHeld.OUT_OF_RANGE),
        (AttributeRule(type=AttributeType.NUMBER, most=9), "10", NotHeld.OUT_OF_RANGE),
        (AttributeRule(type=AttributeType.NUMBER), "1.5", NotHeld.WRONG_TYPE),
        (AttributeRule(type=AttributeType.BOOLEAN), "TRUE", None),
        (AttributeRule(type=AttributeType.BOOLEAN), "1", NotHeld.WRONG_TYPE),
        (AttributeRule(type=AttributeType.DATE_TIME), "whenever", None),
        (AttributeRule(type=AttributeType.UNKNOWN, most=1), "whatever", None),
    ],
)
def test_what_a_rule_says_of_a_value(
    rule: AttributeRule, value: str, reason: NotHeld | None
) -> None:
    assert misfit(rule, value) is reason
