"""`standby readiness` on twins of both Regions: who is named, what to do, and the exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.cli.commands.readiness import CODES
from cognito_standby.cli.views.readiness import DO, do
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.domain.readiness import (
    ReadyVerdict,
    RegionReadiness,
    doubts,
    verdict_of,
)
from cognito_standby.operator.services.status import look_at
from cognito_standby.reconciliation.domain.readiness import (
    LISTED,
    Helpless,
    NotHeldField,
    Readiness,
)
from tests.unit.cli.test_cli_runs import Pair, pair, run
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import RunWorld
from tests.unit.reconciliation.made_up_run import missing

__all__ = ["pair"]
pytestmark = pytest.mark.usefixtures("socket_disabled")
PAGE = Path(__file__).parents[3] / "docs" / "runbooks" / "readiness.md"
PLAN = NotHeldField("sub-ann", "attr:custom:plan", NotHeld.NOT_IN_SCHEMA.value)


def counted(world: RunWorld, *people: Helpless, held: tuple[NotHeldField, ...] = ()) -> str:
    """A run of that Region that found these; its id."""
    folder = world.run_folder
    run = folder.new_run()
    folder.open(run, active=world.active)
    folder.judged(run, [])
    store = folder.context.store(run)
    reasons = {each.reason: 0 for each in people}
    unrecorded = dict(reasons)
    for each in people:
        reasons[each.reason] += 1
        unrecorded[each.reason] += not each.recorded
    store.write_helpless("0a", people[:1])
    store.write_helpless("f1", people[1:])
    store.write_not_held("0a", held)
    store.write_readiness(
        Readiness(
            people=1000,
            reasons={**reasons, "disabled": 3, "verified_email": 900},
            unrecorded={reason: n for reason, n in unrecorded.items() if n},
            linked=7,
            identities=9,
            changed_passwords={} if world.active else {"reset_changed": 12, "keep": 3},
            not_held={held[0].reason: {held[0].field: len(held)}} if held else {},
        )
    )
    folder.write(run)
    return run.id


def parsed(*arguments: str) -> Any:
    return json.loads(run("readiness", "--json", *arguments).stdout)


ANN = Helpless("sub-ann", "local-ann", "no_verified_contact", True)
BEN = Helpless("sub-ben", "local-ben", "no_verified_contact", True)
EVE = Helpless("sub-eve", "sub-eve", "provider_only", False)


@pytest.fixture
def both(pair: Pair) -> Pair:
    """Ann and Ben have no verified address in either pool; Eve is in the active one alone."""
    counted(pair[REGION], ANN._replace(local_sub="sub-ann"), EVE)
    counted(pair[OTHER], ANN, BEN, held=(PLAN,))
    return pair


@pytest.mark.usefixtures("both")
def test_each_person_is_told_once_with_what_to_do() -> None:
    result = run("readiness")
    assert result.exit_code == 1, result.output
    assert "NOT READY" in result.output
    for told in ("no_verified_contact", "provider_only", DO["no_verified_contact"], "7 with"):
        assert told in result.output
    assert result.output.count("12 people set a password while the other Region was active") == 1
    assert result.output.count("3 people set a password while the other Region was active") == 1
    assert f"fields that {OTHER} does not hold" in result.output
    assert "attr:custom:plan" in result.output
    report = parsed()
    assert [(each["reason"], each["people"]) for each in report["reasons"]] == [
        ("no_verified_contact", 2),
        ("provider_only", 1),
    ]
    assert all(each["do"] == DO[each["reason"]] for each in report["reasons"])
    assert {each["key"] for each in report["people"]} == {
        digest("sub-ann"),
        digest("sub-ben"),
        digest("sub-eve"),
    }
    assert len(report["people"]) == 3
    assert report["ends_early"] == {}


@pytest.mark.usefixtures("both")
def test_ids_are_hashed_unless_clear_ones_are_asked_for() -> None:
    for text in (run("readiness").output, run("readiness", "--json").stdout):
        assert "sub-ann" not in text
        assert "local-ann" not in text
        assert digest("local-ann") in text
    clear = parsed("--clear")
    assert {"region": OTHER, "key": "sub-ann", "local_sub": "local-ann", "reason": ANN.reason} in (
        clear["people"]
    )
    assert clear["fields"] == [{"region": OTHER, **PLAN._asdict()}]
    assert "sub-eve" in run("readiness", "--clear").output


@pytest.mark.usefixtures("both")
def test_a_reason_can_be_accepted() -> None:
    assert run("readiness", "--accept", "provider_only").exit_code == 1
    both = ("--accept", "provider_only", "--accept", "no_verified_contact")
    assert run("readiness", *both).exit_code == 0
    refused = run("readiness", "--accept", "verified_email")
    assert refused.exit_code == 2
    assert "verified_email" in refused.output


def test_each_verdict_has_a_code(pair: Pair) -> None:
    assert set(CODES) == set(ReadyVerdict)
    fresh = run("readiness")
    assert fresh.exit_code == 4, fresh.output
    assert "standby reconcile" in fresh.output
    counted(pair[OTHER])
    assert run("readiness").exit_code == 4, "the active Region's is not known"
    counted(pair[REGION])
    assert run("readiness").exit_code == 0
    pair[REGION].switch.dark = True
    dark = run("readiness")
    assert dark.exit_code == 4
    assert "ConnectTimeoutError" in dark.output
    counted(pair[OTHER], ANN)
    assert run("readiness").exit_code == 1, "somebody is known"
    pair[OTHER].switch.dark = True
    assert run("readiness").exit_code == 2


def test_who_came_by_a_provider_in_both_regions_is_counted_once(pair: Pair) -> None:
    fay = EVE._replace(key="sub-fay", local_sub="sub-fay")
    nobody = EVE._replace(key="", local_sub="sub-guy")
    counted(pair[REGION], EVE, fay, nobody)
    come = Helpless("sub-fay", "local-fay", "provider_only", False)
    run_id = counted(pair[OTHER], ANN, come, come._replace(key="", local_sub="local-guy"))
    report = parsed("--clear")
    counts = {each["reason"]: each["people"] for each in report["reasons"]}
    assert counts == {"provider_only": 4, "no_verified_contact": 1}
    told = [each["local_sub"] for each in report["people"]]
    assert sorted(told) == ["local-ann", "local-fay", "local-guy", "sub-eve", "sub-guy"]
    bodies = pair[OTHER].run_folder.files.bodies
    bodies[f"runs/{run_id}/readiness/f1.people"] = b"what\tis\tthis"
    (first, *_) = parsed()["reasons"]
    assert first["people"] == 5, "where it cannot be told, twice is better than not at all"


def test_right_after_a_failover_the_roles_are_told_as_they_are_now(pair: Pair) -> None:
    """The runs are of before: each counted from the other side."""
    for region in (REGION, OTHER):
        counted(pair[region])
    assert run("readiness").exit_code == 0
    for region in (REGION, OTHER):
        table = pair[region].world.table
        table.store(OTHER).put_claim(2)
        table.replicate_all()
    result = run("readiness")
    told = " ".join(result.output.split())
    assert result.exit_code == 4, result.output
    assert f"{REGION}, standby now, active in that run" in told
    assert f"{OTHER}, active now, standby in that run" in told
    assert "standby reconcile --dry-run --wait" in told
    assert {each["now"] for each in parsed()["regions"]} == {"active", "standby"}


def test_only_a_run_of_all_shards_counts(pair: Pair) -> None:
    counted(pair[REGION])
    whole = counted(pair[OTHER])
    folder = pair[OTHER].run_folder
    part = folder.new_run(shards=("0a",))
    folder.open(part, active=False)
    folder.judged(part, [])
    folder.context.store(part).write_readiness(Readiness(people=1, reasons={"unconfirmed": 1}))
    folder.write(part)
    assert run("readiness").exit_code == 0
    assert [each["run"] for each in parsed()["regions"]][1] == whole


def test_drift_that_was_left_is_nobody_who_gets_in(pair: Pair) -> None:
    counted(pair[REGION])
    run_id = counted(pair[OTHER])
    folder = pair[OTHER].run_folder
    later = folder.new_run()
    folder.open(later, active=False)
    suspects = missing(2)
    folder.judged(later, suspects)
    folder.visited(later, [])
    store = folder.context.store(later)
    store.write_readiness(Readiness(people=2))
    folder.write(later)
    result = run("readiness")
    assert result.exit_code == 1, result.output
    assert "2 subjects with drift left" in result.output
    assert run_id != later.id


def test_a_run_whose_files_are_gone_still_counts(pair: Pair) -> None:
    counted(pair[REGION])
    run_id = counted(pair[OTHER], ANN)
    bodies = pair[OTHER].run_folder.files.bodies
    for name in [each for each in bodies if each.startswith(f"runs/{run_id}/")]:
        del bodies[name]
    result = run("readiness")
    assert result.exit_code == 1
    assert "expired" in result.output
    assert parsed()["people"] == []


def test_a_broken_file_ends_its_list_and_says_so(pair: Pair) -> None:
    counted(pair[REGION])
    run_id = counted(pair[OTHER], ANN, BEN)
    files = pair[OTHER].run_folder.files
    files.write(f"runs/{run_id}/readiness/f1.people", b"what\tis\tthis")
    assert "the list ends here" in run("readiness").output
    report = parsed()
    assert [each["key"] for each in report["people"]] == [digest("sub-ann")]
    assert "another shape" in report["ends_early"]["people"]


def test_a_long_list_is_cut_unless_all_are_asked_for(pair: Pair) -> None:
    counted(pair[REGION])
    many = [ANN._replace(key=f"sub-{n}", local_sub=f"local-{n}") for n in range(60)]
    counted(pair[OTHER], *many)
    cut = run("readiness", "--clear").output
    assert (cut.count("local-"), "--all" in cut) == (20, True)
    assert run("readiness", "--clear", "--all").output.count("local-") == 60
    assert len(parsed()["people"]) == 60


@pytest.mark.usefixtures("both")
def test_status_shows_the_counts(pair: Pair) -> None:
    view = look_at(pair[OTHER].context, seconds=20.0)
    assert view.reconciled is not None
    assert view.reconciled.cannot == {"no_verified_contact": 2}
    assert (view.reconciled.not_held, view.reconciled.linked) == (1, 7)
    active = look_at(pair[REGION].context, seconds=20.0).reconciled
    assert active is not None
    assert active.cannot == {"provider_only": 1}
    shown = run("status").output
    assert "2 no_verified_contact; 7 linked, 1 fields not held" in shown
    assert "1 provider_only" in shown


def test_two_runs_of_one_role_are_no_whole() -> None:
    one = RegionReadiness(REGION, run="r", role="active", ready=Readiness())
    other = replace(one, region=OTHER)
    assert "stands by" in doubts([one, other])[0]
    assert verdict_of([one, other], ()) is ReadyVerdict.UNKNOWN
    standing = [replace(each, role="standby") for each in (one, other)]
    assert "no record" in doubts(standing)[0]
    assert doubts([one, replace(other, role="standby")]) == []


def test_every_reason_has_its_advice_and_is_in_the_runbook() -> None:
    assert set(DO) == set(LISTED)
    assert "release" in do("a reason of tomorrow")
    page = PAGE.read_text(encoding="utf-8")
    told = {*LISTED, *ReadyVerdict}
    assert {each.value for each in told if f"`{each.value}`" not in page} == set()
