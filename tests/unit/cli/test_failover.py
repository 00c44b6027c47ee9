"""`standby failover` on twins of both Regions: checks, refusals, runs that are done again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.cli.views import failover as view
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.table_replication import TableReplication, Tie
from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.operator.ports import Attention, Lag
from cognito_standby.recovery.domain.checks import NAMES, World
from tests.twins.failover_machine import InMemoryMachine
from tests.unit.cli.test_cli_runs import Pair, pair, run
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.recovery.desks import FINE, Desks

__all__ = ["pair"]
pytestmark = pytest.mark.usefixtures("socket_disabled")
PLANNED = ("failover", "--to", OTHER, "--planned", "--yes")
OUTAGE = ("failover", "--to", OTHER, "--outage", "--yes")
ABORT = ("failover", "--to", OTHER, "--abort", "--yes")


@pytest.fixture
def desks(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Desks:
    made = Desks(pair)
    monkeypatch.setattr(view, "open_in", made.open_in)
    made.make_healthy()
    return made


def active(desks: Desks) -> str:
    return desks.items[REGION].standing().claims.highest().region


def parsed(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def test_a_planned_failover_and_the_way_home(desks: Desks) -> None:
    result = run(*PLANNED)
    assert result.exit_code == 0, result.output
    assert active(desks) == OTHER
    assert f"{OTHER} is active" in result.output
    assert f"standby failover --to {REGION} --planned" in result.output, "what comes next"
    home = run("failover", "--to", REGION, "--planned", "--yes")
    assert (home.exit_code, active(desks)) == (0, REGION), home.output


def test_in_an_outage_the_other_region_is_never_called(desks: Desks, pair: Pair) -> None:
    desks.dark.add(REGION)
    told = parsed(*OUTAGE)
    assert told["outcome"] == "claimed"
    assert not desks.machines[REGION][1].executions
    unknown = [each for each in told["checks"] if each["outcome"] == "UNKNOWN"]
    assert {each["region"] for each in unknown} == {REGION}
    assert all(
        "is not asked; last heard of within" in e["told"] for e in unknown if e["name"] != "source"
    )
    assert "within the last hour" in unknown[0]["told"]
    assert "2.0 s" in told["losses"][0]
    assert any("reconcile --region" in step for step in told["to_do"])


def test_a_plan_needs_the_other_region(desks: Desks) -> None:
    desks.dark.add(REGION)
    result = run(*PLANNED)
    assert result.exit_code == 1
    assert "has to stand down" in result.output
    assert active(desks) == REGION
    accepted = run(*PLANNED, "--accept", "source")
    assert accepted.exit_code == 2, "and no acceptance makes it stand down"


@pytest.mark.parametrize("flags", [(), ("--planned", "--outage"), ("--outage", "--abort")])
def test_how_has_to_be_said(desks: Desks, flags: tuple[str, ...]) -> None:
    result = run("failover", "--to", OTHER, "--yes", *flags)
    assert result.exit_code == 2
    assert "say how" in result.stderr
    assert active(desks) == REGION


def test_refusals_before_anything_is_done(desks: Desks) -> None:
    for arguments, why in (
        (("failover", "--to", "eu-north-1", "--outage", "--yes"), "is not one of"),
        (("failover", "--to", "eu-north-1", "--planned", "--yes"), "is not one of"),
        (("failover", "--to", REGION, "--outage", "--yes"), "is the active Region already"),
        (("failover", "--to", REGION, "--planned", "--yes"), "is the active Region already"),
        (("failover", "--to", REGION, "--planned", "--dry-run"), "is the active Region already"),
        ((*OUTAGE, "--accept", "everything"), f"There are: {', '.join(NAMES)}"),
        (OUTAGE[:-1], "there is nobody to ask"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, result.output
        assert why in " ".join(result.stderr.split()), result.stderr
    desks.dark.add(OTHER)
    assert run(*OUTAGE).exit_code == 2
    assert not any(m.executions for pair in desks.machines.values() for m in pair)


def test_a_dry_run_changes_nothing(desks: Desks) -> None:
    result = run("failover", "--to", OTHER, "--planned", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "nothing is in the way" in result.output
    assert f"standby failover --to {OTHER} --planned  # does it" in result.output, "what comes next"
    assert not any(m.executions for pair in desks.machines.values() for m in pair)


def _letter(pair: Pair, _: Desks) -> None:
    pair[OTHER].world.letters.send("{}")


def _late(pair: Pair, _: Desks) -> None:
    pair[OTHER].world.gauges.measured = Lag(5_000, 90_000)


def _parked(pair: Pair, _: Desks) -> None:
    pair[OTHER].world.gauges.parked = 3


def _failed(pair: Pair, _: Desks) -> None:
    pair[OTHER].world.gauges.rows = Attention({"quarantined": 2})


def _asked(pair: Pair, _: Desks) -> None:
    world = pair[OTHER]
    world.ask(world.hold())


def _recovered(_: Pair, desks: Desks) -> None:
    desks.worlds[OTHER] = World(True, True, ("recovery-1",))


def _another_table(_: Pair, desks: Desks) -> None:
    desks.worlds[OTHER] = World(False, True, ())


def _unprotected(_: Pair, desks: Desks) -> None:
    desks.worlds[OTHER] = World(True, False, ())


def _unknown(_: Pair, desks: Desks) -> None:
    desks.worlds[OTHER] = World(None, True, ())


@pytest.mark.parametrize(
    ("fenced", "told"),
    [
        (True, "nothing: the other Region stands down first, and all that it wrote arrives"),
        (False, f"the pool of {REGION} has no fence"),
        (None, f"whether the pool of {REGION} has a fence is not known"),
    ],
)
def test_nothing_is_lost_by_a_plan_only_behind_a_fence(
    desks: Desks, fenced: bool | None, told: str
) -> None:
    desks.fenced = fenced
    losses = parsed("failover", "--to", OTHER, "--planned", "--dry-run")["losses"]
    assert told in losses[0]
    assert ("nothing" in losses[0]) is (fenced is True)


@pytest.mark.parametrize("dark", [False, True], ids=["answers", "dark"])
def test_the_source_has_the_same_rows_whether_it_answers_or_not(desks: Desks, dark: bool) -> None:
    """Lag is the target's own figure: how late what it replays is."""
    if dark:
        desks.dark.add(REGION)
    told = parsed("failover", "--to", OTHER, "--planned", "--dry-run")
    names = [each["name"] for each in told["checks"] if each["region"] == REGION]
    rows = ("letters", "parked", "running", "attention", "report", "brake")
    assert names == ["source", *rows]


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        *((_letter, "letters"), (_late, "lag"), (_parked, "parked"), (_failed, "attention")),
        *((_asked, "brake"), (_recovered, "pool_recovery"), (_another_table, "table")),
        *((_unprotected, "table_recovery"), (_unknown, "table")),
    ],
)
@pytest.mark.parametrize("how", [PLANNED, OUTAGE], ids=["planned", "outage"])
def test_a_failed_check_stops_it_unless_accepted_by_name(
    desks: Desks, pair: Pair, how: tuple[str, ...], spoil: Any, check: str
) -> None:
    spoil(pair, desks)
    stopped = run(*how)
    assert stopped.exit_code == 1, stopped.output
    assert f"--accept {check}" in stopped.output, "--yes passes no failed check"
    assert active(desks) == REGION
    assert not any(m.executions for both in desks.machines.values() for m in both)
    assert desks.items[REGION].standing().own is None, "and nobody stood down"
    assert run(*how, "--accept", check).exit_code == 0
    assert active(desks) == OTHER


