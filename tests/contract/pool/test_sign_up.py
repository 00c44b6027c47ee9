"""What Cognito lets people sign up with, and write.

No adapter of ours is between: these tests tell which backend can be trusted to refuse.
"""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.pools import UserStatus
from tests.contract.pools import (
    ALIAS,
    ATTRIBUTES,
    CONTACT,
    PASSWORD,
    PLAIN,
    VERIFIED,
    MakePool,
    confirmed,
    refused,
)
from tests.twins.pool.config import AttributeSpec, PoolConfig


@pytest.fixture
def pool(make_pool: MakePool) -> Any:
    return make_pool(PLAIN).api


def test_a_sign_up_is_unconfirmed_until_the_code_comes(pool: Any) -> None:
    pool.sign_up("ann", PASSWORD, CONTACT)
    assert pool.admin_get_user("ann").status is UserStatus.UNCONFIRMED
    with refused("UserNotConfirmedException"):
        pool.sign_in("ann", PASSWORD)
    with refused("CodeMismatchException"):
        pool.confirm_sign_up("ann", "999999")
    assert pool.admin_get_user("ann").status is UserStatus.UNCONFIRMED
    pool.confirm_sign_up("ann", pool.latest_code("ann"))
    assert pool.sign_in("ann", PASSWORD) == ""


def test_a_confirmation_verifies_the_address(pool: Any) -> None:
    confirmed(pool)
    assert pool.admin_get_user("ann").attributes["email_verified"] == "true"


def test_a_confirmation_by_an_administrator_verifies_nothing(pool: Any) -> None:
    pool.sign_up("ann", PASSWORD, CONTACT)
    pool.admin_confirm_sign_up("ann")
    user = pool.admin_get_user("ann")
    assert user.status is UserStatus.CONFIRMED
    assert user.attributes.get("email_verified", "false") == "false"


def test_an_address_that_signs_up_is_not_verified(pool: Any) -> None:
    pool.sign_up("ann", PASSWORD, CONTACT)
    assert pool.admin_get_user("ann").attributes["email_verified"] == "false"


