"""Contract of PoolListing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from cognito_standby.core.domain.pools import PoolGroup, PoolUser
from cognito_standby.core.domain.sign_in import FirstFactor, MfaMode
from cognito_standby.reconciliation.ports import ListingExpiredError, UserPage
from tests.contract.backends import ROLES, Backend, Pool
from tests.contract.pools import EMAIL, MakePool, create
from tests.contract.reconciliation.reconciling import listing_of


@pytest.fixture(scope="module")
def kept() -> dict[str, Pool]:
    """Of the local AWS, which lives on from test to test."""
    return {}


@pytest.fixture
def full(backend: Backend, make_pool: MakePool, kept: dict[str, Pool]) -> Pool:
    """130 users, all in a group; nobody changes them."""
    if backend.name in kept:
        return kept[backend.name]
    pool = make_pool(EMAIL)
    if backend.name == "local":
        kept[backend.name] = pool
    pool.directory.put_group(PoolGroup("everybody"))
    for number in range(130):
        user = create(pool.directory, f"u{number:03d}")
        pool.directory.join_group(user.username, "everybody")
    return pool


@pytest.fixture
def few(make_pool: MakePool) -> Pool:
    pool = make_pool(EMAIL)
    for name in ("ann", "ben", "cyd", "dan"):
        create(pool.directory, name)
    return pool


def all_of(page: Callable[[str], UserPage]) -> list[PoolUser]:
    users: list[PoolUser] = []
    token = ""
    while True:
        answer = page(token)
        assert len(answer.users) <= 60
        users += answer.users
        token = answer.token
        if not token:
            return users


def test_a_prefix_lists_its_users_with_everything_but_groups(backend: Backend, few: Pool) -> None:
    listing = listing_of(backend, few)
    everybody = {user.sub: user for user in all_of(lambda token: listing.list_users("", token))}
    assert {user.attributes["email"][:3] for user in everybody.values()} == {
        *("ann", "ben", "cyd", "dan"),
    }
    for sub, user in everybody.items():
        found = all_of(partial(listing.list_users, sub[:9]))
        assert found == [user]
        looked_up = few.directory.get_user_by_sub(sub)
        assert looked_up == user


def test_the_settings_tell_how_somebody_gets_in(backend: Backend, few: Pool) -> None:
    rules = listing_of(backend, few).sign_in_rules()
    assert rules.mfa is MfaMode.OFF
    assert set(rules.first_factors) == {FirstFactor.PASSWORD}
    assert rules.recovery


def test_a_prefix_that_nobody_has_lists_nobody(backend: Backend, few: Pool) -> None:
    listing = listing_of(backend, few)
    assert all_of(lambda token: listing.list_users("zz", token)) == []


def test_the_prefixes_of_a_digit_are_everybody_once(backend: Backend, full: Pool) -> None:
    listing = listing_of(backend, full)
    by_digit = [
        user.sub
        for digit in "0123456789abcdef"
        for user in all_of(partial(listing.list_users, digit))
    ]
    assert len(by_digit) == len(set(by_digit)) == 130


def test_pages_of_everybody_and_of_a_group_lose_nobody(backend: Backend, full: Pool) -> None:
    listing = listing_of(backend, full)
    listed = [user.sub for user in all_of(lambda token: listing.list_users("", token))]
    members = [user.sub for user in all_of(lambda token: listing.list_members("everybody", token))]
    assert len(listed) == len(set(listed)) == 130
    assert sorted(members) == sorted(listed)


def test_a_group_without_members_and_one_that_is_gone_list_nobody(
    backend: Backend, few: Pool
) -> None:
    few.directory.put_group(PoolGroup("empty"))
    listing = listing_of(backend, few)
    for group in ("empty", "gone"):
        page = listing.list_members(group, "")
        assert (list(page.users), page.token) == ([], "")


def test_groups_are_listed_with_what_defines_them(backend: Backend, few: Pool) -> None:
    (role,) = ROLES
    groups = [
        PoolGroup(f"g{n:02d}", "of people" if n else "", n or None, role if n == 1 else "")
        for n in range(65)
    ]
    for group in groups:
        few.directory.put_group(group)
    listing = listing_of(backend, few)
    found: list[PoolGroup] = []
    token = ""
    while True:
        page = listing.list_groups(token)
        assert len(page.groups) <= 60
        found += page.groups
        token = page.token
        if not token:
            break
    assert sorted(found, key=lambda group: group.name) == groups


def test_a_pool_tells_its_schema_and_about_how_many_it_has(backend: Backend, few: Pool) -> None:
    listing = listing_of(backend, few)
    assert listing.schema() == few.directory.schema()
    assert listing.estimated_users() == 4


def test_a_token_that_is_not_taken_begins_the_listing_again(backend: Backend, full: Pool) -> None:
    listing = listing_of(backend, full)
    token = listing.list_users("", "").token
    assert token
    with pytest.raises(ListingExpiredError):
        listing.list_users("0", token)
    with pytest.raises(ListingExpiredError):
        listing.list_users("", "nonsense")
    with pytest.raises(ListingExpiredError):
        listing.list_members("everybody", "nonsense")
    members = listing.list_members("everybody", "").token
    full.directory.put_group(PoolGroup("others"))
    with pytest.raises(ListingExpiredError):
        listing.list_members("others", members)
    with pytest.raises(ListingExpiredError):
        listing.list_groups("nonsense")
