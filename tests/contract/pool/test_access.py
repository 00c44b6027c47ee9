"""Who may sign in, recover, and by which name.

No adapter of ours is between: these tests tell which backend can be trusted to refuse.
"""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.pools import UserStatus
from tests.contract.pools import (
    ALIAS,
    CONTACT,
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    PLAIN,
    VERIFIED,
    MakePool,
    confirmed,
    refused,
)


@pytest.fixture
def pool(make_pool: MakePool) -> Any:
    return make_pool(PLAIN).api


def test_recovery_is_refused_while_the_temporary_password_stands(pool: Any) -> None:
    pool.admin_create_user("ann", VERIFIED, temporary_password=PASSWORD)
    with refused("NotAuthorizedException"):
        pool.forgot_password("ann")


def test_recovery_needs_a_verified_address(pool: Any) -> None:
    pool.admin_create_user("ann", CONTACT)
    pool.admin_set_user_password("ann", PASSWORD, True)
    with refused("InvalidParameterException"):
        pool.forgot_password("ann")


def test_recovery_is_refused_to_the_disabled(pool: Any) -> None:
    confirmed(pool)
    pool.admin_disable_user("ann")
    with refused("NotAuthorizedException"):
        pool.forgot_password("ann")


def test_an_administrator_s_reset_is_refused_as_the_person_s(pool: Any) -> None:
    pool.admin_create_user("new", VERIFIED)
    with refused("NotAuthorizedException"):
        pool.admin_reset_user_password("new")
    confirmed(pool)
    pool.admin_disable_user("ann")
    with refused("NotAuthorizedException"):
        pool.admin_reset_user_password("ann")
    assert pool.admin_get_user("ann").status is UserStatus.CONFIRMED


def test_recovery_gives_a_new_password_for_the_right_code_only(pool: Any) -> None:
    confirmed(pool)
    pool.forgot_password("ann")
    with refused("CodeMismatchException", "ExpiredCodeException"):
        pool.confirm_forgot_password("ann", "999999", NEW_PASSWORD)
    assert pool.sign_in("ann", PASSWORD) == ""
    pool.confirm_forgot_password("ann", pool.latest_code("ann"), NEW_PASSWORD)
    assert pool.sign_in("ann", NEW_PASSWORD) == ""
    with refused("NotAuthorizedException"):
        pool.sign_in("ann", PASSWORD)


def test_nobody_recovers_without_having_asked(pool: Any) -> None:
    confirmed(pool)
    with refused("ExpiredCodeException", "CodeMismatchException"):
        pool.confirm_forgot_password("ann", "123456", NEW_PASSWORD)


def test_a_reset_user_must_choose_a_new_password(pool: Any) -> None:
    confirmed(pool)
    pool.admin_reset_user_password("ann")
    assert pool.admin_get_user("ann").status is UserStatus.RESET_REQUIRED
    with refused("PasswordResetRequiredException"):
        pool.sign_in("ann", PASSWORD)
    pool.confirm_forgot_password("ann", pool.latest_code("ann"), NEW_PASSWORD)
    assert pool.sign_in("ann", NEW_PASSWORD) == ""


def test_a_created_user_is_asked_for_a_new_password(pool: Any) -> None:
    pool.admin_create_user("ann", VERIFIED, temporary_password=PASSWORD)
    assert pool.sign_in("ann", PASSWORD) == "NEW_PASSWORD_REQUIRED"


def test_the_disabled_cannot_sign_in(pool: Any) -> None:
    confirmed(pool)
    pool.admin_disable_user("ann")
    with refused("NotAuthorizedException"):
        pool.sign_in("ann", PASSWORD)


def test_a_wrong_password_does_not_sign_in(pool: Any) -> None:
    confirmed(pool)
    with refused("NotAuthorizedException"):
        pool.sign_in("ann", NEW_PASSWORD)


def test_where_addresses_are_usernames_nothing_else_is(make_pool: MakePool) -> None:
    pool = make_pool(EMAIL).api
    with refused("InvalidParameterException"):
        pool.sign_up("ann", PASSWORD, CONTACT)
    with refused("InvalidParameterException"):
        pool.admin_create_user("ann", CONTACT)


def test_an_address_that_signs_up_becomes_the_attribute(make_pool: MakePool) -> None:
    pool = make_pool(EMAIL).api
    sub = pool.sign_up("ann@example.org", PASSWORD, {})
    user = pool.admin_get_user("ann@example.org")
    assert (user.sub, user.username) == (sub, sub)
    assert user.attributes["email"] == "ann@example.org"