def test_an_alias_that_needs_no_proof_cannot_sign_up(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    with refused("InvalidParameterException"):
        pool.sign_up("ann", PASSWORD, {**CONTACT, "preferred_username": "annie"})


def test_nobody_confirms_twice(pool: Any) -> None:
    confirmed(pool)
    with refused("NotAuthorizedException", "ExpiredCodeException"):
        pool.confirm_sign_up("ann", pool.latest_code("ann"))


@pytest.mark.parametrize("name", ["ann", "ANN"], ids=["same", "capitals"])
def test_a_taken_username_cannot_sign_up(pool: Any, name: str) -> None:
    pool.sign_up("ann", PASSWORD, CONTACT)
    with refused("UsernameExistsException"):
        pool.sign_up(name, PASSWORD, {"email": "other@example.org"})


def test_capitals_make_another_user_in_a_case_sensitive_pool(make_pool: MakePool) -> None:
    pool = make_pool(PoolConfig(case_sensitive=True)).api
    assert pool.sign_up("ann", PASSWORD, CONTACT) != pool.sign_up("ANN", PASSWORD, CONTACT)


def test_a_weak_password_cannot_sign_up(pool: Any) -> None:
    with refused("InvalidPasswordException", "InvalidParameterException"):
        pool.sign_up("ann", "short", CONTACT)


@pytest.mark.parametrize(
    "name",
    ["x" * 129, "two words", "line\nbreak", ""],
    ids=["long", "blank", "control", "empty"],
)
def test_an_impossible_username_cannot_sign_up(pool: Any, name: str) -> None:
    with refused("InvalidParameterException"):
        pool.sign_up(name, PASSWORD, CONTACT)


def test_a_username_of_128_characters_signs_up(pool: Any) -> None:
    name = "\N{GRINNING FACE}" + "x" * 127
    sub = pool.sign_up(name, PASSWORD, CONTACT)
    assert pool.admin_get_user(name).sub == sub


def test_nobody_signs_up_without_the_required(make_pool: MakePool) -> None:
    pool = make_pool(PoolConfig(attributes={"name": AttributeSpec(required=True)})).api
    with refused("InvalidParameterException"):
        pool.sign_up("ann", PASSWORD, CONTACT)
    pool.sign_up("ann", PASSWORD, {**CONTACT, "name": "Ann"})


def test_an_administrator_creates_without_the_required(make_pool: MakePool) -> None:
    pool = make_pool(PoolConfig(attributes={"name": AttributeSpec(required=True)})).api
    assert "name" not in pool.admin_create_user("ann", CONTACT).attributes


def test_a_required_attribute_stays(make_pool: MakePool) -> None:
    pool = make_pool(PoolConfig(attributes={"name": AttributeSpec(required=True)})).api
    pool.admin_create_user("ann", {**CONTACT, "name": "Ann"})
    with refused("InvalidParameterException"):
        pool.admin_delete_user_attributes("ann", ("name",))


def test_a_blank_value_does_not_take_away_the_required(make_pool: MakePool) -> None:
    pool = make_pool(PoolConfig(attributes={"name": AttributeSpec(required=True)})).api
    pool.admin_create_user("ann", {**CONTACT, "name": "Ann"})
    with refused("InvalidParameterException"):
        pool.admin_update_user_attributes("ann", {"name": ""})
    assert pool.admin_get_user("ann").attributes["name"] == "Ann"


def test_nobody_signs_up_with_what_the_client_may_not_write(pool: Any) -> None:
    with refused("NotAuthorizedException"):
        pool.sign_up("ann", PASSWORD, {**CONTACT, "custom:origin_sub": "somebody"})


def test_a_person_does_not_change_what_the_client_may_not_write(pool: Any) -> None:
    confirmed(pool)
    pool.sign_in("ann", PASSWORD)
    with refused("NotAuthorizedException"):
        pool.update_user_attributes("ann", {"custom:origin_sub": "somebody"})
    assert "custom:origin_sub" not in pool.admin_get_user("ann").attributes


def test_a_person_does_not_verify_their_own_address(pool: Any) -> None:
    confirmed(pool)
    pool.sign_in("ann", PASSWORD)
    claim = {"email": "other@example.org", "email_verified": "true"}
    with refused("NotAuthorizedException", "InvalidParameterException"):
        pool.update_user_attributes("ann", claim)


def test_a_person_s_changed_address_is_unverified(pool: Any) -> None:
    confirmed(pool)
    pool.sign_in("ann", PASSWORD)
    pool.update_user_attributes("ann", {"email": "other@example.org"})
    attributes = pool.admin_get_user("ann").attributes
    assert (attributes["email"], attributes["email_verified"]) == ("other@example.org", "false")


def test_a_person_does_not_change_the_immutable(pool: Any) -> None:
    confirmed(pool, **{"custom:badge": "B7"})
    pool.sign_in("ann", PASSWORD)
    with refused("InvalidParameterException"):
        pool.update_user_attributes("ann", {"custom:badge": "B8"})
    assert pool.admin_get_user("ann").attributes["custom:badge"] == "B7"


def test_an_address_that_needs_verification_first_is_kept(make_pool: MakePool) -> None:
    config = PoolConfig(attributes=ATTRIBUTES, verify_before_update=("email",))
    pool = make_pool(config).api
    pool.admin_create_user("ann", VERIFIED)
    pool.admin_update_user_attributes("ann", {"email": "new@example.org"})
    assert pool.admin_get_user("ann").attributes["email"] == "ann@example.org"
    flagged = {"email": "new@example.org", "email_verified": "true"}
    pool.admin_update_user_attributes("ann", flagged)
    assert pool.admin_get_user("ann").attributes["email"] == "new@example.org"


def test_a_first_address_that_needs_verification_waits_for_it(make_pool: MakePool) -> None:
    config = PoolConfig(attributes=ATTRIBUTES, verify_before_update=("email",))
    pool = make_pool(config).api
    pool.admin_create_user("ann", {})
    pool.admin_update_user_attributes("ann", CONTACT)
    assert "email" not in pool.admin_get_user("ann").attributes


def test_an_unproved_flag_does_not_touch_the_address_that_is_kept(make_pool: MakePool) -> None:
    config = PoolConfig(attributes=ATTRIBUTES, verify_before_update=("email",))
    pool = make_pool(config).api
    pool.admin_create_user("ann", VERIFIED)
    unproved = {"email": "new@example.org", "email_verified": "false"}
    pool.admin_update_user_attributes("ann", unproved)
    attributes = pool.admin_get_user("ann").attributes
    assert (attributes["email"], attributes["email_verified"]) == ("ann@example.org", "true")
