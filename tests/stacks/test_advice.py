"""What a config that works is told nevertheless."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.advice import NO_SES, STAGED, STAGES_NOBODY, about_runs, about_staging, warnings
from stacks.config.source import parse
from tests.stacks.variants import MINIMAL, VARIANTS

MONTHLY = {"schedules": {"reconcile": "cron(0 3 1 * ? *)"}}


def told(**change: Any) -> tuple[str, ...]:
    return about_runs(parse(MINIMAL | change, "test.json"))


def test_what_expires_before_the_next_run_is_named_with_both_values() -> None:
    (files,) = told(**MONTHLY, retention={"runs_days": 30})
    assert "schedules.reconcile cron(0 3 1 * ? *) leaves up to 31 days" in files
    assert "retention.runs_days is 30" in files
    (reports,) = told(**MONTHLY, retention={"runs_days": 31, "reports_days": 61})
    assert "leaves up to 31 days" in reports
    assert "retention.reports_days is 61" in reports


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"schedules": {"reconcile": "cron(0 0/6 * * ? *)"}, "retention": {"reports_days": 1}},
        {"schedules": {"reconcile": "rate(15 days)"}, "retention": {"runs_days": 15}},
        MONTHLY | {"retention": {"runs_days": 31, "reports_days": 62}},
    ],
)
def test_what_agrees_is_not_told(change: dict[str, Any]) -> None:
    assert told(**change) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ()),
        ({"federated": "skip"}, ()),
        ({"federated": "staged"}, (STAGED,)),
        ({"federated": "staged", "sign_in": "email"}, (STAGES_NOBODY.format("email"),)),
    ],
)
def test_what_staging_costs_is_told_and_where_it_does_nothing(
    change: dict[str, Any], told: tuple[str, ...]
) -> None:
    assert about_staging(parse(MINIMAL | change, "test.json")) == told


def test_the_command_line_is_told_of_all() -> None:
    config = parse(VARIANTS["detached"], "test.json")
    assert warnings(config) == (NO_SES, *about_runs(config))
    assert len(about_runs(config)) == 1


def test_each_region_is_told_at_synthesis(synthesizer: Any) -> None:
    assembly = synthesizer.assembly("detached")
    texts = "".join(path.read_text() for path in assembly.directory.glob("*.json"))
    assert texts.count("retention.reports_days is 13") >= len(assembly.regions)
