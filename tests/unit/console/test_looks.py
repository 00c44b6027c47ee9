"""A look at both Regions that something changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cognito_standby.console.ports import LagPoint
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.operator.operator_world import OTHER


@dataclass
class Meanwhile:
    """LagFigures, which are read after the counts of a look: something happens then, once."""

    happens: Callable[[], None]
    points: Sequence[LagPoint] = ()

    def lag_over_time(self, since: datetime, until: datetime, seconds: int) -> Sequence[LagPoint]:
        """None."""
        del since, until, seconds
        happens, self.happens = self.happens, lambda: None
        happens()
        return self.points


def test_a_look_during_which_something_was_changed_here_is_not_believed() -> None:
    world = ConsoleWorld()

    def change() -> None:
        world.pair[OTHER].world.gauges.parked = 3
        world.looks.forget()

    world.lag[OTHER] = Meanwhile(change)  # type: ignore[assignment]
    browser = world.browser()
    world.looks.fresh()
    assert "3 parked hints" not in browser.get("/").words
    world.looks.fresh()
    assert "3 parked hints" in browser.get("/").words, "no time has passed"
