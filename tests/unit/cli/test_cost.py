"""`standby cost`: by figures alone, and by the last reconciliations."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.operator.domain.price_list import BUILT_IN, OF_RUNS, run_usd_by
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


def _written(folder: Path) -> Path:
    """The built-in prices, as somebody begins with them."""
    file = folder / "prices.json"
    wrote = run("cost", "--write-prices", str(file))
    assert wrote.exit_code == 0, wrote.output
    return file


def _changed(file: Path, **usd: object) -> Path:
    told = json.loads(file.read_text())
    told["usd"] |= usd
    told |= {"source": "our own agreement, eu-west-1", "date": "2026-12"}
    file.write_text(json.dumps(told))
    return file


def _estimated(*options: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("cost", "--users", "500000", *options, "--json").stdout)
    return told


def test_the_built_in_prices_are_written_and_cost_the_same(tmp_path: Path) -> None:
    file = _written(tmp_path)
    given, built_in = _estimated("--prices", str(file)), _estimated()
    assert given["lines"] == built_in["lines"]
    assert given["own_replication_usd_a_month"] == built_in["own_replication_usd_a_month"]
    assert (given["prices"]["file"], built_in["prices"]["file"]) == (str(file), "")
    again = run("cost", "--write-prices", str(file))
    assert again.exit_code == 2 and "is there already" in again.output
    alone = run("cost", "--write-prices", str(tmp_path / "b.json"), "--users", "5")
    assert alone.exit_code == 2 and not (tmp_path / "b.json").exists()
    nowhere = run("cost", "--write-prices", str(tmp_path / "no" / "b.json"))
    assert nowhere.exit_code == 2 and "no folder" in nowhere.output


def test_given_prices_are_those_of_the_estimate_which_says_whose_they_are(tmp_path: Path) -> None:
    dear = {
        "secret": 4.0,
        "million_state_transitions": 50,
        "active_user_essentials": 0.03,
        "replicated_active_user": 0.009,
    }
    file = _changed(_written(tmp_path), **dear)
    given, built_in = _estimated("--prices", str(file)), _estimated()
    now, before = ({line["item"]: line["usd"] for line in t["lines"]} for t in (given, built_in))
    assert now["secret of the names"] == pytest.approx(8.0)
    assert now["state transitions"] == pytest.approx(2 * before["state transitions"])
    replayed = "replayed users, Essentials"
    assert now[replayed] == pytest.approx(2 * before[replayed], abs=0.001)
    assert now["alarms"] == before["alarms"]
    assert given["own_replication_usd_a_month"] == 4500
    source = {"date": "2026-12", "source": "our own agreement, eu-west-1", "as_built_in": []}
    assert given["prices"] == {**source, "file": str(file)}
    shown = " ".join(run("cost", "--users", "500", "--prices", str(file)).output.split())
    assert "our own agreement, eu-west-1, 2026-12" in shown
    assert "0.009 USD per active user" in shown
    assert "us-east-1" not in shown


def test_what_a_file_does_not_price_is_as_built_in_and_named(tmp_path: Path) -> None:
    file = tmp_path / "few.json"
    file.write_text(json.dumps({"usd": {"dashboard": 0}}))
    told = _estimated("--prices", str(file))
    assert "secret" in told["prices"]["as_built_in"]
    assert "dashboard" not in told["prices"]["as_built_in"]
    assert told["prices"]["source"] == "no source named"
    assert [line["usd"] for line in told["lines"] if line["item"] == "dashboard"] == [0]
    shown = " ".join(run("cost", "--users", "5", "--prices", str(file)).output.split())
    assert "as built in (AWS price lists, us-east-1" in shown
    assert "replicated_active_user" in shown and "million_state_transitions" in shown


def test_what_a_run_really_used_is_told_in_the_given_prices(pair: Pair, tmp_path: Path) -> None:
    counted(pair[REGION])
    (kept,) = newest(pair[REGION].run_folder.files, 1)
    assert kept.report is not None
    used = {line.item: line.number for line in kept.report.cost.lines}
    assert used["state transitions"] > 0
    file = tmp_path / "one.json"
    names = json.loads(_written(tmp_path).read_text())["usd"]
    free = {**dict.fromkeys(names, 0), "million_state_transitions": 1_000_000}
    file.write_text(json.dumps({"usd": free}))
    told = json.loads(run("cost", "--prices", str(file), "--json").stdout)
    runs = {line["item"]: line for line in told["lines"] if line["part"] == "reconciliation"}
    measured = runs[f"runs of {REGION}"]
    assert measured["usd"] == pytest.approx(30 * used["state transitions"])
    assert measured["source"] == "measured"


def test_every_item_of_a_report_has_a_price(pair: Pair) -> None:
    counted(pair[REGION])
    (kept,) = newest(pair[REGION].run_folder.files, 1)
    assert kept.report is not None
    lines = [line for line in kept.report.cost.lines if line.item != "Cognito requests"]
    double = replace(BUILT_IN, **{name: 2 * getattr(BUILT_IN, name) for name in OF_RUNS.values()})
    assert {line.item for line in lines} == OF_RUNS.keys()
    assert sum(line.usd for line in lines) > 0
    for line in lines:
        assert run_usd_by([line], BUILT_IN) == pytest.approx(line.usd, abs=2e-6), line.item
        assert run_usd_by([line], double) == pytest.approx(2 * line.usd, abs=4e-6), line.item


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "not of the form"),
        ("no JSON", "is no JSON"),
        ("{}", "not of the form"),
        ('{"usd": {}, "currency": "EUR"}', "currency"),
        ('{"usd": {"secrets": 1}}', "secrets"),
        ('{"usd": {"secret": -0.1}}', "usd.secret"),
        *(
            (f'{{"usd": {{"secret": {value}}}}}', "usd.secret")
            for value in ("NaN", "Infinity", "-Infinity", "1e999", "true", '"1"', "null", "[1]")
        ),
        ('{"usd": {"secret": 1' + "0" * 400 + "}}", "usd.secret"),
        ('{"usd": {"secret": 2000000}}', "usd.secret"),
        ('{"usd": {"secret": 1, "secret": 2}}', "twice"),
        ('{"usd": {}, "source": 7}', "source"),
        ('{"usd": {}, "date": ""}', "date"),
    ],
)
def test_a_file_that_prices_nothing_rightly(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "prices.json"
    file.write_text(text)
    refused = run("cost", "--users", "10", "--prices", str(file))
    assert refused.exit_code == 2
    assert why in refused.output
    assert "Traceback" not in refused.output


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        refused = run("cost", "--users", "10", "--prices", str(path))
        assert refused.exit_code == 2 and "cannot be read" in refused.output
