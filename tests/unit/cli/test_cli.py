"""The command line: options, exit codes, what is printed and what never is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.cli import regions as cli_regions
from cognito_standby.cli.locate import (
    CONFIG_VARIABLE,
    LocationOptions,
    NotLocatedError,
    locate,
)
from cognito_standby.cli.main import app
from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.domain.timespan import moment_of, spoken
from cognito_standby.operator.ports import Attention, ReplayProgress
from cognito_standby.operator.services.context import Unreachable
from stacks.config.source import ENVIRONMENT_VARIABLE
from tests.cli_runner import CliRunner
from tests.unit.cli.where import LOCAL, standby_finds
from tests.unit.operator.operator_world import OTHER, REGION, OperatorWorld
from tests.unit.operator.test_letters import SUB

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OperatorWorld:
    """One Region of twins; the other does not answer."""
    made = OperatorWorld()
    dark = Unreachable(OTHER, "ServiceUnavailableError: ConnectTimeoutError")
    standby_finds(lambda region: made.context if region == REGION else dark, tmp_path, monkeypatch)
    for name in ("STANDBY_INSTALLATION", "STANDBY_REGIONS"):
        monkeypatch.delenv(name, raising=False)
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def test_help_names_the_commands() -> None:
    result = run("--help")
    for command in ("status", "redrive", "resend-events"):
        assert command in result.output


def test_redrive_says_what_it_did(world: OperatorWorld) -> None:
    world.record(SUB)
    world.failed(SUB)
    result = run("redrive", "--all", "--region", REGION)
    assert result.exit_code == 0, result.output
    assert "the local AWS of .local/outputs.json" in result.output
    assert "redriven" in result.output
    assert "1 of 1 resolved" in result.output
    assert digest(SUB) in result.output
    assert run("redrive", "--all", "--region", REGION).exit_code == 0


def test_ids_are_shown_only_on_request(world: OperatorWorld) -> None:
    world.poison = {SUB}
    world.record(SUB)
    world.failed(SUB, "one")
    hidden = run("redrive", "--all")
    shown = run("redrive", "--all", "--show-ids")
    assert SUB not in hidden.output
    assert SUB in shown.output


def test_a_region_that_does_not_answer_stops_nobody(world: OperatorWorld) -> None:
    world.record(SUB)
    world.failed(SUB)
    result = run("redrive", "--all")
    assert result.exit_code == 1
    assert f"{OTHER} could not be reached" in result.output
    assert "1 of 1 resolved" in result.output
    assert run("redrive", "--all", "--region", OTHER).exit_code == 2


def test_one_of_all_or_executions(world: OperatorWorld) -> None:
    for arguments in (("redrive",), ("redrive", "--all", "arn")):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "say which" in result.output


def test_what_is_no_execution_is_named(world: OperatorWorld) -> None:
    gone = world.executions.PREFIX + "gone"
    result = run("redrive", "nonsense", gone)
    assert result.exit_code == 2
    assert "nonsense is not the ARN of an execution" in result.output
    assert "there is no such execution" in result.output


def test_a_named_execution(world: OperatorWorld) -> None:
    world.record(SUB)
    arn = world.failed(SUB)
    assert run("redrive", arn).exit_code == 0
    assert world.executions.redriven == [arn]


def test_dry_run(world: OperatorWorld) -> None:
    world.record(SUB)
    world.failed(SUB)
    result = run("redrive", "--all", "--dry-run", "--region", REGION)
    assert (result.exit_code, world.executions.redriven) == (1, [])
    assert "would redrive" in result.output


def test_a_strange_region(world: OperatorWorld) -> None:
    result = run("redrive", "--all", "--region", "eu-west-1")
    assert result.exit_code == 2
    assert "eu-west-1 is not one of" in result.output


def test_status_for_people(world: OperatorWorld) -> None:
    world.failed(SUB)
    result = run("status")
    assert result.exit_code == 1
    assert "DEGRADED" in result.output
    assert f"{REGION}: 1 dead letter" in result.output
    assert f"standby redrive --all --region {REGION}" in result.output
    assert SUB not in result.output


def test_status_shows_ids_only_on_request(world: OperatorWorld) -> None:
    world.gauges.listed = Attention({"conflict_deletion": 1}, (SUB,))
    hidden, shown = run("status"), run("status", "--show-ids")
    assert digest(SUB) in hidden.output
    assert SUB not in hidden.output
    assert SUB in shown.output


def test_a_profile_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    where = ("--installation", "alpha", "--regions", f"{REGION},{OTHER}", "--profile", "nobody")
    result = run(*where, "redrive", "--all")
    assert result.exit_code == 2
    assert f"{REGION} could not be reached" in result.output
    assert "ProfileNotFound" in result.output


def test_status_for_programs(world: OperatorWorld) -> None:
    world.failed(SUB)
    result = run("status", "--json")
    report = json.loads(result.output)
    assert (report["verdict"], result.exit_code) == ("degraded", 1)
    first, second = report["regions"]
    assert (first["dead_letters"], first["region"]) == (1, REGION)
    assert second["unreachable"]


def test_resending_follows_the_replay(world: OperatorWorld) -> None:
    now = world.clock.now()
    world.archive._answers = [
        ReplayProgress("STARTING"),
        ReplayProgress("RUNNING", reached=now - timedelta(hours=1)),
        ReplayProgress("COMPLETED"),
    ]
    result = run("resend-events", "--since", "2h", "--region", REGION)
    assert result.exit_code == 0, result.output
    assert f"{REGION}: completed" in result.output
    assert "Replaying the same time again changes nothing" in result.output
    ((_, since, until),) = world.archive.started
    assert timedelta(0) <= until - since - timedelta(hours=2) < timedelta(minutes=1)


def test_resending_is_bounded(world: OperatorWorld) -> None:
    world.archive._answers = [ReplayProgress("RUNNING")]
    result = run("resend-events", "--since", "2h", "--wait", "5")
    assert result.exit_code == 1
    assert "it goes on by itself" in result.output


def test_resending_without_an_archive(
    world: OperatorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = replace(world.context, archive=None)
    monkeypatch.setattr(cli_regions, "open_region", lambda *_: context)
    result = run("resend-events", "--since", "2h", "--region", REGION)
    assert result.exit_code == 2
    assert "no archive" in result.output


@pytest.mark.parametrize(
    "arguments", [("--since", "soon"), ("--since", "1h", "--until", "2h"), ("--since", "")]
)
def test_times_that_make_no_sense(world: OperatorWorld, arguments: tuple[str, ...]) -> None:
    result = run("resend-events", *arguments)
    assert result.exit_code == 2
    assert "error:" in result.output
    assert world.archive.started == []


NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "ago"),
    [("now", 0), ("90s", 90), ("2h", 7200), ("1d", 86400), ("2026-03-04T11:00:00", 3600)],
)
def test_times(text: str, ago: int) -> None:
    assert moment_of(text, NOW) == NOW - timedelta(seconds=ago)


@pytest.mark.parametrize("text", ["", "soon", "2", "999999d"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        moment_of(text, NOW)


def test_ages_are_spoken() -> None:
    assert [spoken(each) for each in (5.9, 65, 3700, 90000)] == [
        "5 s",
        "1 min",
        "1 h 1 min",
        "1 d 1 h",
    ]


class TestLocate:
    def test_a_local_aws_is_the_default_and_is_announced(self, world: OperatorWorld) -> None:
        found = locate(LocationOptions(), Path.cwd(), {})
        assert found.connection.endpoint == LOCAL["endpoint"]
        assert "local AWS" in found.notice
        assert found.other(REGION) == OTHER

    @pytest.mark.parametrize(
        ("asked", "environ"),
        [
            (LocationOptions(installation="prod", regions=f"{REGION}, {OTHER}"), {}),
            (
                LocationOptions(),
                {"STANDBY_INSTALLATION": "prod", "STANDBY_REGIONS": f"{REGION},{OTHER}"},
            ),
        ],
    )
    def test_what_is_said_wins(
        self, world: OperatorWorld, asked: LocationOptions, environ: dict[str, str]
    ) -> None:
        found = locate(asked, Path.cwd(), environ)
        assert (found.installation, found.regions) == ("prod", (REGION, OTHER))
        assert (found.connection.endpoint, found.notice) == ("", "")

    def test_cdk_json(self, tmp_path: Path) -> None:
        regions = {"primary_region": REGION, "backup_region": OTHER}
        context: dict[str, Any] = {"installation": "prod", **regions}
        (tmp_path / "cdk.json").write_text(json.dumps({"context": {"standby": context}}))
        found = locate(LocationOptions(), tmp_path, {})
        assert (found.installation, found.regions) == ("prod", (REGION, OTHER))

    @pytest.mark.parametrize("text", ["", "{", "\xff"])
    def test_a_broken_cdk_json_is_named(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "cdk.json").write_text(text, "latin-1")
        with pytest.raises(NotLocatedError, match=r"cdk\.json cannot be read"):
            locate(LocationOptions(), tmp_path, {})
        asked = LocationOptions(installation="prod", regions=f"{REGION},{OTHER}")
        assert locate(asked, tmp_path, {}).installation == "prod", "nobody needs the file"

    @pytest.mark.parametrize(
        ("installation", "regions", "why"),
        [
            ("Prod", f"{REGION},{OTHER}", "no name of an installation"),
            ("-prod", f"{REGION},{OTHER}", "no name of an installation"),
            ("prod", f"{REGION},Frankfurt", "no Region's name"),
            ("prod", f"{REGION},{REGION}", "are both"),
            ("prod", REGION, "which installation"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(
        self, tmp_path: Path, installation: str, regions: str, why: str
    ) -> None:
        with pytest.raises(NotLocatedError, match=why):
            locate(LocationOptions(installation, regions), tmp_path, {})

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"primary": 7}'])
    def test_a_broken_outputs_file(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "outputs.json"
        path.write_text(text)
        with pytest.raises(NotLocatedError, match="cannot be read"):
            locate(LocationOptions(outputs=path), tmp_path, {})

    def test_nothing_known(self, tmp_path: Path) -> None:
        with pytest.raises(NotLocatedError, match="its name and its two Regions"):
            locate(LocationOptions(), tmp_path, {})

    def test_a_file_that_the_environment_names(self, tmp_path: Path) -> None:
        config = {"installation": "shop", "primary_region": REGION, "backup_region": OTHER}
        (tmp_path / "shop.json").write_text(json.dumps(config))
        (tmp_path / "cdk.json").write_text("{")
        environ = {CONFIG_VARIABLE: "shop.json"}
        found = locate(LocationOptions(), tmp_path, environ)
        assert (found.installation, found.regions) == ("shop", (REGION, OTHER))
        with pytest.raises(NotLocatedError, match=f"gone.json, which {CONFIG_VARIABLE} names"):
            locate(LocationOptions(), tmp_path, {CONFIG_VARIABLE: "gone.json"})
        assert CONFIG_VARIABLE == ENVIRONMENT_VARIABLE, "as a deployment reads it"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[]", "is no JSON object"),
            ('"x"', "is no JSON object"),
            ("[" * 10**5, "cannot be read"),
        ],
    )
    def test_a_named_file_of_another_shape(self, tmp_path: Path, text: str, said: str) -> None:
        (tmp_path / "odd.json").write_text(text)
        with pytest.raises(NotLocatedError, match=f"odd.json, which {CONFIG_VARIABLE}.*{said}"):
            locate(LocationOptions(), tmp_path, {CONFIG_VARIABLE: "odd.json"})


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        (("status",), ""),
        (("config", "diff"), ""),
        (("doctor",), "standby doctor --pools us-east-1_aB3dE5fG7,us-west-2_hI9jK1lM3"),
        (("cost",), "standby cost --users 500000"),
    ],
)
def test_outside_of_a_checkout_it_is_shown_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], instead: str
) -> None:
    for name in ("STANDBY_INSTALLATION", "STANDBY_REGIONS", CONFIG_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    refused = run(*command)
    assert refused.exit_code == 2
    words = " ".join(command)
    assert "which installation? Nothing here says its name and its two Regions" in refused.stderr
    regions = "us-east-1,us-west-2"
    assert f"  standby --installation standby --regions {regions} {words}\n" in refused.stderr
    environment = f"STANDBY_INSTALLATION=standby STANDBY_REGIONS={regions}"
    assert f"  {environment} standby {words}\n" in refused.stderr
    assert ("without an installation" in refused.stderr) == bool(instead)
    assert instead in refused.stderr


def test_letters_that_cannot_be_seen_are_told(world: OperatorWorld) -> None:
    world.failed(SUB)
    world.letters.receive(900)
    result = run("redrive", "--all", "--region", REGION)
    assert result.exit_code == 1
    assert "no letter can be seen, but the queue has about 1" in " ".join(result.output.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "friday", "--region", REGION, "--to", ""),
        ("import", "friday", "--region", REGION, "--from", " "),
        ("import", "friday", "--region", REGION, "--hashes", ""),
        ("--outputs", "", "status"),
        ("--installation", "", "status"),
        ("--regions", " ", "redrive", "--all"),
        ("--profile", "", "reconcile"),
    ],
)
def test_an_unset_variable_of_a_shell_means_nothing_else(
    world: OperatorWorld, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """As a path it would be the folder that somebody stands in; before the command, another
    installation."""
    before = sorted(tmp_path.rglob("*"))
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "blank" in refused.output
    assert sorted(tmp_path.rglob("*")) == before
