"""What an installation costs a month, from a few figures about the pool. Pure.

The units are what the benches and the templates count: tests hold the constants here to both. What
nobody has measured yet is named as an assumption, and is shown with its share of the sum. Prices
are in one place (`reconciliation/domain/prices.py`), unless others are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from cognito_standby.operator.domain.price_list import BUILT_IN, Prices
from cognito_standby.reconciliation.domain import prices

DAYS = 30
REGIONS = 2


class Source(StrEnum):
    """How a line's number is known."""

    COUNTED = "counted"
    """By a bench or in the templates: so many for each change, run or Region."""
    ASSUMED = "assumed"
    """Nobody has measured it, such as how many different people the changes of a month meet."""
    MEASURED = "measured"
    """By the last reconciliations."""


# One change, both Regions together: captured in one, replayed in the other (tests/bench/calls.py;
# an attribute's change, the commonest).
TRANSITIONS_A_CHANGE = 6
INVOCATIONS_A_CHANGE = 4
CALLS_A_CHANGE = 34
READS_A_CHANGE, WRITES_A_CHANGE = 13, 10
"""Requests to DynamoDB; the record is written once more by replication."""
REPLICATED_WRITES_A_CHANGE = 1

# One reconciliation of one Region (tests/bench/reconcile): what it takes at all, and for each user.
RUN_TRANSITIONS, RUN_EXPRESS, RUN_PUTS, RUN_GETS = 61, 48, 410, 1245
RUN_READ_UNITS, READ_UNITS_A_USER = 250, 0.062
RUN_GB_SECONDS, GB_SECONDS_A_USER, GB_SECONDS_A_MEMBERSHIP = 166, 0.009, 0.007
"""At the whole quota of listing; at a share of it the functions wait longer, in proportion."""

# What stands in each Region, used or not (a test counts them in the templates).
ALARM_METRICS, DASHBOARDS, KEYS, SECRETS = 119, 1, 1, 1
"""An alarm is billed by the metrics that it looks at."""

SECONDS_A_CALL = 0.02
"""Assumed: one call to AWS, its waiting included, as a function is billed for it."""
STORED_BYTES_A_USER = 4_000
"""Assumed: records of both Regions, entries of the index and the ledger's row, in one Region."""
RECORD_UNITS = 2
"""Assumed: write units of one record, of up to 2 KB."""
LOG_BYTES_AN_INVOCATION = 2_000
"""Assumed: our lines and Lambda's own three."""
METRICS_A_REGION = 25
"""Assumed: custom metrics with data, of some 60 that there are, most of which stay away while
nothing fails."""
SIGN_IN_INVOCATIONS, SIGN_IN_SECONDS, TRIGGER_GB = 2, 0.05, 1.0
"""Assumed: PreAuthentication and PreTokenGeneration, warm, of 1,024 MB."""


MOST = 10**12
"""Of any figure: what is more is a slip of the finger."""


class UsageError(ValueError):
    """A figure that no pool can have; the text says which."""


@dataclass(frozen=True)
class Use:
    """users              of the pool
    changes_a_day      sign-ups included
    runs_a_day         reconciliations of each Region
    memberships        of users in groups, together
    sign_ins_a_day     renewed sessions included; the fence and the claim are asked at each
    plan               of the standby's pool
    share              of Cognito's listing quota that a reconciliation may use
    """

    users: int
    changes_a_day: float
    runs_a_day: float = 1.0
    memberships: int = 0
    sign_ins_a_day: float = 0.0
    plan: str = "Essentials"
    share: float = 0.5

    def __post_init__(self) -> None:
        """UsageError."""
        if self.plan not in prices.ACTIVE_USER:
            raise UsageError(f"plan {self.plan!r} is none of {', '.join(prices.ACTIVE_USER)}")
        for name in ("changes_a_day", "runs_a_day", "sign_ins_a_day", "share"):
            if not isfinite(getattr(self, name)):
                raise UsageError(f"{name.replace('_', ' ')}: {getattr(self, name)} is no number")
        if not 0 < self.share <= 1:
            raise UsageError("the share of the quota is above 0 and at most 1")
        for name in ("users", "changes_a_day", "runs_a_day", "memberships", "sign_ins_a_day"):
            if getattr(self, name) < 0:
                raise UsageError(f"{name.replace('_', ' ')} cannot be below 0")
            if getattr(self, name) > MOST:
                raise UsageError(f"{name.replace('_', ' ')}: no pool has more than {MOST:,}")


@dataclass(frozen=True)
class Line:
    """One thing that AWS bills in a month.

    number  how many `unit`s
    """

    part: str
    item: str
    number: float
    unit: str
    usd: float
    source: Source = Source.COUNTED


@dataclass(frozen=True)
class Estimate:
    """lines, and of how many users the standby's pool bills a month because they changed there"""

    lines: tuple[Line, ...]
    active_in_standby: float

    @property
    def usd(self) -> float:
        """A month, both Regions."""
        return sum(line.usd for line in self.lines)

    def of(self, part: str) -> float:
        """One part's dollars."""
        return sum(line.usd for line in self.lines if line.part == part)


CHANGES, RECONCILIATION, STANDING, SIGN_INS = (
    "changes",
    "reconciliation",
    "standing",
    "sign-ins",
)
ACTIVE_USERS = "active users of the standby"
PARTS = (STANDING, CHANGES, RECONCILIATION, SIGN_INS, ACTIVE_USERS)


