"""Request quotas in virtual time, and the meter of calls and billed users.

Source: developer guide, "Quotas in Amazon Cognito": categories with their default rates (requests
a second, per account and Region, all pools together), 5 a second for one operation on one pool in
the categories of pool resources, and what makes a monthly active user. The 10 reads and 10 writes
a second of one user are not enforced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.ports import Clock
from tests.twins.pool.errors import CognitoError


class Category(StrEnum):
    """Operation categories of user pools."""

    USER_AUTHENTICATION = "UserAuthentication"
    USER_CREATION = "UserCreation"
    USER_FEDERATION = "UserFederation"
    USER_ACCOUNT_RECOVERY = "UserAccountRecovery"
    USER_READ = "UserRead"
    USER_UPDATE = "UserUpdate"
    USER_RESOURCE_READ = "UserResourceRead"
    USER_LIST = "UserList"
    USER_POOL_READ = "UserPoolRead"
    USER_POOL_RESOURCE_READ = "UserPoolResourceRead"
    USER_POOL_RESOURCE_UPDATE = "UserPoolResourceUpdate"


DEFAULT_RATES: Mapping[Category, float] = {
    Category.USER_AUTHENTICATION: 120,
    Category.USER_CREATION: 50,
    Category.USER_FEDERATION: 25,
    Category.USER_ACCOUNT_RECOVERY: 30,
    Category.USER_READ: 120,
    Category.USER_UPDATE: 25,
    Category.USER_RESOURCE_READ: 50,
    Category.USER_LIST: 30,
    Category.USER_POOL_READ: 15,
    Category.USER_POOL_RESOURCE_READ: 20,
    Category.USER_POOL_RESOURCE_UPDATE: 15,
}

_PER_POOL_RATE = 5.0
_ROUNDING = 1e-6
_PER_POOL = frozenset({Category.USER_POOL_RESOURCE_READ, Category.USER_POOL_RESOURCE_UPDATE})

_MEMBERS: Mapping[Category, tuple[str, ...]] = {
    Category.USER_AUTHENTICATION: ("InitiateAuth",),
    Category.USER_CREATION: ("SignUp", "ConfirmSignUp", "AdminCreateUser", "AdminConfirmSignUp"),
    Category.USER_FEDERATION: ("FederatedSignIn",),
    Category.USER_ACCOUNT_RECOVERY: (
        "AdminResetUserPassword",
        "AdminSetUserPassword",
        "ChangePassword",
        "ConfirmForgotPassword",
        "ForgotPassword",
        "RespondToAuthChallenge",  # with NEW_PASSWORD_REQUIRED, the only one that the twin has
    ),
    Category.USER_READ: ("AdminGetUser",),
    Category.USER_UPDATE: (
        "AdminAddUserToGroup",
        "AdminDeleteUser",
        "AdminDeleteUserAttributes",
        "AdminDisableUser",
        "AdminEnableUser",
        "AdminRemoveUserFromGroup",
        "AdminUpdateUserAttributes",
        "DeleteUser",
        "DeleteUserAttributes",
        "UpdateUserAttributes",
        "VerifyUserAttribute",
    ),
    Category.USER_RESOURCE_READ: ("AdminListGroupsForUser",),
    Category.USER_LIST: ("ListUsers", "ListUsersInGroup"),
    Category.USER_POOL_READ: ("DescribeUserPool", "ListPointInTimeRecoveries"),
    Category.USER_POOL_RESOURCE_READ: ("GetGroup", "ListGroups"),
    Category.USER_POOL_RESOURCE_UPDATE: ("CreateGroup", "DeleteGroup", "UpdateGroup"),
}
CATEGORY_OF: Mapping[str, Category] = {
    operation: category for category, members in _MEMBERS.items() for operation in members
}

BILLED = frozenset(CATEGORY_OF) - {
    "AdminDeleteUser",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminListGroupsForUser",
    "AdminResetUserPassword",
    "DeleteUser",
    *_MEMBERS[Category.USER_LIST],
    *_MEMBERS[Category.USER_POOL_READ],
    *_MEMBERS[Category.USER_POOL_RESOURCE_READ],
    *_MEMBERS[Category.USER_POOL_RESOURCE_UPDATE],
}
"""Operations that make their user a monthly active one."""


class Quotas:
    """Token buckets, one second deep. Pools of one account and Region share an instance."""

    def __init__(self, clock: Clock, rates: Mapping[Category, float] = DEFAULT_RATES) -> None:
        self._clock, self._rates = clock, dict(rates)
        self._buckets: dict[tuple[str, ...], tuple[float, float]] = {}

    def spend(self, operation: str, pool_id: str) -> None:
        """Count one request. TooManyRequestsException: over the rate; nothing is spent."""
        category = CATEGORY_OF[operation]
        wanted: dict[tuple[str, ...], float] = {(category,): self._rates[category]}
        if category in _PER_POOL:
            wanted[operation, pool_id] = _PER_POOL_RATE
        now = self._clock.now().timestamp()
        filled = {bucket: self._filled(bucket, rate, now) for bucket, rate in wanted.items()}
        if any(tokens < 1 - _ROUNDING for tokens in filled.values()):
            raise CognitoError("TooManyRequestsException", category)
        self._buckets |= {bucket: (tokens - 1, now) for bucket, tokens in filled.items()}

    def _filled(self, bucket: tuple[str, ...], rate: float, now: float) -> float:
        tokens, at = self._buckets.get(bucket, (rate, now))
        return min(rate, tokens + max(0.0, now - at) * rate)


@dataclass
class Meter:
    """What a pool was asked. Not part of a snapshot: it only ever grows."""

    calls: Counter[str] = field(default_factory=Counter)
    """By operation, throttled ones included."""
    throttled: Counter[str] = field(default_factory=Counter)
    active: set[tuple[str, str]] = field(default_factory=set)
    """(month as 2026-01, sub): the billed monthly active users."""

    def by_category(self) -> dict[Category, int]:
        """Calls by quota category."""
        sums: Counter[Category] = Counter()
        for operation, count in self.calls.items():
            sums[CATEGORY_OF[operation]] += count
        return dict(sums)

    def billed_users(self, month: str) -> int:
        """Monthly active users of a month (2026-01)."""
        return sum(1 for each, _ in self.active if each == month)
