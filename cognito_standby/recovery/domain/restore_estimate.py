"""What restoring users into a pool takes, by strategy: requests, minutes, jobs, dollars. Pure.

Minutes are a floor: what Cognito's quotas leave at a given share, or what import jobs were seen to
manage at the most. Dollars are list prices, and a ceiling: who is active this month anyway costs
nothing more. Nothing here was measured on AWS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import assert_never

from cognito_standby.core.domain.quotas import (
    USER_ACCOUNT_RECOVERY,
    USER_CREATION,
    USER_READ,
    USER_RESOURCE_READ,
    USER_UPDATE,
)
from cognito_standby.reconciliation.domain import prices
from cognito_standby.recovery.domain.import_csv import MAX_BYTES, MAX_ROWS

CALLS_TO_CREATE: Mapping[str, int] = {
    USER_READ: 3,
    USER_CREATION: 1,
    USER_ACCOUNT_RECOVERY: 1,
    USER_RESOURCE_READ: 1,
}
"""Requests that making one user by admin calls takes, without groups. `seeding` has the same, and a
test counts them on the twin of the pool."""
CALLS_TO_NAME: Mapping[str, int] = {USER_READ: 2}
"""Before an import job: the name and the address are free."""
CALLS_TO_CONFIRM: Mapping[str, int] = {USER_READ: 2, USER_RESOURCE_READ: 1}
"""After an import job, of somebody to whom nothing is to be added."""
CALLS_TO_COMPLETE: Mapping[str, int] = {USER_READ: 5, USER_RESOURCE_READ: 3}
"""The same of somebody who joins groups (`replication/services/pace.py`)."""
CALLS_TO_COME: Mapping[str, int] = {USER_ACCOUNT_RECOVERY: 2}
"""Of a person who comes by "forgot password": the code is asked for and confirmed."""
CALLS_TO_JOIN = USER_UPDATE
"""One request for each membership."""

IMPORTED_A_SECOND = 34.0
"""Users that import jobs manage at the most, as others saw: AWS's guide to its export reports 30
(docs/aws-facts.md). Cognito documents no pace."""
ROW_BYTES = 300
"""About a row of Cognito's import file: a username, an address, the origin sub, and commas."""
STATES_A_SYNC = 4
"""State transitions of `sync_user` for a replay that waits for its turn."""
WRITE_UNITS_A_CREATION, READ_UNITS_A_CREATION = 16.0, 13.0
"""DynamoDB's, of the ledger's rows, its reverse map and their indexes, and of the records; as a
test of the bench counts them."""


class Strategy(StrEnum):
    """How users get into the pool."""

    ADMIN = "admin calls"
    """Paced calls of the Admin API's kind, one user after the other."""
    IMPORT = "import jobs"
    """Cognito's CSV import, and a completion of each user afterwards."""
    ON_DEMAND = "on demand"
    """Nobody is made before they come."""


@dataclass(frozen=True)
class Crowd:
    """Who is to be restored. `memberships`: in groups, of all of them together."""

    users: int
    memberships: int = 0


@dataclass(frozen=True)
class Cost:
    """What one strategy takes.

    requests      of Cognito, by quota category
    minutes       until everybody is complete, at the given share of the given quotas
    floor         the same at the whole of the quotas
    bottleneck    the category that decides, or "import jobs"
    jobs          import jobs, one after the other
    active_users  billed as monthly active, at most
    usd           of DynamoDB and Step Functions, without Lambda
    """

    strategy: Strategy
    requests: Mapping[str, int]
    minutes: float
    floor: float
    bottleneck: str
    jobs: int
    active_users: int
    usd: float

    @property
    def users_usd(self) -> dict[str, float]:
        """Plan of the pool -> dollars for monthly active users, once, at most."""
        return prices.active_users_usd(self.active_users)

    def told(self) -> list[tuple[str, float, str]]:
        """Each figure with its unit, for people and for JSON."""
        figures: list[tuple[str, float, str]] = [
            (f"requests, {name}", number, "requests")
            for name, number in sorted(self.requests.items())
        ]
        figures += [
            (f"time, decided by {self.bottleneck}", round(self.minutes, 1), "minutes"),
            ("time at the whole of the quotas", round(self.floor, 1), "minutes"),
            ("import jobs", self.jobs, "jobs"),
            ("monthly active users, at most", self.active_users, "users"),
            ("DynamoDB and Step Functions", round(self.usd, 2), "USD"),
        ]
        return figures + [
            (f"monthly active users on {plan}", usd, "USD") for plan, usd in self.users_usd.items()
        ]


def estimates(crowd: Crowd, quotas: Mapping[str, float], share: float) -> dict[Strategy, Cost]:
    """Every strategy. `share` of `quotas` (requests a second) is above 0 and at most 1."""
    return {strategy: estimate(strategy, crowd, quotas, share) for strategy in Strategy}