def estimate(
    use: Use, measured_run_usd: Mapping[str, float] | None = None, by: Prices = BUILT_IN
) -> Estimate:
    """A month of an installation, by these prices.

    `measured_run_usd`: Region -> what its last reconciliation cost by its own report, which takes
    the place of the model there.
    """
    changes = use.changes_a_day * DAYS
    active = _distinct(use.users, changes)
    active_usd = active * by.active_user(use.plan)
    lines = (
        *_standing(use.users, by),
        *_changes(changes, by),
        *_reconciliation(use, measured_run_usd or {}, by),
        *_sign_ins(use.sign_ins_a_day * DAYS, by),
        Line(
            *(ACTIVE_USERS, f"replayed users, {use.plan}", active, "users", active_usd),
            Source.ASSUMED,  # that changes meet anybody alike
        ),
    )
    return Estimate(lines, active)


def native_usd(users_active: float, by: Prices = BUILT_IN) -> float:
    """Cognito's own replication of a pool with so many monthly active users."""
    return users_active * by.replicated_active_user


def _distinct(users: int, changes: float) -> float:
    """How many different users so many changes meet, if each change meets anybody alike; fewer
    where the same people change again and again."""
    if users <= 0:
        return 0.0
    return float(users * (1 - (1 - 1 / users) ** changes))


def _standing(users: int, by: Prices) -> Sequence[Line]:
    stored, kept = (
        users * STORED_BYTES_A_USER / prices.GIGABYTE,
        by.stored_gigabyte + by.recoverable_gigabyte,
    )
    each = (
        ("alarms", ALARM_METRICS, "metrics", by.alarm_metric, Source.COUNTED),
        ("dashboard", DASHBOARDS, "dashboards", by.dashboard, Source.COUNTED),
        ("keys", KEYS, "keys", by.key, Source.COUNTED),
        ("secret of the names", SECRETS, "secrets", by.secret, Source.COUNTED),
        ("custom metrics", METRICS_A_REGION, "metrics", by.custom_metric, Source.ASSUMED),
        ("tables and their recovery", stored, "GB", kept, Source.ASSUMED),
    )
    return [
        Line(STANDING, item, number * REGIONS, unit, number * REGIONS * price, source)
        for item, number, unit, price, source in each
    ]


def _changes(changes: float, by: Prices) -> Sequence[Line]:
    gigabyte_seconds = changes * CALLS_A_CHANGE * SECONDS_A_CALL * 0.5
    logs = changes * INVOCATIONS_A_CHANGE * LOG_BYTES_AN_INVOCATION / prices.GIGABYTE
    own_writes = WRITES_A_CHANGE - REPLICATED_WRITES_A_CHANGE
    writes = changes * (own_writes + REPLICATED_WRITES_A_CHANGE * RECORD_UNITS * REGIONS)
    counted, assumed = Source.COUNTED, Source.ASSUMED
    each = (
        ("state transitions", changes * TRANSITIONS_A_CHANGE, "", by.state_transition, counted),
        ("Lambda requests", changes * INVOCATIONS_A_CHANGE, "", by.lambda_request, counted),
        ("Lambda", gigabyte_seconds, "GB-seconds", by.lambda_gb_second, assumed),
        ("DynamoDB reads", changes * READS_A_CHANGE, "units", by.read_unit, counted),
        ("DynamoDB writes", writes, "units", by.write_unit, assumed),
        ("events and pipes", changes * REGIONS, "", by.custom_event, counted),
        ("logs", logs, "GB", by.log_gigabyte, assumed),
    )
    return [
        Line(CHANGES, item, number, unit, number * price, source)
        for item, number, unit, price, source in each
    ]


def _reconciliation(use: Use, measured: Mapping[str, float], by: Prices) -> Sequence[Line]:
    runs = use.runs_a_day * DAYS
    found = [
        Line(RECONCILIATION, f"runs of {region}", runs, "runs", runs * usd, Source.MEASURED)
        for region, usd in sorted(measured.items())
    ]
    modelled = max(0, REGIONS - len(found))
    if modelled:
        usd = runs * modelled * run_usd(use.users, use.memberships, use.share, by)
        found.append(Line(RECONCILIATION, "runs", runs * modelled, "runs", usd))
    return found


def run_usd(users: int, memberships: int, share: float, by: Prices = BUILT_IN) -> float:
    """One reconciliation of one Region in which nothing differs."""
    listed = GB_SECONDS_A_USER * users + GB_SECONDS_A_MEMBERSHIP * memberships
    seconds = (RUN_GB_SECONDS + listed) / share
    return (
        RUN_TRANSITIONS * by.state_transition
        + RUN_EXPRESS * (by.express_request + by.lambda_request)
        + seconds * (by.lambda_gb_second + by.express_gb_second / 16)
        + (RUN_READ_UNITS + READ_UNITS_A_USER * users) * by.read_unit
        + RUN_PUTS * by.s3_put
        + RUN_GETS * by.s3_get
    )


def _sign_ins(sign_ins: float, by: Prices) -> Sequence[Line]:
    if not sign_ins:
        return []
    invoked = sign_ins * SIGN_IN_INVOCATIONS
    seconds = invoked * SIGN_IN_SECONDS * TRIGGER_GB
    logs = invoked * LOG_BYTES_AN_INVOCATION / prices.GIGABYTE
    return [
        Line(
            *(SIGN_INS, "Lambda requests", invoked, "", invoked * by.lambda_request),
            Source.ASSUMED,
        ),
        Line(
            *(SIGN_INS, "Lambda", seconds, "GB-seconds", seconds * by.lambda_gb_second),
            Source.ASSUMED,
        ),
        Line(SIGN_INS, "DynamoDB reads", sign_ins, "units", sign_ins * by.read_unit),
        Line(SIGN_INS, "logs", logs, "GB", logs * by.log_gigabyte, Source.ASSUMED),
    ]