def test_an_address_is_one_user_s_verified_or_not(make_pool: MakePool) -> None:
    pool = make_pool(EMAIL).api
    pool.sign_up("ann@example.org", PASSWORD, {})
    with refused("UsernameExistsException"):
        pool.sign_up("ANN@example.org", PASSWORD, {})


def test_a_changed_address_signs_in_and_the_old_one_is_free(make_pool: MakePool) -> None:
    pool = make_pool(EMAIL).api
    first = pool.admin_create_user("ann@example.org", VERIFIED)
    pool.admin_update_user_attributes(
        first.username, {"email": "new@example.org", "email_verified": "true"}
    )
    assert pool.admin_get_user("new@example.org").sub == first.sub
    second = pool.admin_create_user("ann@example.org", VERIFIED)
    assert pool.admin_get_user("ann@example.org").sub == second.sub


def test_a_verified_alias_signs_in_an_unverified_one_does_not(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    ann = pool.admin_create_user("ann", VERIFIED)
    pool.admin_create_user("ben", {"email": "ben@example.org"})
    assert pool.admin_get_user("ann@example.org").sub == ann.sub
    with refused("UserNotFoundException"):
        pool.admin_get_user("ben@example.org")


def test_where_addresses_are_aliases_a_username_is_none(make_pool: MakePool) -> None:
    with refused("InvalidParameterException"):
        make_pool(ALIAS).api.sign_up("ann@example.org", PASSWORD, CONTACT)


def test_an_alias_of_another_user_is_refused_at_creation(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    ann = pool.admin_create_user("ann", VERIFIED)
    with refused("AliasExistsException"):
        pool.admin_create_user("ben", VERIFIED)
    with refused("UserNotFoundException"):
        pool.admin_get_user("ben")
    pool.admin_create_user("cat", CONTACT)
    assert pool.admin_get_user("ann@example.org").sub == ann.sub


def test_an_alias_moves_when_forced_and_unverifies_the_former(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    pool.admin_create_user("ann", VERIFIED)
    ben = pool.admin_create_user("ben", VERIFIED, force_alias_creation=True)
    assert pool.admin_get_user("ann@example.org").sub == ben.sub
    assert pool.admin_get_user("ann").attributes["email_verified"] == "false"


def test_a_preferred_username_does_not_move_when_forced(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    pool.admin_create_user("ann", {"preferred_username": "queen"})
    with refused("AliasExistsException"):
        pool.admin_create_user("ben", {"preferred_username": "Queen"}, force_alias_creation=True)


def test_an_address_that_is_the_username_stays(make_pool: MakePool) -> None:
    pool = make_pool(EMAIL).api
    ann = pool.admin_create_user("ann@example.org", VERIFIED)
    with refused("InvalidParameterException"):
        pool.admin_delete_user_attributes(ann.username, ("email",))
    assert pool.admin_get_user("ann@example.org").sub == ann.sub


def test_an_alias_of_another_user_is_refused_at_confirmation(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    pool.admin_create_user("ann", VERIFIED)
    pool.sign_up("ben", PASSWORD, CONTACT)
    with refused("AliasExistsException"):
        pool.confirm_sign_up("ben", pool.latest_code("ben"))
    assert pool.admin_get_user("ben").status is UserStatus.UNCONFIRMED


def test_another_s_address_can_be_had_unverified_and_never_verified(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    ann = pool.admin_create_user("ann", VERIFIED)
    confirmed(pool, "ben", email="ben@example.org")
    pool.sign_in("ben", PASSWORD)
    pool.update_user_attributes("ben", CONTACT)
    pool.admin_create_user("cat", {})
    pool.admin_update_user_attributes("cat", {**CONTACT, "email_verified": "false"})
    for name in ("ben", "cat"):
        attributes = pool.admin_get_user(name).attributes
        assert (attributes["email"], attributes["email_verified"]) == ("ann@example.org", "false")
        with refused("AliasExistsException"):
            pool.admin_update_user_attributes(name, VERIFIED)
        with refused("AliasExistsException"):
            pool.admin_update_user_attributes(name, {"email_verified": "true"})
    assert pool.admin_get_user("ann@example.org").sub == ann.sub


def test_an_alias_of_another_user_is_refused_at_an_update(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    pool.admin_create_user("ann", VERIFIED)
    pool.admin_create_user("ben", {"preferred_username": "benny"})
    with refused("AliasExistsException"):
        pool.admin_update_user_attributes("ann", {"preferred_username": "Benny"})
