"""`standby status` shows what CloudWatch knows: lag and alarms."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cognito_standby.core.domain.metrics import NAMESPACE, Metric
from local.demo.people import Crowd, Person
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]

MILLISECONDS = [*range(100, 10_000, 100)]


@pytest.fixture
def measured(stage: RemoteStage) -> RegionOutputs:
    """The standby Region with a hundred measured lags, as Confirm Sync reports them, each seen so
    often that other tests' replications do not count."""
    backup = stage.outputs.backup
    datum = {
        "MetricName": Metric.REPLICATION_LAG.value,
        "Dimensions": [{"Name": "service", "Value": "standby"}],
        "Values": [float(value) for value in MILLISECONDS],
        "Counts": [1_000.0] * len(MILLISECONDS),
        "Unit": "Milliseconds",
    }
    client = stage.client("cloudwatch", backup.region)
    client.put_metric_data(Namespace=NAMESPACE, MetricData=[datum])
    return backup


@pytest.fixture
def alarming(measured: RegionOutputs, stage: RemoteStage) -> Iterator[str]:
    """An alarm of the installation that is in ALARM for a while."""
    client = stage.client("cloudwatch", measured.region)
    alarms = client.get_paginator("describe_alarms").paginate(AlarmNamePrefix="standby-")
    name = min(alarm["AlarmName"] for page in alarms for alarm in page["MetricAlarms"])
    client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    yield str(name)
    client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="a test")


def view_of(report: dict[str, Any], region: RegionOutputs) -> dict[str, Any]:
    return next(view for view in report["regions"] if view["region"] == region.region)


def test_lag_is_shown(measured: RegionOutputs, standby: Standby) -> None:
    def told() -> dict[str, Any] | None:
        view = view_of(json.loads(standby("status", "--json").stdout), measured)
        return view if view["lag_p50"] is not None else None  # what answers late is unknown

    view = until("status knows the lag", told)
    assert view["lag_p50"] == pytest.approx(5_000, rel=0.05)
    assert view["lag_p99"] == pytest.approx(9_900, rel=0.05)
    shown = re.compile(r"[45]\.\d s / 9\.\d s")
    until("status shows the lag", lambda: shown.search(standby("status").stdout))


def test_what_functions_print_is_measured(stage: RemoteStage) -> None:
    """Nobody but the deployed functions makes these two; who signs up is replicated."""
    primary, backup = stage.outputs.primary, stage.outputs.backup
    name = f"measured{time.monotonic_ns()}"
    person = Person(name, f"{name}@example.org", name)
    Crowd(stage, primary, "username").sign_up(person)

    def known(region: RegionOutputs, metric: Metric) -> bool:
        client = stage.client("cloudwatch", region.region)
        return bool(client.list_metrics(Namespace=NAMESPACE, MetricName=metric.value)["Metrics"])

    until("the hint is counted", lambda: known(primary, Metric.HINTS_PUBLISHED))
    until("the lag is measured", lambda: known(backup, Metric.REPLICATION_LAG))


def test_an_alarm_degrades(measured: RegionOutputs, alarming: str, standby: Standby) -> None:
    def told() -> Any:
        result = standby("status", "--json")
        report = json.loads(result.stdout)
        known = view_of(report, measured)["alarms"] is not None
        return (report, result.returncode) if known else None

    report, code = until("status knows the alarms", told)
    # Others may be on: the local AWS takes the fence's refusals of tests before for errors.
    assert alarming in view_of(report, measured)["alarms"]
    assert (report["verdict"], code) == ("degraded", 1)
    line = f"{measured.region}: alarm {alarming}"
    until("status shows the alarm", lambda: line in standby("status").stdout)
