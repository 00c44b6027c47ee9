"""Contract of UserDirectory: users, in a pool of plain usernames and in one of addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cognito_standby.core.domain.errors import (
    NameHeldError,
    NotYetVisibleError,
    RefusedByPoolError,
)
from cognito_standby.core.domain.pools import PoolGroup, PoolUser, UserStatus
from cognito_standby.core.ports import UserDirectory
from tests.contract.backends import Pool
from tests.contract.pools import (
    EMAIL,
    NEVER,
    NEW_PASSWORD,
    PASSWORD,
    PLAIN,
    MakePool,
    create,
    looked_up,
)


def test_the_schema_tells_what_the_pool_can_hold(directory: UserDirectory, pool: Pool) -> None:
    attributes = directory.schema().attributes
    assert not attributes["sub"].mutable
    assert attributes["email"].mutable
    assert not attributes["email"].required
    assert attributes["custom:note"].mutable
    assert not attributes["custom:badge"].mutable
    assert "custom:unknown" not in attributes


def test_who_has_an_address_is_listed(make_pool: MakePool) -> None:
    pool = make_pool(PLAIN)
    address = {"email": "ann@example.org"}
    ann = pool.directory.create_user("ann", {**address, "email_verified": "true"})
    ben = pool.directory.create_user("ben", address)
    pool.directory.create_user("cid", {"email": "cid@example.org"})
    listed = pool.directory.listed_with("email", address["email"])
    assert {user.sub for user in listed} == {ann.sub, ben.sub}
    assert {user.attributes.get("email_verified", "false") for user in listed} == {"true", "false"}
    assert pool.directory.listed_with("phone_number", address["email"]) == ()


def test_the_schema_tells_how_people_sign_in(make_pool: MakePool) -> None:
    assert make_pool(PLAIN).directory.schema().free_usernames
    by_email = make_pool(EMAIL).directory.schema()
    assert by_email.sign_in_attributes == ("email",)
    assert not by_email.free_usernames


def test_nobody_is_found_who_is_not_there(directory: UserDirectory) -> None:
    assert directory.get_user("nobody") is None
    assert directory.get_user_by_sub(NEVER) is None
    assert not directory.listed_by_sub(NEVER)


def test_a_user_is_created_as_told_and_unfinished(directory: UserDirectory) -> None:
    user = create(directory, "ann", **{"custom:origin_sub": "o-1", "custom:badge": "B7"})
    assert user.status is UserStatus.FORCE_CHANGE_PASSWORD
    assert user.enabled
    assert user.groups == ()
    assert user.origin_sub == "o-1"
    assert user.attributes["sub"] == user.sub
    assert user.attributes["email"] == "ann@example.org"
    assert user.attributes["email_verified"] == "true"
    assert user.attributes["custom:badge"] == "B7"
    assert looked_up(directory, user) == user


def test_the_username_is_chosen_or_the_sub(directory: UserDirectory, ann: PoolUser) -> None:
    free = directory.schema().free_usernames
    assert ann.username == ("ann" if free else ann.sub)


def test_a_user_is_found_by_username_and_sign_in_address(
    directory: UserDirectory, ann: PoolUser
) -> None:
    assert directory.get_user(ann.username) == ann
    assert directory.listed_by_sub(ann.sub)
    by_address = directory.get_user("ann@example.org")
    assert by_address == (None if directory.schema().free_usernames else ann)


def test_a_user_is_found_by_sub(directory: UserDirectory, ann: PoolUser) -> None:
    assert directory.get_user(ann.sub) == ann
    assert directory.get_user_by_sub(ann.sub) == ann


def test_by_sub_the_right_user_is_found_though_another_bears_it_as_a_name(
    make_pool: MakePool,
) -> None:
    directory = make_pool(PLAIN).directory
    ann = create(directory, "ann")
    impostor = directory.create_user(ann.sub, {"email": "i@example.org"})
    found = directory.get_user_by_sub(ann.sub)
    assert found is not None
    assert found.username == "ann"
    assert directory.get_user_by_sub(impostor.sub) == impostor


def test_an_unverified_address_stays_unverified(directory: UserDirectory) -> None:
    user = create(directory, "ann", email_verified="false")
    assert looked_up(directory, user).attributes["email_verified"] == "false"


def test_a_second_user_of_the_same_name_is_not_created(
    directory: UserDirectory, ann: PoolUser
) -> None:
    with pytest.raises(NameHeldError):
        create(directory, "ann")
    assert looked_up(directory, ann) == ann


def test_a_name_is_the_same_in_capitals(directory: UserDirectory, ann: PoolUser) -> None:
    name = ann.username if directory.schema().free_usernames else "ann@example.org"
    with pytest.raises(NameHeldError):
        directory.create_user(name.upper(), {})
    assert directory.get_user(name.upper()) == ann


def test_a_deleted_user_s_name_is_free_again(directory: UserDirectory, ann: PoolUser) -> None:
    directory.delete_user(ann.username)
    again = create(directory, "ann")
    assert again.sub != ann.sub
    assert directory.get_user_by_sub(ann.sub) is None
    assert looked_up(directory, again) == again


def test_a_user_is_disabled_and_enabled_each_any_number_of_times(
    directory: UserDirectory, ann: PoolUser
) -> None:
    for enabled in (False, False, True, True):
        directory.set_enabled(ann.username, enabled)
        assert looked_up(directory, ann).enabled is enabled


def test_a_permanent_password_makes_recovery_possible(
    directory: UserDirectory, pool: Pool, ann: PoolUser
) -> None:
    directory.set_permanent_password(ann.username, PASSWORD)
    assert looked_up(directory, ann).status is UserStatus.CONFIRMED
    pool.api.forgot_password(ann.username)
    code = pool.api.latest_code(ann.username)
    pool.api.confirm_forgot_password(ann.username, code, NEW_PASSWORD)
    assert pool.api.sign_in(ann.username, NEW_PASSWORD) == ""


def test_a_weak_password_is_refused(directory: UserDirectory, ann: PoolUser) -> None:
    with pytest.raises(RefusedByPoolError):
        directory.set_permanent_password(ann.username, "short")
    assert looked_up(directory, ann).status is UserStatus.FORCE_CHANGE_PASSWORD


def test_a_user_is_deleted_once_and_for_all(directory: UserDirectory, ann: PoolUser) -> None:
    directory.delete_user(ann.username)
    directory.delete_user(ann.username)
    assert directory.get_user(ann.username) is None
    assert directory.get_user_by_sub(ann.sub) is None
    assert not directory.listed_by_sub(ann.sub)


@pytest.mark.parametrize(
    "write",
    [
        lambda d: d.set_attributes("nobody", {"name": "x"}),
        lambda d: d.delete_attributes("nobody", ("name",)),
        lambda d: d.set_enabled("nobody", True),
        lambda d: d.set_enabled("nobody", False),
        lambda d: d.set_permanent_password("nobody", PASSWORD),
        lambda d: d.join_group("nobody", "editors"),
    ],
    ids=["set", "delete", "enable", "disable", "password", "join"],
)
def test_a_write_to_nobody_can_be_tried_again(
    directory: UserDirectory, write: Callable[[UserDirectory], None]
) -> None:
    directory.put_group(PoolGroup("editors"))
    with pytest.raises(NotYetVisibleError):
        write(directory)


def test_a_person_s_own_doing_is_seen(directory: UserDirectory, pool: Pool) -> None:
    name = "ann" if directory.schema().free_usernames else "ann@example.org"
    sub = pool.api.sign_up(name, PASSWORD, {"email": "ann@example.org"})
    unconfirmed = directory.get_user(name)
    assert unconfirmed is not None
    assert (unconfirmed.sub, unconfirmed.status) == (sub, UserStatus.UNCONFIRMED)
    pool.api.confirm_sign_up(name, pool.api.latest_code(name))
    assert looked_up(directory, unconfirmed).status is UserStatus.CONFIRMED
    pool.api.sign_in(name, PASSWORD)
    pool.api.update_user_attributes(name, {"name": "Ann"})
    assert looked_up(directory, unconfirmed).attributes["name"] == "Ann"
    pool.api.delete_user(name)
    assert directory.get_user(name) is None
