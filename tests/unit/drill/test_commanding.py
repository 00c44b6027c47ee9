"""What the drill's operator types when a check of a failover was not answered, or failed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.drill.scene import SceneError
from local.drill.scenes.failover import commanded_until_known
from local.drill.timeline import Command
from local.drill.world import World


class Answering:
    """An operator whose command answers one after the other: (exit code, checks)."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        self.answers, self.typed = list(answers), list[tuple[str, ...]]()
        self.commands: list[Command] = []

    def json(self, *arguments: str, good: tuple[int, ...]) -> Any:
        code, outcomes = self.answers.pop(0)
        assert code in good
        self.typed.append(arguments)
        self.commands.append(Command(" ".join(arguments), 0.0, 1.0, code))
        checks = [{"name": n, "outcome": o, "stops": True} for n, o in outcomes.items()]
        return {"checks": checks, "execution": "", "why": "in the way"}


def typed(*answers: tuple[int, dict[str, str]], patience: float = 60.0) -> list[tuple[str, ...]]:
    operator = Answering(*answers)
    world = SimpleNamespace(operator=operator, patience=patience, say=lambda _: None)
    commanded_until_known(cast(World, world), "--yes")
    return operator.typed


LATE: tuple[int, dict[str, str]] = (1, {"letters": "UNKNOWN"})
DONE: tuple[int, dict[str, str]] = (0, {})


def test_what_is_answered_late_is_typed_again_as_often_as_it_takes() -> None:
    assert typed(*[LATE] * 9, DONE) == [("failover", "--yes")] * 10
    with pytest.raises(SceneError):
        typed(LATE, DONE, patience=-1.0)


def test_late_replication_is_accepted_by_name_and_stays_so() -> None:
    accepting = ("failover", "--yes", "--accept", "lag")
    assert typed((1, {"lag": "FAILED"}), LATE, DONE) == [("failover", "--yes"), *[accepting] * 2]


@pytest.mark.parametrize("failed", [{"brake": "FAILED"}, {"brake": "FAILED", "lag": "FAILED"}])
def test_nothing_else_that_failed_is_accepted(failed: dict[str, str]) -> None:
    with pytest.raises(SceneError):
        typed((1, failed), DONE)
