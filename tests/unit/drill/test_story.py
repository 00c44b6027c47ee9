"""Scenes one after the other, and what the command makes of them."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

import local.__main__ as local_command
from local.drill.command import Wanted, judged, write
from local.drill.operator import NEVER_ENDED, Operator
from local.drill.scene import Claim, SceneError
from local.drill.story import play
from local.drill.traffic import Act, acts, strangers
from local.drill.world import World
from tests.cli_runner import CliRunner
from tests.unit.drill.a_day import HOSTILE, a_day


@dataclass(frozen=True)
class Trial:
    """A scene that does nothing. `trouble`: it breaks off after its claims."""

    name: str
    claims: tuple[Claim, ...] = ()
    trouble: str = ""
    shows: str = "Something."

    def run(self, world: World) -> Iterator[Claim]:
        yield from self.claims
        if self.trouble:
            raise SceneError(self.trouble)


@pytest.fixture
def world() -> World:
    ticks = itertools.count(100)
    return cast(World, SimpleNamespace(clock=lambda: float(next(ticks))))


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=200)


GOOD, BAD = Claim("so it is", True, "1 of 1"), Claim("so it is not", False, "0 of 1")


def test_each_scene_is_timed_and_keeps_its_claims(world: World, console: Console) -> None:
    played = play([Trial("a", (GOOD,)), Trial("b", (GOOD, BAD)), Trial("c")], world, console)
    assert [(each.name, each.held) for each in played] == [("a", True), ("b", False), ("c", True)]
    assert all(each.started is not None and each.ended for each in played)


def test_after_one_that_broke_off_none_is_begun(world: World, console: Console) -> None:
    played = play([Trial("a", (GOOD,), "nobody came"), Trial("b", (GOOD,))], world, console)
    assert played[0].broke == "nobody came"
    assert played[0].claims == (GOOD,)
    assert (played[1].claims, played[1].started, played[1].held) == ((), None, False)
    assert played[1].broke == "not begun: the drill had broken off"


def test_markup_in_what_was_seen_does_not_break_the_terminal(world: World) -> None:
    out = io.StringIO()
    claim = Claim("[bold", True, f"[/] {HOSTILE}")
    play([Trial("[/]", (claim,))], world, Console(file=out, width=200))
    assert f"[/] {HOSTILE}" in out.getvalue()


def test_the_page_and_its_facts_lie_side_by_side(tmp_path: Path) -> None:
    write(a_day(), tmp_path / "deep" / "report.html")
    assert sorted(each.name for each in (tmp_path / "deep").iterdir()) == [
        "report.html",
        "report.json",
    ]


def test_a_call_that_the_judge_of_rights_does_not_know_fails_the_drill() -> None:
    assert judged({"evaluated": 9, "refused": 1, "unknown": []}).held
    assert not judged({"evaluated": 9, "refused": 0, "unknown": ["sns:Publish"]}).held


@pytest.mark.parametrize(("held", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_says_whether_all_is_as_claimed(
    monkeypatch: pytest.MonkeyPatch, held: bool, code: int
) -> None:
    asked: list[Wanted] = []

    def played(console: Console, wanted: Wanted) -> bool:
        asked.append(wanted)
        return held

    monkeypatch.setattr(local_command, "run_drill", played)
    result = CliRunner().invoke(local_command.app, ["drill", "--seed", "3", "--people", "20"])
    assert result.exit_code == code
    assert (asked[0].seed, asked[0].people) == (3, 20)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ('{"kind": "rain"}', "rain"),
        ("1", "object"),
        ("[1, 2]", "object"),
        ("null", "object"),
        ("{", "JSON"),
    ],
)
def test_a_fault_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, fault: str, told: str
) -> None:
    never: Callable[..., Any] = pytest.fail
    monkeypatch.setattr(local_command, "run_drill", never)
    result = CliRunner().invoke(local_command.app, ["drill", "--fault", fault])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert told in result.stdout


def test_a_command_that_does_not_end_breaks_its_scene_off_and_is_told(
    world: World, console: Console, tmp_path: Path
) -> None:
    operator = Operator(tmp_path / "none.json", world.clock, seconds=0.01)

    @dataclass(frozen=True)
    class Waits(Trial):
        def run(self, world: World) -> Iterator[Claim]:
            yield GOOD
            operator.run("status")

    (played,) = play([Waits("a")], world, console)
    assert played.claims == (GOOD,)
    assert "`standby status` did not end" in played.broke
    (command,) = operator.commands
    assert (command.typed, command.code) == ("standby status", NEVER_ENDED)


def test_the_same_seed_brings_the_same_people_and_changes() -> None:
    def plan(seed: int) -> list[Act]:
        people = list(itertools.islice(strangers(seed, "person"), 12))
        return acts(people, strangers(seed, "late"), seed, 30)

    assert plan(7) == plan(7)
    assert plan(7) != plan(8)
    changed = [(act.person.username, act.field) for act in plan(7) if act.field]
    assert len(changed) == len(set(changed)), "nobody changes the same thing twice"