def estimate(strategy: Strategy, crowd: Crowd, quotas: Mapping[str, float], share: float) -> Cost:
    """One strategy. ValueError: the share is none."""
    if not 0 < share <= 1:
        raise ValueError("a share is above 0 and at most 1")
    match strategy:
        case Strategy.ADMIN:
            return _by_calls(crowd, quotas, share)
        case Strategy.IMPORT:
            return _by_jobs(crowd, quotas, share)
        case Strategy.ON_DEMAND:
            return _on_demand()
        case _ as never:
            assert_never(never)


def jobs_of(users: int, row_bytes: int = ROW_BYTES) -> int:
    """Import jobs for so many users: 500,000 rows and 100 MB each (docs/aws-facts.md)."""
    rows = min(MAX_ROWS, MAX_BYTES // row_bytes)
    return ceil(users / rows)


def _by_calls(crowd: Crowd, quotas: Mapping[str, float], share: float) -> Cost:
    requests = _times(CALLS_TO_CREATE, crowd.users) + _joins(crowd)
    slowest, seconds = _slowest(requests, quotas)
    return Cost(
        Strategy.ADMIN,
        dict(requests),
        minutes=seconds / share / 60,
        floor=seconds / 60,
        bottleneck=slowest,
        jobs=0,
        active_users=crowd.users,
        usd=_units_usd(crowd.users),
    )


def _by_jobs(crowd: Crowd, quotas: Mapping[str, float], share: float) -> Cost:
    """Jobs and completions go side by side, but for the last job, whose completions come after it:
    taken as beginning with the first, so that this is a floor."""
    joining = min(crowd.users, crowd.memberships)
    requests = _times(CALLS_TO_NAME, crowd.users) + _joins(crowd)
    requests += _times(CALLS_TO_COMPLETE, joining)
    requests += _times(CALLS_TO_CONFIRM, crowd.users - joining)
    slowest, seconds = _slowest(requests, quotas)
    imported = crowd.users / IMPORTED_A_SECOND
    jobs_decide = imported > seconds / share
    return Cost(
        Strategy.IMPORT,
        dict(requests),
        minutes=max(imported, seconds / share) / 60,
        floor=max(imported, seconds) / 60,
        bottleneck="import jobs" if jobs_decide else slowest,
        jobs=jobs_of(crowd.users),
        # The job bills nobody, but the looks of the completions do.
        active_users=crowd.users,
        usd=_units_usd(crowd.users) + crowd.users * STATES_A_SYNC * prices.STATE_TRANSITION,
    )


def minutes_of_jobs(
    made: Crowd, imported: Crowd, quotas: Mapping[str, float], share: float
) -> float:
    """A restore by import jobs, one step after the other, as it does them: each is named, at the
    whole of the quota; the jobs; and calls that complete them and make the others, at the share."""
    naming = _slowest(_times(CALLS_TO_NAME, imported.users), quotas)[1]
    joining = min(imported.users, imported.memberships)
    calls = _times(CALLS_TO_COMPLETE, joining) + _joins(made)
    calls += _times(CALLS_TO_CONFIRM, imported.users - joining)
    calls += _times(CALLS_TO_CREATE, made.users - imported.users)
    return (naming + imported.users / IMPORTED_A_SECOND + _slowest(calls, quotas)[1] / share) / 60


def _on_demand() -> Cost:
    """Nothing until somebody comes; then at the pace at which people may come."""
    return Cost(
        Strategy.ON_DEMAND,
        requests={},
        minutes=0.0,
        floor=0.0,
        bottleneck="nothing",
        jobs=0,
        active_users=0,
        usd=0.0,
    )


def minutes_if_all_come(users: int, quotas: Mapping[str, float]) -> float:
    """How long it takes until everybody has come by "forgot password", whatever the strategy."""
    return _slowest(_times(CALLS_TO_COME, users), quotas)[1] / 60


def _times(calls: Mapping[str, int], users: int) -> Counter[str]:
    return +Counter({name: number * users for name, number in calls.items()})


def _joins(crowd: Crowd) -> Counter[str]:
    return +Counter({CALLS_TO_JOIN: crowd.memberships})


def _slowest(requests: Mapping[str, int], quotas: Mapping[str, float]) -> tuple[str, float]:
    """The category that takes longest, and its seconds at the whole of its quota."""
    if not requests:
        return "nothing", 0.0
    seconds = {name: number / quotas[name] for name, number in requests.items()}
    name = max(seconds, key=lambda one: seconds[one])
    return name, seconds[name]


def _units_usd(users: int) -> float:
    writes = WRITE_UNITS_A_CREATION * prices.WRITE_UNIT
    return users * (writes + READ_UNITS_A_CREATION * prices.READ_UNIT)
