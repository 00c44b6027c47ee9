"""What a first filling takes: time by Cognito's quotas, and users that are billed as active. Pure.

The active Region is filled first: each of its users becomes a record. Then the standby, where each
record becomes a user. An estimate is a floor in time, because AWS may refuse and people use the
same quotas, and a ceiling in money, because who is active this month anyway costs nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.quotas import (
    PAGE,
    USER_ACCOUNT_RECOVERY,
    USER_CREATION,
    USER_LIST,
    USER_READ,
    USER_RESOURCE_READ,
    USER_UPDATE,
)
from cognito_standby.reconciliation.domain import prices

CALLS_TO_CAPTURE: Mapping[str, int] = {USER_READ: 2, USER_RESOURCE_READ: 2}
"""Requests that one user takes on the way into the table. A test counts them on the twin."""

CALLS_TO_CREATE: Mapping[str, int] = {
    USER_READ: 3,
    USER_CREATION: 1,
    USER_ACCOUNT_RECOVERY: 1,
    USER_RESOURCE_READ: 1,
}
"""Requests that one user takes on the way into the standby pool, without joining groups."""

CALLS_TO_JOIN: Mapping[str, int] = {USER_UPDATE: 1}
"""For each membership."""


@dataclass(frozen=True)
class Filling:
    """What filling one Region takes.

    users        to be written there, at most
    seconds      at the least, from the quotas' share
    bottleneck   the quota category that decides it
    """

    region: str
    role: str
    users: int
    seconds: float
    bottleneck: str
    active_users: int

    @property
    def usd(self) -> dict[str, float]:
        """Plan of the pool -> dollars for monthly active users, once, at most."""
        return prices.active_users_usd(self.active_users)


def to_capture(region: str, users: int, quotas: Mapping[str, float], share: float) -> Filling:
    """Fill the table from the active pool."""
    calls = {name: each * users for name, each in CALLS_TO_CAPTURE.items()}
    return _filling(region, "active", users, users, calls, quotas, share)


def to_create(
    region: str,
    users: int,
    already: int,
    memberships: int,
    quotas: Mapping[str, float],
    share: float,
) -> Filling:
    """Fill the standby pool from the table; `already`: users that it has. `memberships` are those
    of the active pool: the missing users have their share of them."""
    missing = max(0, users - already)
    joins = round(memberships * missing / users) if users else 0
    calls = {name: each * missing for name, each in CALLS_TO_CREATE.items()}
    calls |= {name: each * joins for name, each in CALLS_TO_JOIN.items()}
    return _filling(region, "standby", missing, already, calls, quotas, share)


def _filling(
    region: str,
    role: str,
    users: int,
    listed: int,
    calls: dict[str, int],
    quotas: Mapping[str, float],
    share: float,
) -> Filling:
    """The categories are used side by side, so the slowest decides; the listing comes before."""
    slowest = max(calls, key=lambda name: calls[name] / quotas[name])
    listing = listed / PAGE / (quotas[USER_LIST] * share)
    seconds = listing + calls[slowest] / (quotas[slowest] * share)
    return Filling(region, role, users, seconds, slowest, users)
