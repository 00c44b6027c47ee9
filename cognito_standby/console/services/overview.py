"""What the first page shows of both Regions, looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cognito_standby.console.ports import LagPoint
from cognito_standby.console.services.reach import Opened, Seen
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.health import Diagnosis, RegionView, diagnose
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.operator.services.status import look_at
from cognito_standby.reconciliation.domain.drift_report import TrendPoint
from cognito_standby.reconciliation.services.reports import last_readable

LAG_HOURS = 3
LAG_STEP_SECONDS = 300
"""Of the drawn lag: so far back, a point for so long."""


@dataclass(frozen=True)
class Drift:
    """The drift of the last runs, oldest first; none, and `why`."""

    points: Sequence[TrendPoint] = ()
    why: str = ""


@dataclass(frozen=True)
class LagDrawn:
    """The lag of the last hours; no points, and `why`."""

    since: datetime
    until: datetime
    points: Sequence[LagPoint] = ()
    why: str = ""


@dataclass(frozen=True)
class RegionLook:
    """One Region at a moment. `drift` and `lag` are older than the rest, by a minute at most."""

    view: RegionView
    drift: Drift
    lag: LagDrawn | None


@dataclass(frozen=True)
class Overview:
    """Both Regions at a moment, and what that comes to."""

    at: datetime
    looks: tuple[RegionLook, ...]
    diagnosis: Diagnosis

    @property
    def views(self) -> tuple[RegionView, ...]:
        """What `standby status` shows."""
        return tuple(look.view for look in self.looks)


def overview_of(at: datetime, looks: Sequence[RegionLook]) -> Overview:
    """With the verdict."""
    return Overview(at, tuple(looks), diagnose([look.view for look in looks]))


def view_of(opened: Opened, seconds: float) -> RegionView:
    """As `standby status` sees a Region, within so many seconds."""
    if isinstance(opened, Unreachable):
        return RegionView(opened.region, unreachable=opened.reason)
    return look_at(opened.context, seconds)


def drift_of(opened: Opened) -> Drift:
    """From the newest report, which has the runs before it: a listing and one read."""
    if isinstance(opened, Unreachable):
        return Drift(why=f"no answer: {opened.reason}")
    runs = opened.context.runs
    if runs is None:
        return Drift(why="its stack has no reconciliation: deploy this release first")
    try:
        report = last_readable(runs.files, but="")
    except StandbyError as error:
        return Drift(why=told(error))
    if report is None or not report.trend:
        return Drift(why="no reconciliation has left a report yet: standby reconcile makes one")
    return Drift(report.trend)


def lag_of(opened: Opened, now: datetime) -> LagDrawn:
    """From the metrics; without any it is unknown, and not zero."""
    since = now - timedelta(hours=LAG_HOURS)
    if not isinstance(opened, Seen):
        return LagDrawn(since, now, why=f"no answer: {opened.reason}")
    try:
        points = opened.lag.lag_over_time(since, now, LAG_STEP_SECONDS)
    except StandbyError as error:
        return LagDrawn(since, now, why=told(error))
    if not points:
        why = f"unknown: no figures of the last {LAG_HOURS} hours. Nothing was replayed here, or "
        return LagDrawn(since, now, why=why + "what was is not in the metrics yet")
    return LagDrawn(since, now, points)