@pytest.mark.parametrize(
    ("canary", "how", "outcome", "stopped"),
    [
        (None, PLANNED, "UNKNOWN", False),
        (None, OUTAGE, "UNKNOWN", False),
        (3_900.0, PLANNED, "FAILED", True),
        (3_900.0, OUTAGE, "FAILED", False),
        (2.0, PLANNED, "PASSED", False),
    ],
)
def test_a_silent_hour_is_no_short_lag(
    desks: Desks,
    pair: Pair,
    canary: float | None,
    how: tuple[str, ...],
    outcome: str,
    stopped: bool,
) -> None:
    """Where a canary is, it is changed every few minutes: its silence says that nothing arrives."""
    pair[OTHER].world.gauges.measured = None
    pair[OTHER].world.gauges.canary_lag = canary
    dry = parsed(*(each for each in how if each != "--yes"), "--dry-run")
    (lag,) = [each for each in dry["checks"] if each["name"] == "lag"]
    assert lag["outcome"] == outcome
    assert (
        "nothing was replayed here in the last hour; the last time more than 7 days" in lag["told"]
    )
    assert run(*how).exit_code == (1 if stopped else 0)
    assert active(desks) == (REGION if stopped else OTHER)


def test_tables_that_do_not_replicate_stop_a_plan_before_a_door_closes(desks: Desks) -> None:
    """Of two accounts. In an outage the other one may be gone, its table with it."""
    broken = TableReplication(Tie.BROKEN, f"{REGION}: REPLICATION_NOT_AUTHORIZED")
    for seen in (broken, None):
        desks.worlds[OTHER] = World(True, True, (), two_accounts=True, replication=seen)
        stopped = run(*PLANNED)
        assert (stopped.exit_code, "--accept replication" in stopped.output) == (1, True)
        assert desks.items[REGION].standing().own is None, "nobody stood down"
    assert run(*OUTAGE).exit_code == 0
    assert active(desks) == OTHER


