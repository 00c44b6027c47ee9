"""Write Report counts who does not get in: the sum, and each reason by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.reconciliation.domain.readiness import Readiness
from cognito_standby.reconciliation.domain.work_items import run_to_dict
from tasks import write_report
from tests.unit.reconciliation.made_up_run import PACE, RunFolder

pytestmark = pytest.mark.usefixtures("socket_disabled")
READY = Readiness(
    9,
    {"password_reset": 5, "none": 4},
    {"verified_email": 5, "unconfirmed": 1, "no_verified_contact": 2, "disabled": 1},
    {},
    3,
    4,
    {NotHeld.IMMUTABLE.value: {"attr:a": 2, "attr:b": 1}},
)
COUNTED = {Metric.CANNOT_GET_IN, Metric.FIELDS_NOT_HELD, Metric.LINKED_USERS}


def written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **given: Any
) -> list[tuple[str, str, float]]:
    """Metric, reason and value of what a run of this kind counts."""
    folder = RunFolder()
    run = folder.new_run(**given)
    folder.open(run)
    folder.judged(run, [])
    folder.context.store(run).write_readiness(READY)
    monkeypatch.setattr(write_report, "world", lambda *_: folder.context)
    monkeypatch.setattr(write_report, "pace", lambda: PACE)
    monkeypatch.setattr(write_report, "_pools", lambda: None)
    monkeypatch.setattr(write_report, "settle_recoveries", lambda *_: 0)
    told: list[dict[str, float]] = []
    monkeypatch.setattr(write_report, "report", lambda _, counts, **__: told.append(counts))
    capsys.readouterr()
    write_report.handler({"run": run_to_dict(run), "answer": "not asked"}, None)
    (counts,) = told
    sums = [(name, "", number) for name, number in counts.items() if name in COUNTED]
    return sorted([*sums, *_metrics(capsys.readouterr().out)])


def _metrics(text: str) -> Iterator[tuple[str, str, float]]:
    for line in text.splitlines():
        told = json.loads(line)
        for block in told.get("_aws", {}).get("CloudWatchMetrics", ()):
            for each in block["Metrics"]:
                if each["Name"] in COUNTED:
                    yield each["Name"], told.get("reason", ""), told[each["Name"]][0]


def test_the_sum_and_each_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written(monkeypatch, capsys) == [
        ("CannotGetIn", "", 3),
        ("CannotGetIn", "no_verified_contact", 2),
        ("CannotGetIn", "unconfirmed", 1),
        ("FieldsNotHeld", "", 3),
        ("FieldsNotHeld", "immutable, and the user exists", 3),
        ("LinkedUsers", "", 3),
    ]


def test_a_run_of_some_shards_counts_nothing_of_the_pool(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written(monkeypatch, capsys, shards=("0a",)) == []
