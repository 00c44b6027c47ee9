"""A standby in an account of its own: what would join the two accounts is refused."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.config.source import ConfigError, parse
from tests.stacks.variants import ACCOUNT, APART, EMAIL, EXISTING, STANDARD

OTHER = str(APART["backup_account"])
PRIMARY, BACKUP = str(APART["primary_region"]), str(APART["backup_region"])


def _arn(service: str, region: str, account: str, rest: str) -> str:
    return f"arn:aws:{service}:{region}:{account}:{rest}"


KEYS = {
    "primary": _arn("kms", PRIMARY, ACCOUNT, "key/00000000-1111-4222-8333-444444444444"),
    "backup": _arn("kms", BACKUP, OTHER, "key/00000000-1111-4222-8333-444444444444"),
}
FUNCTIONS = {
    "primary_function": _arn("lambda", PRIMARY, ACCOUNT, "function:mine"),
    "backup_function": _arn("lambda", BACKUP, OTHER, "function:mine"),
}
POOLS = {
    "primary_user_pool_id": f"{PRIMARY}_Primary01",
    "backup_user_pool_id": f"{BACKUP}_Backup01",
}
MAIL = EMAIL["email"] | {
    "backup_identity": _arn("ses", BACKUP, OTHER, "identity/example.org"),
}


def _role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/it"


def _admins(region: str, account: str) -> str:
    return _arn("cognito-idp", region, account, f"userpool/{region}_Ad1")


ADMINS = {
    "authorization": "cognito",
    "primary_admin_pools": [_admins(PRIMARY, ACCOUNT)],
    "backup_admin_pools": [_admins(BACKUP, OTHER)],
}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"consistency": "MRSC", "witness_region": "us-east-2"}, "consistency MRSC is for one account"),
    ({"kms_keys": KEYS}, "kms_keys are not supported with two accounts yet"),
    ({"failover": {"arc_region_switch": True}}, "arc_region_switch is not supported"),
    ({"schedules": {"sweep": "rate(2 hours)"}}, "schedules.sweep must fire at least once an hour"),
    (
        {"triggers": {"pre_sign_up": FUNCTIONS | {"backup_function": KEYS["backup"]}}},
        "triggers.pre_sign_up.backup_function",
    ),
    (
        {
            "triggers": {
                "pre_sign_up": FUNCTIONS
                | {"backup_function": _arn("lambda", BACKUP, ACCOUNT, "function:mine")}
            }
        },
        f"is not of {OTHER}, as its pool",
    ),
    (
        {"group_roles": [{"primary": _role(ACCOUNT), "backup": _role(ACCOUNT)}]},
        f"group_roles: {_role(ACCOUNT)} is not of {OTHER}",
    ),
    (
        {"admin_api": ADMINS | {"backup_admin_pools": [_admins(BACKUP, ACCOUNT)]}},
        "is of the other account, which could then make itself an administrator",
    ),
    ({"email": EMAIL["email"]}, "email.backup_identity: Cognito uses no identity of another"),
    (
        {"sms": {"external_id": "x1", "caller_role": _role(ACCOUNT)}},
        "sms.caller_role is of one account",
    ),
    (
        {"failover": {"drill_principals": [_role(ACCOUNT)]}},
        f"failover.drill_principals: nobody may assume the role in {BACKUP}",
    ),
    (
        {"permissions_boundary": f"arn:aws:iam::{OTHER}:policy/b"},
        "permissions_boundary must be of `account`",
    ),
    (
        {
            "pools": POOLS,
            "custom_attributes": [],
            "on_demand": {
                "backup": True,
                "backup_old_pool": {"user_pool_id": f"{PRIMARY}_Primary01", "client_id": "1a"},
            },
        },
        "on_demand.backup_old_pool is the pool of the other account, which it cannot ask",
    ),
]


@pytest.mark.parametrize(("change", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_what_would_join_the_accounts_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse(APART | change, "a test")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        {"triggers": {"pre_sign_up": FUNCTIONS}},
        {"email": MAIL},
        {"admin_api": ADMINS},
        {"admin_api": ADMINS | {"backup_admin_pools": [_admins(BACKUP, "333333333333")]}},
        {"sms": {"external_id": "x1"}},
        {"group_roles": [{"primary": _role(ACCOUNT), "backup": _role(OTHER)}]},
        {"failover": {"drill_principals": [_role("333333333333")]}},
        {"permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess"},
        {"pools": POOLS, "custom_attributes": []},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_each_account_has_of_its_own_is_taken(change: dict[str, Any]) -> None:
    assert parse(APART | change, "a test").two_accounts


def test_the_same_account_twice_is_one() -> None:
    """And refuses nothing: neither MRSC nor keys."""
    for variant in (STANDARD, EXISTING):
        config = parse(variant | {"backup_account": ACCOUNT}, "a test")
        assert not config.two_accounts
