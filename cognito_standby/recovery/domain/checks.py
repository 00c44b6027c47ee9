"""What is looked at before a failover, check by check, from what a Region shows. Pure.

A check that failed stops a failover unless an operator accepts it by name; one that could not be
made stops it as well where it is about the Region that takes over. What is not known of the other
Region informs: in a plan that Region's own machine waits for the same, and in an outage it cannot
be asked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cognito_standby.core.domain.table_replication import TableReplication
from cognito_standby.operator.domain.health import RegionView, counted
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.recovery.domain.requests import FailoverMode

LAG_LIMIT_MS = 60_000.0
"""Replication lag (p99 of the last hour) above which a check fails: the default RPO objective."""
REPORT_AGE_SECONDS = 2 * 86_400.0
"""A reconciliation runs daily; of two days ago it says little."""


class Outcome(StrEnum):
    """Of a check."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Check:
    """One check. `region`: about which; `stops`: whether it may stop a failover at all."""

    name: str
    region: str
    outcome: Outcome
    told: str
    stops: bool = True

    @property
    def in_the_way(self) -> bool:
        """Whether it stops a failover that nobody accepted it for."""
        return self.stops and self.outcome is not Outcome.PASSED


@dataclass(frozen=True)
class World:
    """What the operator's status does not show of a Region. None: it could not be found out.

    table_confirmed  the records table is the one that the Region confirmed
    table_recovery   point-in-time recovery of the table is on
    pool_recoveries  ids of point-in-time recoveries of the pool that are under way, or after which
                     nothing has been reconciled
    two_accounts     the tables are of two accounts, each of which can end their replication
    replication      whether they replicate
    """

    table_confirmed: bool | None = None
    table_recovery: bool | None = None
    pool_recoveries: Sequence[str] | None = None
    two_accounts: bool = False
    replication: TableReplication | None = None


NAMES = (
    *("source", "lag", "letters", "parked", "running", "attention", "report", "brake"),
    *("pool_recovery", "table", "table_recovery", "replication", "drift", "target"),
)
"""What `--accept` takes. Two are no rows: `drift`, what the machines' own reconciliations leave;
and `target`, that an abort cannot ask the Region that was to take over."""


_ROWS = ("letters", "parked", "running", "attention", "report", "brake")
"""What is looked at in either Region. The lag is the target's: how late what it replays is."""


def checks_of(
    target: RegionView,
    world: World,
    source: RegionView | None,
    other: str,
    mode: FailoverMode,
    heard: str,
) -> list[Check]:
    """Of a failover to `target`. `source`: the other Region as it answers; None: it is not asked.
    `heard`: when the other Region was last heard of here, in words; "": that is not needed, for it
    answers and its changes arrive."""
    found = [_source(source, other, mode, heard)]
    found += _figures(target, mode, stops=True, heard=heard)
    found += _world(target.region, world)
    found += _replication(target.region, world, mode)
    if source is not None and not source.unreachable:
        found += _figures(source, mode, stops=False)
    else:
        why = "is not asked" if source is None else f"does not answer, {source.unreachable}"
        since = f"{other} {why}; last heard of {heard}"
        found += [Check(name, other, Outcome.UNKNOWN, since, stops=False) for name in _ROWS]
    return found


def standing_in_the_way(checks: Sequence[Check], accepted: Collection[str]) -> list[Check]:
    """Those that nobody accepted."""
    return [each for each in checks if each.in_the_way and each.name not in accepted]


def losses(
    checks: Sequence[Check],
    view: RegionView,
    mode: FailoverMode,
    other: str,
    *,
    fenced: bool | None,
) -> list[str]:
    """What would be lost, or come late, as far as it is known. `fenced`: the pool of the Region
    that stands down refuses people meanwhile; None: it is not known."""
    told: list[str] = []
    if mode is FailoverMode.PLANNED:
        told.append(_behind_the_fence(other, fenced=fenced))
    else:
        lag = "" if view.lag_p99 is None else f" of the last {view.lag_p99 / 1000:.1f} s"
        told.append(f"changes{lag} that have not arrived here come late, or never")
    if view.running:
        told.append(f"{counted(view.running, 'execution')} under way: replayed forward afterwards")
    if view.dead_letters:
        told.append(f"{counted(view.dead_letters, 'dead letter')}: not in the pool until redriven")
    last = view.reconciled
    if last is not None and not last.clean:
        told.append(f"{last.drift} users or groups with drift in the last report, {last.run}")
    if last is not None and last.cannot and (people := sum(last.cannot.values())):
        told.append(f"{people} people would not get in: standby readiness names them")
    if unknown := sorted({each.region for each in checks if each.outcome is Outcome.UNKNOWN}):
        told.append(f"what is UNKNOWN of {', '.join(unknown)} is not nothing")
    return told


def _behind_the_fence(other: str, *, fenced: bool | None) -> str:
    late = "what people change there after it was drained comes late, and is listed if it loses"
    match fenced:
        case True:
            return "nothing: the other Region stands down first, and all that it wrote arrives"
        case False:
            return f"the pool of {other} has no fence: {late}; stop the traffic yourself"
        case None:
            return f"whether the pool of {other} has a fence is not known; without one {late}"