def test_tables_that_replicate_are_told_of_two_accounts_alone(desks: Desks) -> None:
    well = World(True, True, (), two_accounts=True, replication=TableReplication(Tie.JOINED))
    for world, rows in ((FINE, 0), (well, 1)):
        desks.worlds[OTHER] = world
        told = parsed("failover", "--to", OTHER, "--planned", "--dry-run")
        found = [each for each in told["checks"] if each["name"] == "replication"]
        assert [each["outcome"] for each in found] == ["PASSED"] * rows


def test_an_old_report_stops_an_outage_and_no_plan(desks: Desks, pair: Pair) -> None:
    pair[OTHER].clock.advance(3 * 86_400)
    assert "--accept report" in run(*OUTAGE).output
    assert run(*PLANNED).exit_code == 0


def test_what_broke_off_goes_on_when_it_is_run_again(desks: Desks) -> None:
    desks.ends["fail_over"] = "MisconfiguredError"
    broken = run(*OUTAGE)
    assert broken.exit_code == 1
    assert "MisconfiguredError" in broken.output
    del desks.ends["fail_over"]
    again = run(*OUTAGE)
    assert (again.exit_code, active(desks)) == (0, OTHER), again.output
    assert "goes on where it failed" in again.output
    assert list(desks.machines[OTHER][0].executions) == ["epoch-2"]


@pytest.mark.parametrize(
    "error", [ServiceUnavailableError("GetExecutionHistory"), KeyboardInterrupt()]
)
@pytest.mark.parametrize("command", [OUTAGE, PLANNED, ABORT])
def test_what_was_begun_is_not_nothing_though_it_can_be_followed_no_more(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], error: BaseException
) -> None:
    """Credentials end, a Region goes dark, a person leaves: the machine goes on without them."""
    desks.ends.update(fail_over=None, stand_down=None)

    def place(_: str) -> str:
        raise error

    for machines in desks.machines.values():
        for machine in machines:
            monkeypatch.setattr(machine, "place", place)
    result = run(*command)
    assert result.exit_code == 1, result.output
    assert "it broke off" in result.output
    assert f"{' '.join(command[:-1])}  # follows what goes on" in " ".join(
        result.output.split("\n")
    )
    assert any(machine.executions for machines in desks.machines.values() for machine in machines)


def test_who_claimed_and_broke_off_goes_on(desks: Desks) -> None:
    run(*OUTAGE)
    machine = desks.machines[OTHER][0]
    done = machine.executions["epoch-2"]
    machine.executions["epoch-2"] = type(done)(
        done.arn, ExecutionStatus.FAILED, done.started_at, input=done.input
    )
    again = run(*OUTAGE)
    assert again.exit_code == 0, again.output
    assert "has claimed, and goes on" in again.output


def test_a_second_operator_follows_the_first(desks: Desks) -> None:
    desks.ends["fail_over"] = None
    machine = desks.machines[OTHER][0]
    assert machine.start("epoch-2", {"mode": "outage", "accepted": [], "asked": "first"})
    del desks.ends["fail_over"]
    other_mode = run(*PLANNED)
    assert (other_mode.exit_code, "other mode is under way" in other_mode.stderr) == (2, True)
    assert not desks.machines[REGION][1].executions, "nothing stood down for it"


def test_a_region_that_does_not_stand_down_ends_it_with_what_to_do(desks: Desks) -> None:
    desks.ends["stand_down"] = {"turn": "", "why": "drift left"}
    result = run(*PLANNED)
    assert result.exit_code == 1
    for told in ("did not stand down: drift left", "--accept CHECK", "--abort"):
        assert told in result.output


def test_aborting_opens_the_other_region_again(desks: Desks) -> None:
    desks.ends["fail_over"] = {"outcome": "refused", "why": "drift left"}
    assert run(*PLANNED).exit_code == 1
    assert desks.items[REGION].standing().own_or_implicit.stood_down == OTHER
    result = run(*ABORT)
    assert result.exit_code == 0, result.output
    assert "is open again" in result.output
    assert desks.items[REGION].standing().own_or_implicit.stood_down == ""
    del desks.ends["fail_over"]
    assert run(*PLANNED).exit_code == 0, "and another attempt has a name of its own"
    assert list(desks.machines[OTHER][0].executions) == ["epoch-2", "epoch-2-1"]


