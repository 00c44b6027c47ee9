"""Cognito's request quotas: reconciliation paces itself by them, and they bound the trigger's load.

Requests a second of an account and Region, all its pools together. Defaults; some can be raised,
and then the configuration says so. Source: developer guide, "Quotas in Amazon Cognito" (2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping

USER_LIST = "UserList"
USER_READ = "UserRead"
USER_CREATION = "UserCreation"
USER_UPDATE = "UserUpdate"
USER_RESOURCE_READ = "UserResourceRead"
USER_RESOURCE_UPDATE = "UserResourceUpdate"
USER_ACCOUNT_RECOVERY = "UserAccountRecovery"
USER_POOL_READ = "UserPoolRead"
USER_POOL_RESOURCE_READ = "UserPoolResourceRead"
USER_POOL_RESOURCE_UPDATE = "UserPoolResourceUpdate"

DEFAULTS: Mapping[str, float] = {
    USER_LIST: 30,
    USER_READ: 120,
    USER_CREATION: 50,
    USER_UPDATE: 25,
    USER_RESOURCE_READ: 50,
    USER_RESOURCE_UPDATE: 25,
    USER_ACCOUNT_RECOVERY: 30,
    USER_POOL_READ: 15,
    USER_POOL_RESOURCE_READ: 20,
    USER_POOL_RESOURCE_UPDATE: 15,
}
PAGE = 60
"""Users of one answer of ListUsers and ListUsersInGroup, at most (API limit)."""


def seconds_for(calls: float, category: str, share: float) -> float:
    """The least time for that many requests at a share (above 0, at most 1) of the quota."""
    return calls / (DEFAULTS[category] * share)