def _source(source: RegionView | None, other: str, mode: FailoverMode, heard: str) -> Check:
    if mode is FailoverMode.OUTAGE:
        told = f"not asked: {other} was last heard of here {heard}"
        return Check("source", other, Outcome.UNKNOWN, told, stops=False)
    if source is None or source.unreachable:
        why = "" if source is None else f": {source.unreachable}"
        told = f"{other} does not answer{why}; it has to stand down"
        return Check("source", other, Outcome.FAILED, told)
    return Check("source", other, Outcome.PASSED, f"{other} answers and can stand down")


def _figures(view: RegionView, mode: FailoverMode, *, stops: bool, heard: str = "") -> list[Check]:
    """Of what `standby status` shows: those of `_ROWS`, and, of the target, the lag."""
    found = [
        _none("letters", view, view.dead_letters, "dead letter", key="dead_letters"),
        _none("parked", view, view.parked_hints, "parked hint", key="parked_hints"),
        _running(view),
        _attention(view),
        _report(view, stops=mode is FailoverMode.OUTAGE),
        _brake(view),
    ]
    if stops:
        return [_lag(view, mode, heard), *found]
    return [
        Check(
            *(each.name, view.region, each.outcome, each.told),
            stops=each.stops and each.outcome is Outcome.FAILED,
        )
        for each in found
    ]


def _running(view: RegionView) -> Check:
    """Those that run are waited for."""
    if view.running is None:
        told = view.unknown.get("running", "not known")
        return Check("running", view.region, Outcome.UNKNOWN, told)
    return Check("running", view.region, Outcome.PASSED, f"{view.running} running: waited for")


def _none(name: str, view: RegionView, number: int | None, noun: str, key: str) -> Check:
    if number is None:
        return Check(name, view.region, Outcome.UNKNOWN, view.unknown.get(key, "not known"))
    outcome = Outcome.FAILED if number else Outcome.PASSED
    return Check(name, view.region, outcome, counted(number, noun))


def _lag(view: RegionView, mode: FailoverMode, heard: str) -> Check:
    """What nobody measured is no short lag. Without a canary an hour in which nobody changed
    anything looks like one in which nothing arrived: it is told, and stops nothing. A canary that
    was looked at is changed every few minutes. While the other Region answers, its silence means
    that changes do not arrive; in an outage it says what is known already."""
    if "lag" in view.unknown:
        return Check("lag", view.region, Outcome.UNKNOWN, view.unknown["lag"])
    if view.lag_p99 is not None:
        good = _passed(view.lag_p99 <= LAG_LIMIT_MS)
        return Check("lag", view.region, good, f"p99 {view.lag_p99 / 1000:.1f} s, last hour")
    silent = f"nothing was replayed here in the last hour; the last time {heard}"
    if view.canary_lag is None:
        return Check("lag", view.region, Outcome.UNKNOWN, silent, stops=False)
    told = f"{silent}; the canary is up to {spoken(view.canary_lag)} late"
    good = _passed(view.canary_lag * 1000 <= LAG_LIMIT_MS)
    return Check("lag", view.region, good, told, stops=mode is FailoverMode.PLANNED)


def _attention(view: RegionView) -> Check:
    if view.attention is None:
        told = view.unknown.get("attention", "not known")
        return Check("attention", view.region, Outcome.UNKNOWN, told)
    ills = {name: view.attention.get(name, 0) for name in ("failed", "quarantined")}
    told = ", ".join(f"{number} {name}" for name, number in ills.items())
    return Check("attention", view.region, _passed(not any(ills.values())), told)


def _report(view: RegionView, *, stops: bool) -> Check:
    """In a plan both Regions are reconciled anyway."""
    last = view.reconciled
    if last is None:
        told = view.unknown.get("reconciled", "no reconciliation has left a report")
        return Check("report", view.region, Outcome.UNKNOWN, told, stops=stops)
    told = f"{last.verdict}, {spoken(last.age)} ago ({last.run})"
    good = last.clean and last.age <= REPORT_AGE_SECONDS
    return Check("report", view.region, _passed(good), told, stops=stops)


def _brake(view: RegionView) -> Check:
    if view.questions is None:
        told = view.unknown.get("questions", "not known")
        return Check("brake", view.region, Outcome.UNKNOWN, told)
    told = f"the run {view.questions[0]} waits for an answer" if view.questions else "no question"
    return Check("brake", view.region, _passed(not view.questions), told)


def _world(region: str, world: World) -> list[Check]:
    recoveries = world.pool_recoveries
    return [
        _known("table", region, world.table_confirmed, "the confirmed one", "another one"),
        _known("table_recovery", region, world.table_recovery, "on", "off"),
        _known(
            "pool_recovery",
            region,
            None if recoveries is None else not recoveries,
            "none under way",
            f"under way, or not reconciled since: {', '.join(recoveries or ())}",
        ),
    ]


def _replication(region: str, world: World, mode: FailoverMode) -> list[Check]:
    """In a plan the other Region would close its door, and never be heard of. In an outage its
    account may be gone with it."""
    if not world.two_accounts:
        return []
    stops, seen = mode is FailoverMode.PLANNED, world.replication
    if seen is None:
        told = "could not be found out"
        return [Check("replication", region, Outcome.UNKNOWN, told, stops=stops)]
    told = seen.why or "the tables of both accounts replicate"
    return [Check("replication", region, _passed(seen.well), told, stops=stops)]


def _known(name: str, region: str, good: bool | None, yes: str, no: str) -> Check:
    if good is None:
        return Check(name, region, Outcome.UNKNOWN, "could not be found out")
    return Check(name, region, _passed(good), yes if good else no)


def _passed(good: bool) -> Outcome:
    return Outcome.PASSED if good else Outcome.FAILED
