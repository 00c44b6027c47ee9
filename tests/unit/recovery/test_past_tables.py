"""The table of a time: names, opening, closing, and what crashed restores left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.recovery.domain.past_tables import past_prefix, restore_of, to_the_second
from cognito_standby.recovery.services.past_tables import clear_past, close_past, open_past
from tests.twins.clock import ManualClock
from tests.twins.stores.past_tables import InMemoryPastTables

DAY = timedelta(days=1)


@dataclass
class Machine:
    """Restores."""

    running: bool = False

    def any_running(self) -> bool:
        return self.running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tables(clock: ManualClock) -> InMemoryPastTables:
    return InMemoryPastTables(clock, earliest=clock.now() - 35 * DAY)


def test_no_other_table_has_the_name_of_one() -> None:
    prefix = past_prefix("alpha")
    assert restore_of(prefix, f"{prefix}r-1") == "r-1"
    others = (
        "alpha-records",
        "alpha-past-records",
        "alpha.past.",
        "alpha.past.a.b",
        "xalpha.past.r",
    )
    assert [restore_of(prefix, name) for name in others] == [None] * len(others)


@pytest.mark.parametrize("wrong", ["", "a.b", "a/b", "a" * 81, "ä", "a\n"])
def test_what_is_no_id_of_a_restore_names_no_table(tables: InMemoryPastTables, wrong: str) -> None:
    with pytest.raises(InvalidRecordError):
        close_past(tables, wrong)


def test_it_is_asked_until_it_is_there_and_until_it_is_gone(
    tables: InMemoryPastTables, clock: ManualClock
) -> None:
    as_of = clock.now() - timedelta(hours=1)
    first = open_past(tables, clock, "r1", as_of)
    assert (first.table, first.ready) == ("twin.past.r1", False)
    assert not open_past(tables, clock, "r1", as_of).ready
    assert not close_past(tables, "r1")  # it cannot go before it has come
    clock.advance(60)
    for _ in range(2):
        assert open_past(tables, clock, "r1", as_of).ready
    assert not close_past(tables, "r1")
    assert not open_past(tables, clock, "r1", as_of).ready  # the former one goes first
    assert not close_past(tables, "r1")
    clock.advance(60)
    for _ in range(2):
        assert close_past(tables, "r1")
    assert not open_past(tables, clock, "r1", as_of).ready


def test_the_latest_minutes_are_waited_for(tables: InMemoryPastTables, clock: ManualClock) -> None:
    as_of = clock.now() - timedelta(minutes=1)
    assert not open_past(tables, clock, "r1", as_of).ready
    assert tables.tables == {}
    clock.advance(240)
    open_past(tables, clock, "r1", as_of)
    clock.advance(60)
    assert open_past(tables, clock, "r1", as_of).ready


@pytest.mark.parametrize(
    ("hours", "why"), [(1, "in the future"), (-36 * 24, "nothing is kept")], ids=["future", "old"]
)
def test_a_time_that_cannot_be_restored_is_refused(
    tables: InMemoryPastTables, clock: ManualClock, hours: int, why: str
) -> None:
    with pytest.raises(InvalidRecordError, match=why):
        open_past(tables, clock, "r1", clock.now() + timedelta(hours=hours))
    assert tables.tables == {}


def test_without_recovery_there_is_no_table_of_a_time(clock: ManualClock) -> None:
    with pytest.raises(InvalidRecordError, match="no point-in-time recovery"):
        open_past(InMemoryPastTables(clock, None), clock, "r1", clock.now())


def test_a_restore_has_one_time(tables: InMemoryPastTables, clock: ManualClock) -> None:
    open_past(tables, clock, "r1", clock.now() - DAY)
    with pytest.raises(InvalidRecordError, match="another time"):
        open_past(tables, clock, "r1", clock.now() - 2 * DAY)


def test_what_crashed_restores_left_goes_after_a_day_unless_a_restore_runs(
    tables: InMemoryPastTables, clock: ManualClock
) -> None:
    machine, as_of = Machine(), clock.now() - DAY
    open_past(tables, clock, "old", as_of)
    clock.advance(23 * 3600)
    open_past(tables, clock, "new", as_of)
    assert clear_past(tables, machine, clock) == 0
    clock.advance(2 * 3600)
    machine.running = True
    assert clear_past(tables, machine, clock) == 0
    machine.running = False
    assert clear_past(tables, machine, clock) == 1
    clock.advance(60)
    assert tables.restores() == ["new"]
    assert clear_past(tables, machine, clock) == 0


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-11-29T18:00:00.9Z", "2026-11-29T18:00:00+00:00"),
        ("2026-11-29T18:00:00+02:00", "2026-11-29T16:00:00+00:00"),
        ("2026-11-29T18:00:00", None),
        ("yesterday", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("", None),
    ],
)
def test_times(given: str, read: Any) -> None:
    if read is not None:
        assert to_the_second(given).isoformat() == read
        return
    with pytest.raises(InvalidRecordError):
        to_the_second(given)
