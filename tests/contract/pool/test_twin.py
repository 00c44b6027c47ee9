"""What only the strict pool can do: messages, awkward listings, quotas, meters, snapshots."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from cognito_standby.core.domain.errors import ThrottledError
from local.cognito_rules.passwords import check_password
from tests.contract.pools import CONTACT, PASSWORD, VERIFIED, confirmed, refused
from tests.twins.clock import ManualClock, NumberedPasswords
from tests.twins.pool.config import PasswordPolicy, PoolConfig
from tests.twins.pool.core import Purpose
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.quota import Category, Quotas
from tests.twins.pool.user_directory import InMemoryUserDirectory


def made(config: PoolConfig | None = None, **more: Any) -> StrictPool:
    return StrictPool(config or PoolConfig(), more.pop("clock", ManualClock()), **more)


# Snapshots


def test_a_pool_forks_names_and_all() -> None:
    pool = made()
    confirmed(pool)
    before = pool.snapshot()
    fork = copy.deepcopy(pool)
    pool.admin_delete_user("ann")
    pool.admin_create_user("ann", {})
    assert len({before, pool.snapshot()}) == 2
    pool.restore(before)
    assert pool.snapshot() == before == fork.snapshot()
    assert pool.sign_in("ann", PASSWORD) == ""
    with refused("UsernameExistsException"):
        pool.admin_create_user("ann", {})
    assert len(pool.list_users().users) == 1


def test_what_was_read_cannot_be_changed() -> None:
    pool = made()
    user = pool.admin_create_user("ann", CONTACT)
    with pytest.raises(TypeError, match="cannot be changed"):
        user.attributes["email"] = "x"  # type: ignore[index]
    assert {**user.attributes, "email": "x"}["email"] == "x"


# Passwords and messages


def test_numbered_passwords_satisfy_the_strictest_policy() -> None:
    passwords = NumberedPasswords()
    first, second = passwords.new_password(), passwords.new_password()
    check_password(PasswordPolicy(minimum_length=99), first)
    assert first != second
    assert NumberedPasswords().new_password() == first


def test_messages_are_kept_with_their_purpose() -> None:
    pool = made()
    confirmed(pool)
    pool.forgot_password("ann")
    pool.admin_update_user_attributes("ann", {"email": "new@example.org"})
    pool.admin_create_user("ben", {"email": "ben@example.org"}, suppress=False)
    sent = [(message.purpose, message.address) for message in pool.messages]
    assert sent == [
        (Purpose.SIGN_UP, "ann@example.org"),
        (Purpose.RECOVERY, "ann@example.org"),
        (Purpose.VERIFICATION, "new@example.org"),
        (Purpose.INVITATION, "ben@example.org"),
    ]


def test_an_address_set_with_its_flag_sends_nothing() -> None:
    pool = made()
    pool.admin_create_user("ann", VERIFIED)
    changed = {"email": "new@example.org", "email_verified": "true"}
    pool.admin_update_user_attributes("ann", changed)
    pool.admin_update_user_attributes("ann", {"email": "new@example.org"})
    assert pool.messages == []


@pytest.mark.parametrize(("hours", "expired"), [(0.9, False), (1.1, True)])
def test_a_recovery_code_expires(hours: float, expired: bool) -> None:
    clock = ManualClock()
    pool = made(clock=clock)
    confirmed(pool)
    pool.forgot_password("ann")
    clock.advance(hours * 3600)
    if expired:
        with refused("ExpiredCodeException"):
            pool.confirm_forgot_password("ann", pool.latest_code("ann"), PASSWORD)
    else:
        pool.confirm_forgot_password("ann", pool.latest_code("ann"), PASSWORD)


def test_a_pending_address_takes_effect_when_verified() -> None:
    pool = made(PoolConfig(verify_before_update=("email",), alias_attributes=("email",)))
    confirmed(pool)
    pool.update_user_attributes("ann", {"email": "new@example.org"})
    assert pool.admin_get_user("ann@example.org").username == "ann"
    pool.verify_user_attribute("ann", pool.latest_code("ann"))
    assert pool.admin_get_user("new@example.org").username == "ann"
    with refused("UserNotFoundException"):
        pool.admin_get_user("ann@example.org")


def test_an_administrator_s_update_may_move_an_alias_where_so_configured() -> None:
    pool = made(PoolConfig(alias_attributes=("email",), alias_moves_on_update=True))
    pool.admin_create_user("ann", VERIFIED)
    pool.admin_create_user("ben", {})
    pool.admin_update_user_attributes("ben", VERIFIED)
    assert pool.admin_get_user("ann@example.org").username == "ben"
    assert pool.admin_get_user("ann").attributes["email_verified"] == "false"


def test_federated_users_are_found_by_name_and_in_listings_only() -> None:
    pool = made()
    user = pool.federated_sign_in("Google", "123", CONTACT)
    assert pool.federated_sign_in("Google", "123", CONTACT) == user
    assert pool.admin_get_user("Google_123").sub == user.sub
    with refused("UserNotFoundException"):
        pool.admin_get_user(user.sub)
    assert [each.sub for each in pool.list_users().users] == [user.sub]


# Listings


def test_pages_may_be_short_and_empty() -> None:
    pool = made(PoolConfig(page_sizes=(0, 2, 1)))
    names = {pool.admin_create_user(f"u{n}", {}).username for n in range(7)}
    sizes, seen, token = [], [], None
    while True:
        page = pool.list_users(limit=3, token=token)
        sizes.append(len(page.users))
        seen += [user.username for user in page.users]
        if (token := page.token) is None:
            break
    assert sizes == [0, 2, 1, 0, 2, 1, 0, 1]
    assert sorted(seen) == sorted(names)


def test_pages_hold_while_users_come_and_go() -> None:
    pool = made()
    for n in range(6):
        pool.admin_create_user(f"u{n}", {"name": f"N{n}"})
    first = pool.list_users('name ^= "N"', limit=3)
    pool.admin_delete_user("u0")
    pool.admin_create_user("late", {"name": "N0"})
    rest = pool.list_users('name ^= "N"', limit=3, token=first.token)
    assert [user.username for user in (*first.users, *rest.users)] == [f"u{n}" for n in range(6)]


@pytest.mark.parametrize(("minutes", "expired"), [(59, False), (61, True)])
def test_a_token_expires_after_an_hour(minutes: int, expired: bool) -> None:
    clock = ManualClock()
    pool = made(clock=clock)
    for n in range(3):
        pool.admin_create_user(f"u{n}", {})
    token = pool.list_users(limit=2).token
    clock.advance(minutes * 60)
    if expired:
        with refused("InvalidParameterException"):
            pool.list_users(limit=2, token=token)
    else:
        assert len(pool.list_users(limit=2, token=token).users) == 1


def test_a_listing_can_lag_behind_the_pool() -> None:
    pool = made()
    directory = InMemoryUserDirectory(pool)
    ann = directory.create_user("ann", {})
    pool.hold_listing()
    directory.delete_user("ann")
    ben = directory.create_user("ben", {})
    assert directory.get_user_by_sub(ann.sub) is None
    assert directory.listed_by_sub(ann.sub)
    assert not directory.listed_by_sub(ben.sub)
    pool.release_listing()
    assert not directory.listed_by_sub(ann.sub)
    assert directory.listed_by_sub(ben.sub)


# Quotas and meters


def test_a_category_is_throttled_and_recovers_with_time() -> None:
    clock = ManualClock()
    pool = made(clock=clock, quotas=Quotas(clock))
    directory = InMemoryUserDirectory(pool)
    directory.create_user("ann", {})
    for _ in range(24):
        directory.set_enabled("ann", False)
    directory.set_attributes("ann", {"name": "Ann"})
    with pytest.raises(ThrottledError):
        directory.set_enabled("ann", True)
    assert directory.get_user("ann") is not None
    assert not pool.admin_get_user("ann").enabled
    clock.advance(1 / 25)
    directory.set_enabled("ann", True)
    with pytest.raises(ThrottledError):
        directory.delete_user("ann")
    assert pool.meter.throttled == {"AdminEnableUser": 1, "AdminDeleteUser": 1}


def test_pools_of_one_account_share_their_quotas() -> None:
    clock = ManualClock()
    quotas = Quotas(clock, {Category.USER_LIST: 2})
    one, two = made(clock=clock, quotas=quotas), made(clock=clock, quotas=quotas)
    one.list_users()
    two.list_users()
    with pytest.raises(CognitoError, match="TooManyRequests"):
        one.list_users()


def test_operations_on_groups_are_five_a_second_on_a_pool() -> None:
    clock = ManualClock()
    quotas = Quotas(clock)
    one = made(PoolConfig(pool_id="one"), clock=clock, quotas=quotas)
    two = made(PoolConfig(pool_id="two"), clock=clock, quotas=quotas)
    for _ in range(5):
        one.list_groups()
    with pytest.raises(CognitoError, match="TooManyRequests"):
        one.list_groups()
    two.list_groups()


def test_the_meter_counts_calls_and_who_is_billed() -> None:
    clock = ManualClock(datetime(2026, 1, 31, tzinfo=UTC))
    pool = made(clock=clock)
    ann = pool.admin_create_user("ann", VERIFIED)
    pool.admin_set_user_password("ann", PASSWORD, permanent=True)
    pool.admin_create_user("ben", {})
    clock.advance(86_400)
    pool.list_users()
    pool.admin_reset_user_password("ann")
    pool.admin_disable_user("ben")
    assert pool.meter.billed_users("2026-01") == 2
    assert pool.meter.billed_users("2026-02") == 0
    pool.admin_get_user("ann")
    pool.admin_get_user("ann")
    assert pool.meter.active >= {("2026-02", ann.sub)}
    assert pool.meter.billed_users("2026-02") == 1
    assert pool.meter.calls["AdminGetUser"] == 2
    assert pool.meter.by_category()[Category.USER_CREATION] == 2
