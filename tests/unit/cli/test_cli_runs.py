"""`standby reconcile`, `approve`, `reject` and `reports` on twins."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import Result

from cognito_standby.cli import regions as cli_regions
from cognito_standby.cli.commands import reports as reports_command
from cognito_standby.cli.main import app
from cognito_standby.cli.views.progress import display
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.subjects import digest
from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.operator.domain.run_progress import RunProgress, RunStage
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.reconciliation.domain.brake import EMPTIED
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.repairs import Did
from tests.cli_runner import CliRunner
from tests.twins.operator.runs import InMemoryReconciliations
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import RunWorld
from tests.unit.reconciliation.made_up_run import missing

pytestmark = pytest.mark.usefixtures("socket_disabled")
Pair = dict[str, RunWorld]


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Both Regions; one whose switch is dark does not answer."""
    made = {REGION: RunWorld(REGION), OTHER: RunWorld(OTHER, active=False)}

    def open_region(region: str) -> Any:
        if made[region].switch.dark:
            return Unreachable(region, "ServiceUnavailableError: ConnectTimeoutError")
        return made[region].context

    standby_finds(open_region, tmp_path, monkeypatch)
    yield made


@pytest.fixture
def here(pair: Pair) -> RunWorld:
    return pair[REGION]


def run(*arguments: str, said: str = "", columns: int = 200) -> Result:
    return CliRunner().invoke(app, arguments, input=said, env={"COLUMNS": str(columns)})


class TestStart:
    def test_both_regions_unless_one_is_named(self, pair: Pair) -> None:
        result = run("reconcile")
        assert result.exit_code == 0, result.output
        assert [len(world.given) for world in pair.values()] == [1, 1]
        (name,) = pair[REGION].machine.started
        assert InMemoryReconciliations.PREFIX + name in result.output
        assert f"standby reconcile --follow {name} --region {REGION}" in result.output
        run("reconcile", "--region", OTHER)
        assert [len(world.given) for world in pair.values()] == [1, 2]

    def test_what_is_asked_for_is_what_the_machine_gets(self, here: RunWorld) -> None:
        flags = ("--dry-run", "--shard", "f0", "--shard", "0a", "--names", "--region", REGION)
        assert run("reconcile", *flags).exit_code == 0
        assert here.given == [{"dry_run": True, "shards": ["0a", "f0"], "clear_ids": True}]
        run("reconcile", "--region", REGION)
        assert here.given[1] == {}, "as the schedule does"

    @pytest.mark.parametrize("option", ["--resume", "--follow"])
    def test_a_blank_run_begins_none(self, here: RunWorld, option: str) -> None:
        result = run("reconcile", option, "", "--region", REGION)
        assert result.exit_code == 2 and f"{option} is blank" in result.output
        assert here.given == []

    def test_a_second_one_is_refused_with_the_arn(self, here: RunWorld) -> None:
        holder = here.hold()
        result = run("reconcile", "--region", REGION)
        assert result.exit_code == 2
        assert holder.execution in result.output
        assert here.given == []

    def test_one_that_loses_the_race_says_so(self, here: RunWorld) -> None:
        began = run("reconcile", "--region", REGION)
        assert began.exit_code == 0
        (name,) = here.machine.started
        arn = InMemoryReconciliations.PREFIX + name
        refused = json.dumps({"opened": False, "running": "arn:faster"})
        execution = here.executions.executions[arn]
        here.executions.executions[arn] = replace(
            execution, status=ExecutionStatus.SUCCEEDED, output=refused
        )
        here.steps[0]()
        result = run("reconcile", "--follow", name)
        assert result.exit_code == 2
        assert "arn:faster" in result.output

    def test_a_lock_whose_run_is_dead_holds_nobody(self, here: RunWorld) -> None:
        holder = here.hold()
        here.ends = ExecutionStatus.ABORTED
        here.end(holder)
        here.register.open(holder)
        assert run("reconcile", "--region", REGION).exit_code == 0

    @pytest.mark.parametrize(
        ("flags", "words"),
        [
            (("--shard", "zz"), "two hex digits"),
            (("--shard", "0A"), "two hex digits"),
            (("--seed", "--dry-run"), "not both"),
            (("--resume", "r", "--dry-run"), "as it is"),
            (("--resume", "r", "--follow", "r"), "as it is"),
            (("--region", "eu-west-1"), "not one of"),
        ],
    )
    def test_what_makes_no_sense(self, pair: Pair, flags: tuple[str, ...], words: str) -> None:
        result = run("reconcile", *flags)
        assert result.exit_code == 2
        assert words in result.output
        assert [world.given for world in pair.values()] == [[], []]


