"""The configuration's part of a drift report: the newest snapshots of both pools, compared.

No pool is asked: a snapshot is at most as old as the last daily look, or nothing has changed since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cognito_standby.configuration.domain.differences import Difference
from cognito_standby.configuration.domain.document import NewerDocumentError, PoolConfiguration
from cognito_standby.configuration.domain.drift import drift_between
from cognito_standby.configuration.domain.mending import mend
from cognito_standby.configuration.domain.snapshots import NONE_YET, NoSuchSnapshotError
from cognito_standby.configuration.domain.weighing import weigh
from cognito_standby.configuration.ports import ConfigurationNotes, Snapshots
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import PermanentError
from cognito_standby.reconciliation.domain.configuration_drift import (
    LISTED,
    ComparedPool,
    ConfigurationDifference,
    ConfigurationDrift,
    ExpectedDifference,
    ranked,
)

_LONGEST = 160
"""Characters of a value that a report shows; `standby config diff --json` has all of it."""


@dataclass(frozen=True)
class SnapshotsCompared:
    """`PoolsCompared` of a reconciliation, by this Region's replica of the global table."""

    installation: Installation
    notes: ConfigurationNotes
    snapshots: Snapshots

    def drift(self, region: str, *, active: bool) -> ConfigurationDrift:
        """What cannot be read is told and fails no report. RetryableError."""
        other = self.installation.other(region)
        home, away = (region, other) if active else (other, region)
        try:
            left, right = self._newest(home), self._newest(away)
        except (NoSuchSnapshotError, NewerDocumentError, PermanentError) as error:
            why = f"{type(error).__name__}: {error}" if isinstance(error, PermanentError) else error
            return ConfigurationDrift(ComparedPool(home), ComparedPool(away), unknown=str(why))
        return compared(*left, *right)

    def _newest(self, region: str) -> tuple[ComparedPool, PoolConfiguration]:
        note = self.notes.read(region)
        if not note.latest:
            raise NoSuchSnapshotError(f"{region}: {NONE_YET}")
        document = self.snapshots.read(region, note.latest)
        pool = document.user_pool_id
        return ComparedPool(region, pool, note.latest, note.looked_at, note.trouble), document


def compared(
    home: ComparedPool, active: PoolConfiguration, away: ComparedPool, standby: PoolConfiguration
) -> ConfigurationDrift:
    """As a report tells it."""
    drift = drift_between(active, standby)
    told = ranked(_told(each, active, standby) for each in drift.differences)
    expected = tuple(ExpectedDifference(each.difference.place, each.why) for each in drift.expected)
    return ConfigurationDrift(home, away, len(told), told[:LISTED], expected[:LISTED])


def _told(
    each: Difference, active: PoolConfiguration, standby: PoolConfiguration
) -> ConfigurationDifference:
    weight = weigh(each)
    return ConfigurationDifference(
        place=each.place,
        kind=each.kind.value,
        active=_short(each.left),
        standby=_short(each.right),
        severity=weight.severity,
        consequence=weight.consequence,
        mend=mend(each, active, standby),
    )


def _short(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."
