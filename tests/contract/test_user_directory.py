"""Contract of UserDirectory, in a pool of plain usernames and in one of e-mail addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cognito_standby.adapters.memory.pool_config import PoolConfig
from cognito_standby.domain.errors import (
    DependencyMissingError,
    NameHeldError,
    NotYetVisibleError,
    RefusedByPoolError,
)
from cognito_standby.domain.pools import PoolGroup, PoolUser, UserStatus
from cognito_standby.ports import UserDirectory
from tests.contract.backends import Pool
from tests.contract.conftest import EMAIL, PLAIN

PASSWORD = "Corr3ct-horse!"
NEW_PASSWORD = "Batt3ry-staple!"
NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(params=[PLAIN, EMAIL], ids=["plain", "email"])
def pool(request: pytest.FixtureRequest, make_pool: Callable[[PoolConfig], Pool]) -> Iterator[Pool]:
    """Whatever the port is asked, nobody is invited."""
    pool = make_pool(request.param)
    yield pool
    messages = getattr(pool.api, "messages", [])
    assert not [message for message in messages if message.purpose == "invitation"]


@pytest.fixture
def directory(pool: Pool) -> UserDirectory:
    return pool.directory


@pytest.fixture
def ann(directory: UserDirectory) -> PoolUser:
    return create(directory, "ann")


def create(directory: UserDirectory, who: str, **attributes: str) -> PoolUser:
    address = f"{who}@example.org"
    name = who if directory.schema().free_usernames else address
    given = {"email": address, "email_verified": "true", **attributes}
    return directory.create_user(name, given)


def looked_up(directory: UserDirectory, user: PoolUser) -> PoolUser:
    found = directory.get_user(user.username)
    assert found is not None
    assert found.sub == user.sub
    return found


def test_the_schema_tells_what_the_pool_can_hold(directory: UserDirectory, pool: Pool) -> None:
    attributes = directory.schema().attributes
    assert not attributes["sub"].mutable
    assert attributes["email"].mutable
    assert not attributes["email"].required
    assert attributes["custom:note"].mutable
    assert not attributes["custom:badge"].mutable
    assert "custom:unknown" not in attributes


def test_the_schema_tells_how_people_sign_in(make_pool: Callable[[PoolConfig], Pool]) -> None:
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
    make_pool: Callable[[PoolConfig], Pool],
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


@pytest.mark.parametrize(
    "attributes",
    [
        {"custom:unknown": "x"},
        {"sub": NEVER},
        {"name": "x" * 2049},
        {"birthdate": "31/12/1999"},
        {"phone_number": "0123"},
        {"phone_number_verified": "true"},
    ],
    ids=["unknown", "sub", "long", "birthdate", "phone", "flag-without-phone"],
)
def test_a_creation_is_refused_for_its_content(
    directory: UserDirectory, attributes: dict[str, str]
) -> None:
    with pytest.raises(RefusedByPoolError):
        create(directory, "ann", **attributes)
    assert directory.get_user("ann") is None


@pytest.mark.parametrize(
    "value",
    [
        "\N{GRINNING FACE} \u05e9\u05dc\u05d5\u05dd",
        "a,\"b\",'c'\\d\n\t",
        "x" * 2048,
        "\N{GRINNING FACE}" * 500,
    ],
    ids=["emoji", "punctuation", "long", "wide"],
)
def test_awkward_values_survive(directory: UserDirectory, ann: PoolUser, value: str) -> None:
    directory.set_attributes(ann.username, {"custom:note": value})
    assert looked_up(directory, ann).attributes["custom:note"] == value


def test_attributes_are_set_beside_the_others(directory: UserDirectory, ann: PoolUser) -> None:
    directory.set_attributes(ann.username, {"name": "Ann", "custom:note": "n"})
    expected = {**ann.attributes, "name": "Ann", "custom:note": "n"}
    assert dict(looked_up(directory, ann).attributes) == expected


def test_an_address_is_changed_together_with_its_flag(
    directory: UserDirectory, ann: PoolUser
) -> None:
    directory.set_attributes(ann.username, {"email": "new@example.org", "email_verified": "true"})
    changed = looked_up(directory, ann).attributes
    assert (changed["email"], changed["email_verified"]) == ("new@example.org", "true")


def test_an_address_changed_without_its_flag_is_unverified(
    directory: UserDirectory, ann: PoolUser
) -> None:
    directory.set_attributes(ann.username, {"email": "new@example.org"})
    changed = looked_up(directory, ann).attributes
    assert (changed["email"], changed["email_verified"]) == ("new@example.org", "false")


def test_attributes_are_deleted(directory: UserDirectory, ann: PoolUser) -> None:
    directory.set_attributes(ann.username, {"name": "Ann", "custom:note": "n"})
    directory.delete_attributes(ann.username, ("name", "custom:note"))
    assert dict(looked_up(directory, ann).attributes) == dict(ann.attributes)


def test_a_blank_value_deletes(directory: UserDirectory, ann: PoolUser) -> None:
    directory.set_attributes(ann.username, {"name": "Ann"})
    directory.set_attributes(ann.username, {"name": ""})
    assert "name" not in looked_up(directory, ann).attributes


def test_deleting_what_is_not_there_is_success(directory: UserDirectory, ann: PoolUser) -> None:
    directory.delete_attributes(ann.username, ("name",))
    assert looked_up(directory, ann) == ann


@pytest.mark.parametrize(
    "attributes",
    [
        {"custom:badge": "B8"},
        {"sub": NEVER},
        {"custom:unknown": "x"},
        {"name": "x" * 2049},
        {"phone_number_verified": "true"},
    ],
    ids=["immutable", "sub", "unknown", "long", "flag-without-phone"],
)
def test_an_update_is_refused_whole(
    directory: UserDirectory, ann: PoolUser, attributes: dict[str, str]
) -> None:
    with pytest.raises(RefusedByPoolError):
        directory.set_attributes(ann.username, {"nickname": "A", **attributes})
    assert looked_up(directory, ann) == ann


@pytest.mark.parametrize("name", ["custom:badge", "sub", "custom:unknown"])
def test_a_deletion_of_an_attribute_is_refused(directory: UserDirectory, name: str) -> None:
    ann = create(directory, "ann", **{"custom:badge": "B7"})
    with pytest.raises(RefusedByPoolError):
        directory.delete_attributes(ann.username, (name,))
    assert looked_up(directory, ann) == ann


def test_an_address_of_another_user_is_held_where_it_is_a_username(
    make_pool: Callable[[PoolConfig], Pool],
) -> None:
    directory = make_pool(EMAIL).directory
    ann, ben = create(directory, "ann"), create(directory, "ben", email_verified="false")
    taken = {"email": "BEN@example.org", "email_verified": "true"}
    with pytest.raises(NameHeldError):
        directory.set_attributes(ann.username, taken)
    assert looked_up(directory, ann) == ann
    assert looked_up(directory, ben) == ben


def test_an_address_is_shared_where_it_is_only_an_attribute(
    make_pool: Callable[[PoolConfig], Pool],
) -> None:
    directory = make_pool(PLAIN).directory
    ann, ben = create(directory, "ann"), create(directory, "ben")
    shared = {"email": "ben@example.org", "email_verified": "true"}
    directory.set_attributes(ann.username, shared)
    assert looked_up(directory, ann).attributes["email"] == "ben@example.org"
    assert looked_up(directory, ben) == ben


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


@pytest.mark.parametrize(
    "group",
    [
        PoolGroup("editors"),
        PoolGroup("editors", "who edit \N{GRINNING FACE}", 7),
        PoolGroup("editors", "", 0),
        PoolGroup("\N{GRINNING FACE}/a#b"),
    ],
    ids=["bare", "full", "zero", "awkward"],
)
def test_a_group_is_kept_as_put(directory: UserDirectory, group: PoolGroup) -> None:
    assert directory.get_group(group.name) is None
    directory.put_group(group)
    assert directory.get_group(group.name) == group


def test_a_group_is_changed_by_putting_it_again(directory: UserDirectory) -> None:
    directory.put_group(PoolGroup("editors", "old", 7))
    directory.put_group(PoolGroup("editors", "new", 3))
    assert directory.get_group("editors") == PoolGroup("editors", "new", 3)
    directory.put_group(PoolGroup("editors", "", 3))
    assert directory.get_group("editors") == PoolGroup("editors", "", 3)


@pytest.mark.parametrize("name", ["x" * 129, "two words", "line\nbreak"])
def test_a_group_of_an_impossible_name_is_refused(directory: UserDirectory, name: str) -> None:
    with pytest.raises(RefusedByPoolError):
        directory.put_group(PoolGroup(name))


def test_groups_are_joined_and_left(directory: UserDirectory, ann: PoolUser) -> None:
    for name in ("writers", "editors"):
        directory.put_group(PoolGroup(name))
        directory.join_group(ann.username, name)
    directory.join_group(ann.username, "editors")
    assert looked_up(directory, ann).groups == ("editors", "writers")
    directory.leave_group(ann.username, "editors")
    directory.leave_group(ann.username, "editors")
    assert looked_up(directory, ann).groups == ("writers",)


def test_joining_a_group_that_is_not_there_waits_for_it(
    directory: UserDirectory, ann: PoolUser
) -> None:
    with pytest.raises(DependencyMissingError):
        directory.join_group(ann.username, "editors")
    assert looked_up(directory, ann).groups == ()


def test_leaving_what_is_gone_is_success(directory: UserDirectory, ann: PoolUser) -> None:
    directory.leave_group(ann.username, "editors")
    directory.put_group(PoolGroup("editors"))
    directory.leave_group("nobody", "editors")


def test_a_deleted_group_leaves_its_members_in_the_pool(
    directory: UserDirectory, ann: PoolUser
) -> None:
    directory.put_group(PoolGroup("editors"))
    directory.join_group(ann.username, "editors")
    directory.delete_group("editors")
    directory.delete_group("editors")
    assert directory.get_group("editors") is None
    assert looked_up(directory, ann) == ann
    directory.put_group(PoolGroup("editors"))
    assert looked_up(directory, ann).groups == ()


def test_a_user_in_very_many_groups_is_read_whole(directory: UserDirectory, ann: PoolUser) -> None:
    names = tuple(sorted(f"g{n}" for n in range(100)))
    for name in names:
        directory.put_group(PoolGroup(name))
        directory.join_group(ann.username, name)
    assert looked_up(directory, ann).groups == names


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
