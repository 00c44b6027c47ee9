"""ListUsersInGroup and ListGroups, as a reconciliation relies on them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.conftest import REGION, BareAws, unique
from tests.local.pools import TestPool

pytestmark = pytest.mark.local_aws


def test_members_who_leave_meanwhile_hide_nobody(aws: LocalAws) -> None:
    pool = TestPool(aws)
    pool.admin("create_group", GroupName="g")
    for n in range(6):
        pool.admin("admin_create_user", Username=f"u{n}")
        pool.admin("admin_add_user_to_group", Username=f"u{n}", GroupName="g")
    first = pool.admin("list_users_in_group", GroupName="g", Limit=3)
    for user in first["Users"]:
        pool.admin("admin_remove_user_from_group", Username=user["Username"], GroupName="g")
    rest = pool.admin("list_users_in_group", GroupName="g", Limit=3, NextToken=first["NextToken"])
    seen = [user["Username"] for page in (first, rest) for user in page["Users"]]
    assert sorted(seen) == [f"u{n}" for n in range(6)]
    assert "NextToken" not in rest


def test_memberships_end_with_the_user(aws: LocalAws) -> None:
    pool = TestPool(aws)
    pool.admin("create_group", GroupName="g")
    for name in ("again", "never"):
        pool.admin("admin_create_user", Username=name)
        pool.admin("admin_add_user_to_group", Username=name, GroupName="g")
        pool.admin("admin_delete_user", Username=name)
        pool.admin("admin_create_user", Username=name)
    pool.admin("admin_add_user_to_group", Username="again", GroupName="g")
    members = pool.admin("list_users_in_group", GroupName="g")["Users"]
    assert [user["Username"] for user in members] == ["again"]


def test_a_group_that_vanishes_meanwhile_hides_no_other(aws: LocalAws) -> None:
    pool = TestPool(aws)
    for name in "abcd":
        pool.admin("create_group", GroupName=name)
    first = pool.admin("list_groups", Limit=2)
    pool.admin("delete_group", GroupName="a")
    rest = pool.admin("list_groups", Limit=2, NextToken=first["NextToken"])
    assert [group["GroupName"] for group in rest["Groups"]] == ["c", "d"]


def test_canary_a_token_is_an_offset(bare: BareAws) -> None:
    cognito: Any = bare.client("cognito-idp", REGION)
    pool_id = cognito.create_user_pool(PoolName=unique())["UserPool"]["Id"]
    for name in "abc":
        cognito.create_group(UserPoolId=pool_id, GroupName=name)
    assert cognito.list_groups(UserPoolId=pool_id, Limit=1)["NextToken"] == "1"
    with pytest.raises(ClientError, match="InternalError"):
        cognito.list_users_in_group(UserPoolId=pool_id, GroupName="a", NextToken="nonsense")
