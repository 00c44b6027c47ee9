"""`standby readiness`: what the last runs counted, and whom they named, from the runs' files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.readiness import ACTIVE, STANDBY, RegionReadiness
from cognito_standby.operator.services.context import OperatorContext, Unreachable, told
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.reconciliation.domain.drift_report import (
    UNFINISHED,
    DriftReport,
    FindingOutcome,
)
from cognito_standby.reconciliation.domain.readiness import Helpless
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.services.reports import newest
from cognito_standby.reconciliation.services.run_store import RunStore

_TRIED = 30
"""Reports that are looked through for one of all shards that counted."""

EVERY_SHARD = tuple(f"{number:02x}" for number in range(SHARDS))

NO_RUN = "no run has counted it yet: standby reconcile --dry-run --wait"


@dataclass(frozen=True)
class Named:
    """One who would not get in."""

    region: str
    key: str
    local_sub: str
    reason: str


@dataclass(frozen=True)
class NamedField:
    """One field that a Region's pool does not hold of a subject."""

    region: str
    key: str
    field: str
    reason: str


@dataclass(frozen=True)
class Source:
    """A Region's answer, and where its names are."""

    view: RegionReadiness
    store: RunStore | None = None


def source_of(context: OperatorContext | Unreachable, no_runs: str) -> Source:
    """A Region's last run that counted. A listing of the bucket, and a read for each report."""
    region = context.region
    if isinstance(context, Unreachable):
        return Source(RegionReadiness(region, context.reason, dark=True))
    if context.runs is None:
        return Source(RegionReadiness(region, no_runs))
    try:
        found = _counted(context.runs)
    except StandbyError as error:
        return Source(RegionReadiness(region, told(error)))
    return replace(found, view=replace(found.view, now=_role_now(context)))


def _role_now(context: OperatorContext) -> str:
    try:
        highest = context.records.read_claims().highest()
    except StandbyError:
        return ""
    return ACTIVE if highest.region == context.region else STANDBY


def _counted(runs: RunContext) -> Source:
    for kept in newest(runs.files, _TRIED):
        report = kept.report
        if report is None or report.readiness is None or report.run.shards != SHARDS:
            continue
        store = RunStore(runs.files, report.run.id)
        age = (runs.clock.now() - datetime.fromisoformat(report.run.ended_at)).total_seconds()
        view = RegionReadiness(
            runs.region,
            run=report.run.id,
            role=report.run.role,
            age=max(0.0, age),
            left=_left(report),
            kept=store.is_opened(),
            ready=report.readiness,
            after_failover=report.after_failover,
        )
        return Source(view, store)
    return Source(RegionReadiness(runs.region, NO_RUN))


def _left(report: DriftReport) -> int:
    """Of a dry run everything that it found is still to be done."""
    drift = report.drift
    undone = (*UNFINISHED, FindingOutcome.HANDED_OVER)
    return sum(each.outcomes.get(outcome, 0) for each in drift for outcome in undone)


def people(sources: Sequence[Source]) -> Iterator[Named]:
    """Who would not get in, a shard at a time. InvalidRecordError: a file is broken."""
    for shard in EVERY_SHARD:
        for source in sources:
            for each in counting(source, sources, shard):
                yield Named(source.view.region, each.key, each.local_sub, each.reason)


def counting(source: Source, sources: Sequence[Source], shard: str) -> Iterator[Helpless]:
    """Whom a Region names of a shard, and who count: in the active one those whom the other Region
    lacks, and its run does not name as having come there."""
    if source.view.role == ACTIVE:
        return (each for each, twice in unrecorded(source, sources, shard) if not twice)
    return iter(named_in(source, shard))


def unrecorded(
    active: Source, sources: Sequence[Source], shard: str
) -> Iterator[tuple[Helpless, bool]]:
    """Whom the active Region names of a shard without a record; whether the standby's run names
    them, too."""
    elsewhere: set[str] | None = None
    for each in named_in(active, shard):
        if elsewhere is None:
            standing_by = [other for other in sources if other.view.role == STANDBY]
            elsewhere = {one.key for other in standing_by for one in named_in(other, shard)}
        if not each.recorded:
            yield each, bool(each.key) and each.key in elsewhere


def named_in(source: Source, shard: str) -> Iterable[Helpless]:
    """Whom a Region's files of a shard name; nobody where they have expired."""
    if source.store is None or not source.view.kept:
        return ()
    return source.store.helpless(shard)


def fields(sources: Sequence[Source]) -> Iterator[NamedField]:
    """What the pools do not hold, a shard at a time. InvalidRecordError: a file is broken."""
    for shard in EVERY_SHARD:
        for source in sources:
            view, store = source.view, source.store
            for each in store.not_held(shard) if store is not None and view.kept else ():
                yield NamedField(view.region, each.key, each.field, each.reason)