class TestTroubles:
    def test_a_dark_region_stops_nobody(self, pair: Pair) -> None:
        pair[OTHER].switch.dark = True
        result = run("reconcile")
        assert result.exit_code == 1
        assert f"{OTHER}: could not be reached" in result.output
        assert len(pair[REGION].given) == 1
        assert run("reconcile", "--region", OTHER).exit_code == 2

    def test_an_installation_without_reconciliation(
        self, here: RunWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        context = replace(here.context, runs=None)
        monkeypatch.setattr(cli_regions, "open_region", lambda *_: context)
        for command in (("reconcile",), ("reports",), ("approve", "r", "--yes")):
            result = run(*command, "--region", REGION)
            assert result.exit_code == 2
            assert "deploy this release first" in result.output

    def test_no_permission_is_said(self, here: RunWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused(*_: object) -> Any:
            raise MisconfiguredError("GetObject: AccessDenied")

        monkeypatch.setattr(here.run_folder.files, "names", refused)
        monkeypatch.setattr(here.register, "current", refused)
        for command in (("reports",), ("reconcile",)):
            result = run(*command, "--region", REGION)
            assert result.exit_code == 2
            assert "AccessDenied" in result.output


class TestWait:
    def test_until_all_is_repaired(self, here: RunWorld) -> None:
        here.drift = missing(3)
        result = run("reconcile", "--wait", "--region", REGION)
        assert result.exit_code == 0, result.output
        assert "ALL DRIFT REPAIRED" in result.output
        assert "3 repaired" in result.output
        assert digest("user-0") in result.output
        assert "user-0" not in result.output

    def test_what_is_left_is_exit_code_one(self, here: RunWorld) -> None:
        here.drift, here.did = missing(3), Did.LEFT
        result = run("reconcile", "--wait", "--region", REGION)
        assert result.exit_code == 1
        assert "DRIFT LEFT" in result.output

    def test_for_programs(self, here: RunWorld) -> None:
        here.drift = missing(3)
        result = run("reconcile", "--dry-run", "--wait", "--json", "--region", REGION)
        (told,) = json.loads(result.output)
        assert result.exit_code == 1
        assert told["report"]["verdict"] == "drift found, nothing changed"
        assert told["run"] in told["execution"]

    def test_a_broken_run_says_how_to_go_on(self, here: RunWorld) -> None:
        here.ends = ExecutionStatus.FAILED
        result = run("reconcile", "--wait", "--region", REGION)
        (name,) = here.machine.started
        assert result.exit_code == 1
        assert "MisconfiguredError: BatchGetItem: AccessDenied" in result.output
        assert f"standby reconcile --resume {name}" in result.output

    def test_a_broken_run_tells_its_cause_to_programs_and_to_whoever_follows_it_later(
        self, here: RunWorld
    ) -> None:
        here.ends = ExecutionStatus.FAILED
        run("reconcile", "--wait", "--region", REGION)
        (name,) = here.machine.started
        (told,) = json.loads(run("reconcile", "--follow", name, "--json").output)
        assert told["trouble"] == "MisconfiguredError: BatchGetItem: AccessDenied"
        assert told["status"] == "FAILED"


def test_one_that_asks_shows_what_it_found() -> None:
    asking = RunProgress(RunStage.ASKING, 9.0, drift={"record of a deleted user": 8})
    console = Console(width=150)
    with console.capture() as shown:
        console.print(display({REGION: asking}))
    assert "8 record of a deleted user" in shown.get()
    assert "standby approve" in shown.get()


class TestResume:
    @pytest.fixture
    def broken(self, here: RunWorld) -> str:
        here.ends = ExecutionStatus.FAILED
        run("reconcile", "--wait", "--region", REGION)
        here.ends = ExecutionStatus.SUCCEEDED
        (name,) = here.machine.started
        return name

    def test_it_is_redriven(self, here: RunWorld, broken: str) -> None:
        result = run("reconcile", "--resume", broken)
        assert result.exit_code == 0, result.output
        assert "goes on where it stopped" in result.output
        assert here.executions.redriven == [InMemoryReconciliations.PREFIX + broken]

    def test_a_new_execution_where_that_is_too_late(self, here: RunWorld, broken: str) -> None:
        here.clock.advance(15 * 86_400)
        result = run("reconcile", "--resume", broken, "--wait", "--region", REGION)
        assert result.exit_code == 0, result.output
        assert here.given[-1] == {"resume": broken}
        assert "ALL" in result.output.upper()

    def test_not_beside_another_run(self, here: RunWorld, broken: str) -> None:
        holder = here.hold()
        result = run("reconcile", "--resume", broken, "--region", REGION)
        assert result.exit_code == 2
        assert holder.execution in result.output

    def test_one_that_ended(self, here: RunWorld) -> None:
        run("reconcile", "--wait", "--region", REGION)
        (name,) = here.machine.started
        result = run("reconcile", "--resume", name)
        assert result.exit_code == 2
        assert f"standby reports {name}" in result.output

    def test_an_unknown_one(self, pair: Pair) -> None:
        for flag in ("--resume", "--follow"):
            result = run("reconcile", flag, "nobody")
            assert result.exit_code == 2
            assert f"there is no run nobody in {REGION}" in result.output


class TestSeed:
    def test_it_estimates_and_asks_first(self, pair: Pair) -> None:
        result = run("reconcile", "--seed", said="n\n")
        assert result.exit_code == 2
        assert "nothing was started" in result.output
        assert [world.given for world in pair.values()] == [[], []]
        for words in (f"{REGION} (active)", f"{OTHER} (standby)", "Essentials", "$0.04"):
            assert words in result.output

    def test_the_estimate_can_be_read_at_80_columns(self, pair: Pair) -> None:
        told = run("reconcile", "--seed", columns=80).output
        for words in (f"{REGION} (active)", f"{OTHER} (standby)", "UserResourceRead", "Essentials"):
            assert words in told, told

    def test_nobody_there_is_a_no(self, pair: Pair) -> None:
        assert run("reconcile", "--seed").exit_code == 2
        assert pair[REGION].given == []

    def test_first_the_active_region_then_the_standby(self, pair: Pair) -> None:
        result = run("reconcile", "--seed", said="y\n")
        assert result.exit_code == 0, result.output
        ran = [
            json.loads(kept)["run"]
            for world in pair.values()
            for name, kept in world.run_folder.files.bodies.items()
            if name.endswith(".json") and name.startswith("reports/")
        ]
        assert [(each["region"], each["seeding"]) for each in ran] == [
            (REGION, True),
            (OTHER, True),
        ]

    def test_a_failure_in_the_active_region_leaves_the_standby_alone(self, pair: Pair) -> None:
        pair[REGION].ends = ExecutionStatus.FAILED
        result = run("reconcile", "--seed", "--yes")
        assert result.exit_code == 1
        assert "the active Region comes first" in result.output
        assert pair[OTHER].given == []

    def test_not_without_both_regions(self, pair: Pair) -> None:
        pair[OTHER].switch.dark = True
        assert run("reconcile", "--seed", "--yes").exit_code == 2
        assert pair[REGION].given == []


@pytest.mark.parametrize("command", ["approve", "reject"])
class TestAnswers:
    def test_the_reasons_come_first(self, here: RunWorld, command: str) -> None:
        holder = here.hold()
        here.ask(holder)
        result = run(command, holder.id, said="y\n")
        assert result.exit_code == 0, result.output
        assert result.output.index("9 users would be deleted") < result.output.index("[y/N]")
        assert here.machine.answered == {f"token-{holder.id}": command == "approve"}
        again = run(command, holder.id, "--yes")
        assert again.exit_code == 1
        assert "has no open question" in again.output

    def test_of_an_emptied_pool_it_says_what_the_answer_does(
        self, here: RunWorld, command: str
    ) -> None:
        holder = here.hold()
        here.ask(holder, reasons=(f"{EMPTIED}: 9 of 10 whom the ledger knows are missing",))
        result = run(command, holder.id, said="n\n")
        asks = "Delete them, in both Regions?" if command == "approve" else "Reject it?"
        assert (result.exit_code, asks in result.output) == (1, True), result.output
        assert here.machine.answered == {}

    def test_a_blank_id_means_no_run(self, here: RunWorld, command: str) -> None:
        here.ask(here.hold())
        for blank in ("", " "):
            assert run(command, blank, "--yes").exit_code == 2
        assert here.machine.answered == {}

    def test_a_no_answers_nothing(self, here: RunWorld, command: str) -> None:
        holder = here.hold()
        here.ask(holder)
        result = run(command, holder.id, said="n\n")
        assert result.exit_code == 1
        assert here.machine.answered == {}
        assert here.register.question(holder.id) is not None

    def test_expired(self, here: RunWorld, command: str) -> None:
        holder = here.hold()
        here.ask(holder, hours=1)
        here.run_folder.judged(holder, missing(2))
        here.clock.advance(3601)
        here.end(holder, Answer.EXPIRED)
        result = run(command, holder.id, "--yes")
        assert result.exit_code == 1
        assert "its question expired" in result.output
        assert here.machine.answered == {}

    def test_answered_elsewhere_in_the_meantime(self, here: RunWorld, command: str) -> None:
        holder = here.hold()
        here.ask(holder)
        here.machine.waiting.clear()
        result = run(command, holder.id, "--yes")
        assert result.exit_code == 1
        assert "nobody waits for it any more" in result.output

    def test_an_unknown_run(self, pair: Pair, command: str) -> None:
        result = run(command, "nobody", "--yes")
        assert result.exit_code == 2
        assert f"no run nobody in {REGION} or {OTHER}" in result.output

    def test_a_dark_region_does_not_hide_the_other(self, pair: Pair, command: str) -> None:
        holder = pair[OTHER].hold()
        pair[OTHER].ask(holder)
        pair[REGION].switch.dark = True
        result = run(command, holder.id[:3], "--yes")
        assert result.exit_code == 0, result.output
        assert f"{REGION}: could not be reached" in result.output.replace("\n", " ")


class TestReports:
    def test_a_bucket_without_reports(self, pair: Pair) -> None:
        result = run("reports")
        assert result.exit_code == 0
        assert f"{REGION}: no reports yet" in result.output

    def test_the_list(self, here: RunWorld) -> None:
        for suspects in (2, 0, 5):
            here.run_folder.whole_run(missing(suspects))
        here.run_folder.files.write("reports/2026-09-09/broken.json", b"{}")
        result = run("reports", "--region", REGION, "--limit", "3")
        assert result.exit_code == 0
        lines = [line for line in result.output.splitlines() if "run-" in line or "broken" in line]
        assert [line.split()[1] for line in lines] == ["broken", "run-3", "run-2"]
        told = json.loads(run("reports", "--region", REGION, "--json").output)
        assert [each.get("totals", {}).get("drift") for each in told[0]["reports"]] == [
            None,
            5,
            0,
            2,
        ]

    def test_one_of_them(self, here: RunWorld) -> None:
        here.run_folder.whole_run(missing(2), Did.LEFT)
        result = run("reports", "run-1")
        assert result.exit_code == 1, "as the run"
        assert "missing record" in result.output
        assert json.loads(run("reports", "run-1", "--json").output)["verdict"] == "drift left"

    def test_an_unknown_one(self, pair: Pair) -> None:
        result = run("reports", "nobody")
        assert result.exit_code == 2
        assert "there is no report of a run nobody" in result.output

    def test_it_is_opened_from_a_folder_of_its_own(
        self, here: RunWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        here.run_folder.whole_run(missing(2))
        folder = partial(tempfile.mkdtemp, dir=tmp_path)
        monkeypatch.setattr(reports_command, "tempfile", SimpleNamespace(mkdtemp=folder))
        opened: list[str] = []

        def browse(uri: str) -> bool:
            opened.append(uri)
            return True

        monkeypatch.setattr(reports_command, "webbrowser", SimpleNamespace(open=browse))
        assert run("reports", "run-1", "--open").exit_code == 0
        path = Path(opened[0].removeprefix("file://"))
        assert path.read_text().startswith("<!doctype html>")
        assert path.parent.stat().st_mode & 0o077 == 0
        assert run("reports", "--open").exit_code == 2

    def test_a_dark_region(self, pair: Pair) -> None:
        pair[OTHER].switch.dark = True
        assert run("reports").exit_code == 1
        assert run("reports", "--region", OTHER).exit_code == 2
