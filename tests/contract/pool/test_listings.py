"""How Cognito lists users and groups.

No adapter of ours is between: these tests tell which backend can be trusted to refuse.
"""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.pools import PoolGroup
from tests.contract.pools import (
    PLAIN,
    VERIFIED,
    MakePool,
    refused,
)
from tests.twins.pool.errors import CognitoError


@pytest.fixture
def pool(make_pool: MakePool) -> Any:
    return make_pool(PLAIN).api


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
        ('family_name ^= ""', set()),
        ('"username" = "ben"', {"ben"}),
    ],
    ids=[
        "everybody",
        "username",
        "username_prefix",
        "email_in_capitals",
        "name_prefix",
        "escaped",
        "user_status",
        "status",
        "nobody",
        "who_lack_it",
        "quoted",
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
    ids=["no_operator", "custom", "operator", "unquoted", "two", "not_searchable"],
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
