"""The report of one reconciliation: what was compared, what was wrong, what became of it.

Its JSON form has the same names (`docs/drift-report.schema.json`). Ids in it are hashed as in the
logs, unless the operator asked for clear ones; there is never an attribute's value in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.reconciliation.domain.configuration_drift import ConfigurationDrift
from cognito_standby.reconciliation.domain.readiness import Readiness

SCHEMA_VERSION = 1
"""A reader takes its own version and older ones, and says so about a newer one."""

REPEATING = 3
"""In so many runs in a row the same drift is no accident any more."""


class Verdict(StrEnum):
    """What is said about a run first."""

    IN_SYNC = "in sync"
    REPAIRED = "all drift repaired"
    FOUND = "drift found, nothing changed"
    LEFT = "drift left"
    REJECTED = "stopped by the brake"
    INCOMPLETE = "not everything was compared"


CLEAN = (Verdict.IN_SYNC, Verdict.REPAIRED, Verdict.FOUND)
"""After these nobody has to do anything; what a dry run finds, the next real one repairs."""


class FindingOutcome(StrEnum):
    """What became of a suspect."""

    REPAIRED = "repaired"
    FALSE_ALARM = "false alarm"
    HANDED_OVER = "handed over"
    LEFT = "left"
    PURGED = "purged"
    STRIPPED = "stripped"
    NOT_TRIED = "not tried"


DONE = (FindingOutcome.REPAIRED, FindingOutcome.PURGED, FindingOutcome.STRIPPED)
UNFINISHED = (FindingOutcome.LEFT, FindingOutcome.NOT_TRIED)
"""What a run did, and what it found and is still to be done."""


class Answer(StrEnum):
    """What came of the brake's question."""

    NOT_ASKED = "not asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True)
class RunFacts:
    """Which run this was."""

    id: str
    execution: str
    region: str
    user_pool_id: str
    role: str
    mode: str
    seeding: bool
    shards: int
    """How many of the 256 shards were compared."""
    started_at: str
    ended_at: str
    seconds: float
    ids_shown: bool
    """An operator asked for clear ids."""


@dataclass(frozen=True)
class Totals:
    """How much was compared."""

    users: int = 0
    records: int = 0
    ledger_rows: int = 0
    groups: int = 0
    memberships: int = 0
    in_sync: int = 0
    drift: int = 0
    housekeeping: int = 0
    destructive: int = 0
    """Subjects that a repair was about to delete, disable or empty."""
    awaited: int = 0
    """People whom a pool that is filled on demand lacks rightly: made when they first come."""


@dataclass(frozen=True)
class Finding:
    """Drift of one kind with one cause, or housekeeping that was due."""

    kind: str
    cause: str
    found: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    """Outcome -> subjects."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Why subjects were left or handed over -> subjects."""
    in_a_row: int = 1
    """Runs in a row that found it, this one included, although the one before had repaired it."""
    repeats_because: str = ""
    """Where the bug is to be looked for, once it repeats."""
    examples: tuple[str, ...] = ()
    housekeeping: bool = False


def added_up(findings: Iterable[Finding], *outcomes: FindingOutcome) -> int:
    """Subjects of some findings with one of these outcomes."""
    return sum(each.outcomes.get(outcome, 0) for each in findings for outcome in outcomes)


@dataclass(frozen=True)
class Brake:
    """Why the brake asked, and the answer."""

    reasons: tuple[str, ...] = ()
    answer: Answer = Answer.NOT_ASKED


@dataclass(frozen=True)
class Problem:
    """Something besides drift that was not as it should be. The rest was reconciled."""

    kind: str
    number: int
    detail: str = ""


@dataclass(frozen=True)
class TrendPoint:
    """One run of this Region, for the trend; the last one is this run."""

    run: str
    started_at: str
    users: int
    drift: int
    left: int
    seconds: float
    whole: bool = True
    """All shards, no seeding: only such runs are compared with each other."""


@dataclass(frozen=True)
class QuotaUse:
    """The use of one quota category of Cognito."""

    category: str
    calls: int
    throttled: int
    rate: float
    """Requests a second, on average over the time in which there were any."""
    quota: float
    """Requests a second that AWS allows by default; 0: not known."""
    share: float
    """The part of the quota that the configuration allows a run."""


@dataclass(frozen=True)
class Phase:
    """One phase of the run; 0 seconds where it is not known."""

    name: str
    seconds: float
    workers: int


@dataclass(frozen=True)
class CostLine:
    """One thing that AWS bills."""

    item: str
    number: float
    usd: float


@dataclass(frozen=True)
class Cost:
    """An estimate from the run's own files, by list prices."""

    lines: tuple[CostLine, ...] = ()
    usd: float = 0.0
    """Without monthly active users."""
    active_users: int = 0
    """Monthly active users that this run made at most: those who were visited. Who was active
    this month anyway costs nothing more."""
    active_users_usd: Mapping[str, float] = field(default_factory=dict)
    """Plan of the pool -> dollars."""
    prices_date: str = ""
    prices_source: str = ""


@dataclass(frozen=True)
class DriftReport:
    """One reconciliation of one Region's pool."""

    run: RunFacts
    verdict: Verdict
    summary: str
    """The verdict in one sentence."""
    totals: Totals
    findings: tuple[Finding, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Reason -> subjects that are rightly not replicated."""
    brake: Brake = field(default_factory=Brake)
    problems: tuple[Problem, ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    quotas: tuple[QuotaUse, ...] = ()
    phases: tuple[Phase, ...] = ()
    cost: Cost = field(default_factory=Cost)
    readiness: Readiness | None = None
    """Who gets into this pool without a password, as listed; None: not counted."""
    after_failover: tuple[str, ...] = ()
    """Of the backup Region: what the policy `after_failover` means, and what of the pool's settings
    contradicts it, in sentences."""
    configuration: ConfigurationDrift | None = None
    """How the two pools are set up otherwise; None: a former release did not compare them."""
    schema_version: int = SCHEMA_VERSION

    @property
    def drift(self) -> tuple[Finding, ...]:
        """What was wrong."""
        return tuple(each for each in self.findings if not each.housekeeping)

    @property
    def repeating(self) -> tuple[Finding, ...]:
        """Drift that comes back run after run."""
        return tuple(each for each in self.drift if each.in_a_row >= REPEATING)

    def outcome(self, *outcomes: FindingOutcome) -> int:
        """Subjects with one of these outcomes."""
        return added_up(self.findings, *outcomes)
