"""The configuration's part of a drift report, by the newest snapshots of both Regions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.configuration.services.drift_reporting import SnapshotsCompared
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import InvalidRecordError, ServiceUnavailableError
from cognito_standby.core.domain.severity import Severity
from cognito_standby.reconciliation.domain.configuration_drift import LISTED
from tests.twins.configuration import (
    ConfigurationTable,
    InMemoryConfigurationNotes,
    InMemorySnapshots,
)
from tests.unit.configuration.documents import document

pytestmark = pytest.mark.usefixtures("socket_disabled")
HERE, THERE = "us-east-1", "us-west-2"
LOOKED = "2026-11-29T03:00:00+00:00"


def keep(table: ConfigurationTable, region: str, **sections: Any) -> None:
    made = replace(document(user_pool_id=f"{region}_p", **sections), region=region)
    kept = InMemorySnapshots(table, region).put(made, "first")
    table.notes[region] = ConfigurationNote(LOOKED, kept.id, kept.id)


def seen_from(table: ConfigurationTable, region: str) -> SnapshotsCompared:
    notes, snapshots = InMemoryConfigurationNotes(table, region), InMemorySnapshots(table, region)
    return SnapshotsCompared(Installation(HERE, THERE), notes, snapshots)


@pytest.fixture
def table() -> ConfigurationTable:
    made = ConfigurationTable()
    keep(
        made,
        HERE,
        mfa={"pool": {"MfaConfiguration": "ON"}},
        tags={"team": {"Value": "people"}},
        groups={"staff": {}},
    )
    keep(made, THERE, mfa={"pool": {"MfaConfiguration": "OFF"}})
    return made


def test_both_regions_reports_tell_the_same_the_worst_first(table: ConfigurationTable) -> None:
    drift = seen_from(table, HERE).drift(HERE, active=True)
    assert seen_from(table, THERE).drift(THERE, active=False) == drift
    assert (drift.active.region, drift.standby.region) == (HERE, THERE)
    assert drift.active.looked_at == LOOKED and drift.standby.user_pool_id == f"{THERE}_p"
    told = [(each.severity, each.place, each.active, each.standby) for each in drift.differences]
    assert told == [
        (Severity.BLOCKS, "mfa/pool/MfaConfiguration", '"ON"', '"OFF"'),
        (Severity.NOTE, "tags/team", '{"Value": "people"}', ""),
    ]
    assert drift.found == 2 and drift.worst is Severity.BLOCKS
    assert all(each.consequence and each.mend for each in drift.differences)
    assert [each.place for each in drift.expected] == ["groups/staff"]


def test_after_a_failover_the_other_pool_is_measured(table: ConfigurationTable) -> None:
    drift = seen_from(table, HERE).drift(HERE, active=False)
    assert (drift.active.region, drift.standby.region) == (THERE, HERE)
    assert drift.differences[0].active == '"OFF"'
    assert drift.worst is Severity.INCONVENIENT


def test_a_pool_that_was_not_looked_at_yet_is_said(table: ConfigurationTable) -> None:
    del table.notes[THERE]
    drift = seen_from(table, HERE).drift(HERE, active=True)
    assert THERE in drift.unknown and "no snapshot has been taken yet" in drift.unknown
    assert (drift.found, drift.differences) == (0, ())
    table.notes[THERE] = ConfigurationNote(LOOKED, "2026-11-28T03:00:00Z")
    assert "there is no snapshot" in seen_from(table, HERE).drift(HERE, active=True).unknown


def test_a_pool_that_is_gone_is_shown_as_it_was_last(table: ConfigurationTable) -> None:
    table.notes[THERE] = replace(table.notes[THERE], trouble="there is no pool")
    drift = seen_from(table, HERE).drift(HERE, active=True)
    assert drift.standby.trouble == "there is no pool" and drift.found == 2


class Broken:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def read(self, *_: str) -> Any:
        raise self.error


def test_an_unreadable_snapshot_fails_no_report_and_an_unanswered_read_is_tried_again(
    table: ConfigurationTable,
) -> None:
    compared = seen_from(table, HERE)
    altered: Any = Broken(InvalidRecordError("the snapshot was altered"))
    drift = replace(compared, snapshots=altered).drift(HERE, active=True)
    assert drift.unknown == "InvalidRecordError: the snapshot was altered"
    away: Any = Broken(ServiceUnavailableError("no answer"))
    with pytest.raises(ServiceUnavailableError):
        replace(compared, notes=away).drift(HERE, active=True)


def test_a_report_lists_so_many_and_counts_all(table: ConfigurationTable) -> None:
    keep(table, HERE, tags={f"t{number}": {"Value": "x" * 500} for number in range(LISTED + 5)})
    keep(table, THERE)
    drift = seen_from(table, HERE).drift(HERE, active=True)
    assert (drift.found, len(drift.differences)) == (LISTED + 5, LISTED)
    assert len(drift.differences[0].active) == 160
