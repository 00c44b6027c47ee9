"""`standby cost`: by figures alone, and by the last reconciliations."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cognito_standby.reconciliation.domain.file_names import REPORTS
from cognito_standby.reconciliation.services.reports import keep, newest
from tests.unit.cli.test_cli_runs import Pair, pair, run
from tests.unit.cli.test_readiness import counted
from tests.unit.operator.operator_world import OTHER, REGION

__all__ = ["pair"]
_NUMBERS = ("--changes", "--runs", "--sign-ins", "--share")
pytestmark = pytest.mark.usefixtures("socket_disabled")


def test_figures_alone_need_no_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = json.loads(run("cost", "--users", "500000", "--json").stdout)
    assert told["use"]["changes_a_day"] == 5_000, "one in a hundred"
    assert told["usd_a_month"] == pytest.approx(sum(told["parts"].values()), abs=0.05)
    assert told["own_replication_usd_a_month"] == 2250
    assert {line["source"] for line in told["lines"]} == {"counted", "assumed"}
    shown = run("cost", "--users", "500000")
    assert f"{told['usd_a_month']:,.2f}" in shown.output
    assumed = sum(line["usd"] for line in told["lines"] if line["source"] == "assumed")
    assert f"{assumed:,.2f} USD of it rest on assumptions" in " ".join(shown.output.split())
    (replayed,) = [each for each in told["lines"] if each["part"].startswith("active users")]
    assert replayed["source"] == "assumed", "that changes meet anybody alike was counted nowhere"
    assert "1% of the users a day change" in shown.output
    assert "1% of the users" not in run("cost", "--users", "500", "--changes", "5").output
    assert "5,000 changes and 1 run a day" in shown.output
    assert "2 dashboards" in shown.output, "what is whole has no decimals"
    for option in ("--active", "--memberships"):
        assert run("cost", "--users", "5", option, "-1").exit_code == 2, option


def test_reports_say_how_many_users_there_are_and_what_a_run_cost(pair: Pair) -> None:
    counted(pair[REGION])
    told = json.loads(run("cost", "--json").stdout)
    runs = {line["item"]: line for line in told["lines"] if line["part"] == "reconciliation"}
    assert runs[f"runs of {REGION}"]["source"] == "measured"
    assert runs["runs"]["number"] == 30, f"{OTHER} has no report"
    assert told["use"]["users"] > 0


def test_without_any_report_a_number_is_asked_for(pair: Pair) -> None:
    pair[OTHER].switch.dark = True
    refused = run("cost")
    assert refused.exit_code == 2
    assert "no report of a reconciliation yet" in refused.output
    assert "Give --users" in refused.output


@pytest.mark.parametrize("part", [{"shards": 8}, {"seeding": True}])
def test_a_run_of_some_shards_or_of_a_seed_says_nothing_of_the_pool(
    pair: Pair, part: dict[str, int | bool]
) -> None:
    counted(pair[REGION])
    files = pair[REGION].run_folder.files
    (whole,) = newest(files, 1)
    assert whole.report is not None
    facts = replace(whole.report.run, id="later", started_at="2099-01-01T00:00:00+00:00")
    totals = replace(whole.report.totals, users=7_000_000)
    later = replace(whole.report, run=replace(facts, **part), totals=totals)  # type: ignore[arg-type]
    keep(files, f"{REPORTS}2099-01-01/later.json", later, "")
    told = json.loads(run("cost", "--json").stdout)
    assert told["use"]["users"] == whole.report.totals.users


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--plan", "Gold"), "plan 'Gold'"),
        (("--changes", "-1"), "cannot be below 0"),
        *(((name, "9" * 400), "the most") for name in ("--users", "--memberships", "--active")),
        *(((name, "1e308"), "no pool has") for name in ("--changes", "--runs", "--sign-ins")),
        *(((name, value), "is no number") for name in _NUMBERS for value in ("nan", "inf", "-inf")),
    ],
)
def test_figures_that_make_no_sense(options: tuple[str, ...], why: str) -> None:
    refused = run("cost", "--users", "10", *options)
    assert refused.exit_code == 2
    assert why in refused.output
