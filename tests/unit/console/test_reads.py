"""What the pages ask when there is much of everything: the same as when there is one.

The twins stand for AWS: a call of a port is a call, or the pages of one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.subjects import Subject, digest
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.operator.ports import Attention, Envelope
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.operator.services.run_context import RunContext
from tests.twins.operator.conflicts import InMemoryConflictFinder
from tests.twins.stores.ledger import InMemoryLedger
from tests.unit.console.console_world import ConsoleWorld, Counting
from tests.unit.operator.operator_world import OTHER

SOME = "7aa8e53f-49f8-490b-85ce-ab66c1bb28c9"
NO_PORTS = {"region", "clock", "pause", "fenced", "runs", "user_pool_id", "admin"}
LISTS = (
    *("/letters", "/conflicts", "/executions", "/reports", "/do", "/jobs", "/people"),
    *(f"/conflict?subject={digest(SOME)}", f"/person?sub={SOME}"),
    *(f"/do/redrive?region={OTHER}", f"/do/keep?region={OTHER}&weight=deletion"),
    *(f"/do/reconcile?region={OTHER}", f"/do/decide?region={OTHER}&subject={digest(SOME)}"
      "&kind=undone&decision=keep"),
)  # fmt: skip
SAMPLING = (f"/person?sub={SOME}",)
"""Step Functions tells in no list whom an execution is about, so the newest ones are described."""
SAMPLED = 50
"""More than are ever looked at one by one."""


class Counted(ConsoleWorld):
    """`asked`: port and method -> calls, in both Regions. As many of everything in the standby."""

    def __init__(self, letters: int, others: int) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        self.desks.make_healthy()
        desk, now = self.pair[OTHER].world, self.clock.now()
        for number in range(letters):
            desk.letters._letters[str(number)] = Envelope(str(number), "", "not JSON")
        ledger, keys = InMemoryLedger(self.clock), [SOME, *(f"s-{n}" for n in range(1, others))]
        for key in keys:
            lost = Conflict(Subject.user(key), ConflictKind.UNDONE, {"present": ""})
            ledger.note_conflict(lost)
            arn = f"arn:aws:states:us-west-2:1:execution:standby-sync_user:{key}"
            for status in (ExecutionStatus.FAILED, ExecutionStatus.RUNNING):
                began = now - timedelta(minutes=1)
                desk.executions.add(Execution(f"{arn}-{status}", status, began, now))
        subjects = tuple(Subject.user(key).key for key in keys)
        desk.gauges.rows = Attention({"failed": others}, subjects)
        desk.gauges.listed = Attention({"conflict_deletion": others}, subjects)
        self.more[OTHER] = {"conflicts": InMemoryConflictFinder(ledger), "ledger": ledger}

    def open(self, region: str) -> Any:
        """With ports that count."""
        seen: Any = super().open(region)
        runs = self._counted(seen.context.runs, "runs.")
        return replace(
            seen,
            context=replace(self._counted(seen.context), runs=runs),
            histories=Counting(seen.histories, self.asked, "histories."),
            lag=Counting(seen.lag, self.asked, "lag."),
        )

    def _counted(self, context: OperatorContext | RunContext, told: str = "") -> Any:
        ports: dict[str, Any] = {
            each.name: Counting(port, self.asked, f"{told}{each.name}.")
            for each in fields(context)
            if each.name not in NO_PORTS and (port := getattr(context, each.name)) is not None
        }
        return replace(context, **ports)


@cache
def _asked(path: str, letters: int, others: int) -> Counter[str]:
    """By one page."""
    world = Counted(letters, others)
    page = world.browser().get(path)
    assert page.status == 200, page.words
    return world.asked


@pytest.mark.parametrize("path", LISTS)
def test_a_page_of_much_asks_what_a_page_of_one_asks(path: str) -> None:
    others = SAMPLED if path in SAMPLING else 1
    one, much = _asked(path, 1, others), _asked(path, 10_000, 500)
    assert one == much
    assert not [each for each in much if "listing" in each], "no page lists a pool"


def test_what_a_page_asks_of_a_region_is_little() -> None:
    """Whatever is on it: a count for each port's method, of both Regions."""
    assert _asked("/letters", 10_000, 500) == {"letters.count": 2, "letters.peek": 1}
    assert _asked("/conflicts", 10_000, 500) == {"conflicts.worst": 1}
    assert _asked("/executions", 10_000, 500) == {"executions.recent": 10}
    assert _asked(f"/do/redrive?region={OTHER}", 10_000, 500) == {}


def test_a_look_at_both_regions_samples_and_asks_about_nobody_else() -> None:
    few, many = Counted(1, SAMPLED), Counted(10_000, 500)
    for world in (few, many):
        world.looks.fresh()
    assert few.asked == many.asked
    assert sum(many.asked.values()) < 150, many.asked
    before = many.asked.copy()
    many.browser().get("/")
    assert many.asked == before, "the page shows the last look"