def test_aborting_is_too_late_after_the_claim(desks: Desks) -> None:
    run(*PLANNED)
    late = run(*ABORT)
    assert (late.exit_code, "too late" in late.output) == (1, True)
    assert active(desks) == OTHER


def test_aborting_with_the_target_dark_is_a_persons_decision(desks: Desks) -> None:
    desks.ends["fail_over"] = {"outcome": "refused", "why": "drift left"}
    run(*PLANNED)
    desks.dark.add(OTHER)
    stopped = run(*ABORT)
    assert (stopped.exit_code, "--accept target" in stopped.output) == (1, True)
    assert run(*ABORT, "--accept", "target").exit_code == 0
    assert desks.items[REGION].standing().own_or_implicit.stood_down == ""


def test_nobody_is_interrupted_while_claiming(desks: Desks) -> None:
    desks.ends["fail_over"] = None
    machine = desks.machines[OTHER][0]
    machine.start("epoch-2", {"mode": "planned", "accepted": [], "asked": "first"})
    machine.where = "Claim Region"
    assert "claiming at this moment" in run(*ABORT).output
    machine.where = "Settle Region"
    assert run(*ABORT).exit_code == 0
    assert machine.executions["epoch-2"].status is ExecutionStatus.ABORTED


def _waits_by_plan(desks: Desks) -> InMemoryMachine:
    """The source has stood down and is lost; the target's machine waits."""
    desks.ends["fail_over"] = None
    machine = desks.machines[OTHER][0]
    machine.start("epoch-2", {"mode": "planned", "accepted": [], "asked": "first"})
    machine.where = "Await Stand Down"
    del desks.ends["fail_over"]
    desks.dark.add(REGION)
    return machine


def test_an_outage_stops_a_plan_whose_source_went_dark(desks: Desks) -> None:
    machine = _waits_by_plan(desks)
    result = run(*OUTAGE)
    assert (result.exit_code, active(desks)) == (0, OTHER), result.output
    assert "the planned one was stopped" in " ".join(result.output.split())
    ended = {name: each.status for name, each in machine.executions.items()}
    assert ended == {"epoch-2": ExecutionStatus.ABORTED, "epoch-2-1": ExecutionStatus.SUCCEEDED}


def test_an_outage_stops_no_plan_that_claims(desks: Desks) -> None:
    machine = _waits_by_plan(desks)
    machine.where = "Claim Region"
    result = run(*OUTAGE)
    assert (result.exit_code, "claiming at this moment" in result.stderr) == (2, True)
    assert list(machine.executions) == ["epoch-2"]
    assert machine.executions["epoch-2"].status is ExecutionStatus.RUNNING


def test_aborting_with_the_source_dark_stops_the_target_and_says_what_is_left(
    desks: Desks,
) -> None:
    machine = _waits_by_plan(desks)
    result = run(*ABORT)
    assert result.exit_code == 1
    assert machine.executions["epoch-2"].status is ExecutionStatus.ABORTED
    told = " ".join(result.output.split())
    for what in (f"{REGION} does not answer", f"--to {OTHER} --abort", f"--to {OTHER} --outage"):
        assert what in told
    desks.dark.clear()
    assert run(*ABORT).exit_code == 0, "and once it answers it opens"


def test_no_region_is_stopped_before_its_mark_is_written(desks: Desks) -> None:
    """Its call would write the mark after the abort has looked, and nobody would take that back."""
    desks.ends["stand_down"] = None
    machine = desks.machines[REGION][1]
    machine.start("epoch-2", {"target": OTHER, "abort": False, "accepted": [], "asked": "first"})
    del desks.ends["stand_down"]
    for where in ("Stand Down", ""):
        machine.where = where
        result = run(*ABORT)
        assert (result.exit_code, "look again in a minute" in result.output) == (1, True)
        assert machine.executions["epoch-2"].status is ExecutionStatus.RUNNING
    machine.where = "Settle Region"
    assert run(*ABORT).exit_code == 0
    assert machine.executions["epoch-2"].status is ExecutionStatus.ABORTED


def test_names_of_checks_are_in_the_runbook() -> None:
    page = Path(__file__).parents[3] / "docs" / "runbooks" / "failover.md"
    text = page.read_text()
    assert not [name for name in NAMES if f"`{name}`" not in text]
