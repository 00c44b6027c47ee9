"""What the runs took, beside the quota's floor and AWS's own export, in units and dollars."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.quotas import DEFAULTS, PAGE, USER_LIST, seconds_for
from cognito_standby.reconciliation.domain import prices
from tests.bench.reconcile.assumptions import FUNCTION_MB
from tests.bench.reconcile.export_model import MEASURED_MINUTES, ExportFigures
from tests.bench.reconcile.machine import RunFigures
from tests.bench.reconcile.population import Population

DAYS = 30
_EXPRESS_GB = 0.0625
"""Step Functions bills an Express execution's memory in steps of 64 MB."""


def floor_seconds(people: Population, share: float = 1.0) -> float:
    """Time that the listings' quota alone takes at a share: full pages, nothing refused."""
    pages = -(-people.users // PAGE)
    pages += sum(-(-len(people.members(name)) // PAGE) for name in people.group_names())
    return seconds_for(pages, USER_LIST, share)


def pages_of(people: Population) -> int:
    """Least number of listing calls."""
    return round(floor_seconds(people) * DEFAULTS[USER_LIST])


def short(users: int) -> str:
    """10k, 5M."""
    return f"{users // 1_000_000}M" if users >= 1_000_000 else f"{users // 1000}k"


@dataclass(frozen=True)
class Line:
    """One thing that AWS bills, of one run."""

    item: str
    number: float
    usd: float


def bill(run: RunFigures) -> list[Line]:
    """What one run costs in one Region."""
    calls, counts = run.counts.calls, run.counts
    waited = sum(phase.function_seconds for phase in run.phases.values())
    children = sum(phase.children for phase in run.phases.values())
    of_express = sum(run.phases[name].function_seconds for name in ("list", "compare"))
    amounts = (
        ("state transitions", run.transitions, prices.STATE_TRANSITION),
        ("Express executions", run.express, prices.EXPRESS_REQUEST),
        ("Express GB-seconds", of_express * _EXPRESS_GB, prices.EXPRESS_GB_SECOND),
        ("Lambda requests", children, prices.LAMBDA_REQUEST),
        ("Lambda GB-seconds", waited * FUNCTION_MB / 1024, prices.LAMBDA_GB_SECOND),
        ("DynamoDB read units", counts.read_units, prices.READ_UNIT),
        ("DynamoDB write units", counts.write_units, prices.WRITE_UNIT),
        ("S3 writes and lists", calls["PutObject"] + calls["ListObjectsV2"], prices.S3_PUT),
        ("S3 reads", calls["GetObject"], prices.S3_GET),
    )
    return [Line(item, number, number * price) for item, number, price in amounts]


@dataclass(frozen=True)
class Case:
    """One pool: our run at the full and at the default share, and AWS's own export of it."""

    people: Population
    full: RunFigures
    default: RunFigures | None
    export: ExportFigures | None

    @property
    def name(self) -> str:
        """Size, and `+g` where everybody is in one of the groups."""
        return short(self.people.users) + ("+g" if self.people.groups else "")

    @property
    def floor(self) -> float:
        """Seconds at the full quota."""
        return floor_seconds(self.people)

    @property
    def over_floor(self) -> float:
        """Our time at full share as a multiple of the floor."""
        return self.full.seconds / self.floor

    @property
    def measured_minutes(self) -> float | None:
        """What AWS's guide measured for its export of such a pool."""
        return MEASURED_MINUTES.get((self.people.users, 1 if self.people.groups else 0))

    @property
    def monthly_usd(self) -> float:
        """A daily run at full share, in one Region."""
        return DAYS * sum(line.usd for line in bill(self.full))


def own_microseconds(run: RunFigures, phase: str) -> float:
    """Measured processor time of our code alone, per user, on one core of this machine."""
    return run.phases[phase].own_seconds / max(1, run.judgement.tally.users) * 1e6
