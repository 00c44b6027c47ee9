"""What Cognito itself allows and refuses: the strict twin, and every emulator, are held to it.

No adapter of ours is between: these tests tell which backend can be trusted to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cognito_standby.adapters.memory.cognito_errors import CognitoError
from cognito_standby.adapters.memory.pool_config import AttributeSpec, PoolConfig
from cognito_standby.domain.pools import PoolGroup, UserStatus
from tests.contract.backends import Pool
from tests.contract.conftest import ALIAS, ATTRIBUTES, EMAIL, PLAIN

PASSWORD = "Corr3ct-horse!"
NEW_PASSWORD = "Batt3ry-staple!"
CONTACT = {"email": "ann@example.org"}
VERIFIED = {**CONTACT, "email_verified": "true"}

MakePool = Callable[[PoolConfig], Pool]


@pytest.fixture
def pool(make_pool: MakePool) -> Any:
    return make_pool(PLAIN).api


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    with pytest.raises(CognitoError) as refusal:
        yield
    assert refusal.value.code in codes


def confirmed(pool: Any, name: str = "ann", **attributes: str) -> str:
    sub = pool.sign_up(name, PASSWORD, {**CONTACT, **attributes})
    pool.confirm_sign_up(name, pool.latest_code(name))
    return str(sub)


# Sign-up


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


@pytest.mark.parametrize("name", ["x" * 129, "two words", "line\nbreak", ""])
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


# Who may write what


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


# Recovery and sign-in


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


# Addresses as usernames, addresses as aliases


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


def test_an_alias_of_another_user_is_refused_at_confirmation(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    pool.admin_create_user("ann", VERIFIED)
    pool.sign_up("ben", PASSWORD, CONTACT)
    with refused("AliasExistsException"):
        pool.confirm_sign_up("ben", pool.latest_code("ben"))
    assert pool.admin_get_user("ben").status is UserStatus.UNCONFIRMED


def test_an_alias_of_another_user_is_refused_at_an_update(make_pool: MakePool) -> None:
    pool = make_pool(ALIAS).api
    pool.admin_create_user("ann", VERIFIED)
    pool.admin_create_user("ben", {"preferred_username": "benny"})
    with refused("AliasExistsException"):
        pool.admin_update_user_attributes("ann", {"preferred_username": "Benny"})


# Listings


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"ann", "ben", "bea"}),
        ('username = "ben"', {"ben"}),
        ('username ^= "be"', {"ben", "bea"}),
        ('email = "BEN@example.org"', {"ben"}),
        ('given_name ^= "B"', {"ben", "bea"}),
        ('given_name = "B\\"ea"', {"bea"}),
        ('cognito:user_status = "force_change_password"', {"ann", "ben", "bea"}),
        ('status = "Disabled"', {"ann"}),
        ('name = "nobody"', set()),
    ],
)
def test_a_listing_is_filtered(pool: Any, query: str, names: set[str]) -> None:
    pool.admin_create_user("ann", VERIFIED)
    pool.admin_create_user("ben", {"email": "ben@example.org", "given_name": "Ben"})
    pool.admin_create_user("bea", {"email": "bea@example.org", "given_name": 'B"ea'})
    pool.admin_disable_user("ann")
    assert {user.username for user in pool.list_users(query).users} == names


def test_a_listing_is_filtered_by_a_prefix_of_the_sub(pool: Any) -> None:
    subs = {pool.admin_create_user(f"u{n}", {}).sub for n in range(20)}
    for digit in "0123456789abcdef":
        listed = {user.sub for user in pool.list_users(f'sub ^= "{digit}"').users}
        assert listed == {sub for sub in subs if sub.startswith(digit)}


@pytest.mark.parametrize(
    "query",
    [
        "ann",
        'custom:note = "x"',
        'name ~ "x"',
        "name = x",
        'name = "a" and sub = "b"',
        'zoneinfo = "x"',
    ],
)
def test_what_is_no_filter_is_refused(pool: Any, query: str) -> None:
    pool.admin_create_user("ann", VERIFIED)
    with refused("InvalidParameterException"):
        pool.list_users(query)


def test_a_listing_is_paged_without_loss_or_repetition(pool: Any) -> None:
    names = {pool.admin_create_user(f"u{n:02d}", {}).username for n in range(23)}
    seen: list[str] = []
    token = None
    while True:
        page = pool.list_users(limit=5, token=token)
        assert len(page.users) <= 5
        seen += [user.username for user in page.users]
        token = page.token
        if token is None:
            break
    assert sorted(seen) == sorted(names)


def test_more_than_60_cannot_be_asked_for(pool: Any) -> None:
    with refused("InvalidParameterException"):
        pool.list_users(limit=61)


def test_a_token_goes_with_its_own_request(pool: Any) -> None:
    for n in range(4):
        pool.admin_create_user(f"u{n}", {"name": "N"})
    token = pool.list_users('name = "N"', limit=2).token
    with refused("InvalidParameterException"):
        pool.list_users('name = "M"', limit=2, token=token)
    with refused("InvalidParameterException"):
        pool.list_users('name = "N"', limit=2, token="nonsense")


def test_members_of_a_group_are_listed(pool: Any) -> None:
    pool.create_group(PoolGroup("editors"))
    for n in range(7):
        pool.admin_create_user(f"u{n}", {})
        if n != 3:
            pool.admin_add_user_to_group(f"u{n}", "editors")
    first = pool.list_users_in_group("editors", limit=4)
    rest = pool.list_users_in_group("editors", limit=4, token=first.token)
    listed = sorted(user.username for user in (*first.users, *rest.users))
    assert listed == ["u0", "u1", "u2", "u4", "u5", "u6"]
    with refused("ResourceNotFoundException"):
        pool.list_users_in_group("writers")


def test_a_group_is_made_once(pool: Any) -> None:
    pool.create_group(PoolGroup("editors"))
    with refused("GroupExistsException"):
        pool.create_group(PoolGroup("editors"))


def test_nobody_joins_a_hundred_and_first_group(pool: Any) -> None:
    pool.admin_create_user("ann", {})
    for n in range(100):
        pool.create_group(PoolGroup(f"g{n}"))
        pool.admin_add_user_to_group("ann", f"g{n}")
    pool.create_group(PoolGroup("one-too-many"))
    with pytest.raises(CognitoError):
        pool.admin_add_user_to_group("ann", "one-too-many")


def test_what_is_deleted_is_not_found(pool: Any) -> None:
    sub = pool.admin_create_user("ann", VERIFIED).sub
    pool.admin_delete_user("ann")
    for name in ("ann", sub):
        with refused("UserNotFoundException"):
            pool.admin_get_user(name)
    with refused("UserNotFoundException"):
        pool.admin_delete_user("ann")
