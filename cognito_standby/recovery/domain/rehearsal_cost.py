"""What a rehearsal costs, and what its measured times mean for the whole pool. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from cognito_standby.core.domain import quotas
from cognito_standby.reconciliation.domain.prices import active_users_usd

SHARE = 0.5
"""Of each of Cognito's quotas that a rehearsal takes: apps may be in the same account and Region.
As a reconciliation by default."""

USER_AUTHENTICATION = "UserAuthentication"
_RATES: Mapping[str, float] = {**quotas.DEFAULTS, USER_AUTHENTICATION: 120}
"""Sign-ins a second by default (developer guide, "Quotas in Amazon Cognito")."""

RATES: Mapping[str, float] = {name: rate * SHARE for name, rate in _RATES.items()}
"""Requests a second that a rehearsal makes at most."""

CALLS_A_PERSON: Mapping[str, int] = {
    quotas.USER_CREATION: 1,
    quotas.USER_READ: 4,
    quotas.USER_RESOURCE_READ: 3,
    quotas.USER_UPDATE: 2,
    quotas.USER_ACCOUNT_RECOVERY: 2,
    USER_AUTHENTICATION: 1,
}
"""About: made, put into a group or disabled, compared, and signed in. A test holds it to what is
counted."""
_CALLS_A_POOL = 12
"""Looking at the standby, making the pool and its client, looking for left-over ones, removing."""
_RECOVERIES = 2
"""Requests of UserAccountRecovery that a recovery by "forgot password" makes."""


_SOME_USERS = 1000
"""Told of where Cognito has not counted the standby's users yet."""


@dataclass(frozen=True)
class Estimate:
    """What is shown before anybody is asked."""

    people: int
    groups: int
    calls: int
    seconds: float
    """At the least, by the share of the quotas."""
    usd: float
    """Monthly active users, each charged once."""
    plan: str


def estimate(people: int, groups: int, plan: str) -> Estimate:
    """Of a rehearsal with so many people. `plan`: as it is priced."""
    calls = _CALLS_A_POOL + groups + people * sum(CALLS_A_PERSON.values())
    needed = {name: number * people for name, number in CALLS_A_PERSON.items()}
    return Estimate(
        people, groups, calls, round(_least(needed, SHARE), 1), active_users_usd(people)[plan], plan
    )


@dataclass(frozen=True)
class WholePool:
    """What the rehearsal means for everybody. Times in seconds.

    users            by Cognito's estimate; `estimated` is false where it tells none, and these
                     are of so many all the same
    one_at_a_time    as fast as it was measured, one user after the other
    floor            by the whole of the quotas; restoring is no faster, however many work at once
    at_once          how many have to work at once to come as fast as the floor
    recoveries       until everybody has recovered by "forgot password", at the least
    """

    users: int
    one_at_a_time: float
    floor: float
    at_once: int
    recoveries: float
    estimated: bool = True


def whole_pool(users: int, people: int, seconds: float, calls: Mapping[str, int]) -> WholePool:
    """Of `people` who were made and confirmed in so many seconds with these calls, by category."""
    estimated, users = users > 0, users or _SOME_USERS
    each = seconds / people
    floor = _least({name: number / people for name, number in calls.items()}, 1.0)
    recoveries = quotas.seconds_for(_RECOVERIES * users, quotas.USER_ACCOUNT_RECOVERY, 1.0)
    return WholePool(
        users,
        round(each * users, 1),
        round(floor * users, 1),
        max(1, ceil(each / floor)) if floor else 1,
        round(recoveries, 1),
        estimated,
    )


def _least(calls: Mapping[str, float], share: float) -> float:
    """Seconds by the scarcest of the quotas."""
    asked = (number / (_RATES[name] * share) for name, number in calls.items() if name in _RATES)
    return max(asked, default=0.0)
