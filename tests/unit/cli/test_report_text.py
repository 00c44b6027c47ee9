"""The configuration's part of a drift report on the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console

from cognito_standby.cli.views.report_text import text_of
from cognito_standby.core.domain.severity import Severity
from cognito_standby.reconciliation.domain.configuration_drift import (
    ComparedPool,
    ConfigurationDifference,
    ConfigurationDrift,
    ExpectedDifference,
)
from tests.unit.reconciliation.made_up_run import RunFolder

pytestmark = pytest.mark.usefixtures("socket_disabled")
HERE = ComparedPool("us-east-1", "us-east-1_a", "s", "2026-11-29T03:00:00+00:00")
AWAY = ComparedPool("us-west-2", "us-west-2_b", "s", "2026-11-28T03:00:00+00:00")
DIFFERENCE = ConfigurationDifference(
    *("clients/[a]/CallbackURLs", "only_left", '["https://a"]', ""),
    *(Severity.LOSES, "Its app is refused.", "console: App clients"),
)


def shown(drift: ConfigurationDrift | None) -> str:
    report = replace(RunFolder().whole_run([]), configuration=drift)
    console = Console(width=200, record=True, quiet=False, file=None)
    with console.capture() as captured:
        console.print(text_of(report))
    return captured.get()


def test_the_worst_are_shown_and_the_rest_is_counted() -> None:
    expected = (ExpectedDifference("groups/staff", "replicated"),)
    text = shown(ConfigurationDrift(HERE, AWAY, 7, (DIFFERENCE,) * 7, expected))
    assert "7 of the standby's settings differ and should not, 1 must" in text
    assert "as of 2026-11-28 03:00:00 UTC" in text, "the older of the two looks"
    assert 'loses clients/[a]/CallbackURLs: ["https://a"] -> nothing' in text
    assert "console: App clients" in text and "and 2 more: standby reports run-1 --open" in text


def test_what_was_not_compared_is_said() -> None:
    assert "configuration" not in shown(None), "by a former release"
    assert "was not compared: no snapshot" in shown(
        ConfigurationDrift(HERE, AWAY, unknown="no snapshot")
    )
