"""The table of a time: names, opening, closing, and what crashed restores left behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.recovery.domain.past_tables import (
    TableState,
    key_in,
    key_of,
    past_prefix,
    to_the_second,
)
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
    assert key_in(prefix, f"{prefix}r-1") == "r-1"
    others = (
        "alpha-records",
        "alpha-past-records",
        "alpha.past.",
        "alpha.past.a.b",
        "xalpha.past.r",
    )
    assert [key_in(prefix, name) for name in others] == [None] * len(others)


@pytest.mark.parametrize("wrong", ["", "a.b", "a/b", "a" * 81, "ä", "a\n"])
def test_what_is_no_key_names_no_table(tables: InMemoryPastTables, wrong: str) -> None:
    with pytest.raises(InvalidRecordError):
        close_past(tables, wrong)


def test_it_is_asked_until_it_is_there_and_until_it_is_gone(
    tables: InMemoryPastTables, clock: ManualClock
) -> None:
    as_of = clock.now() - timedelta(hours=1)
    key = key_of(as_of)
    first = open_past(tables, clock, as_of)
    assert (first.table, first.ready) == (f"twin.past.{key}", False)
    assert not open_past(tables, clock, as_of).ready
    assert not close_past(tables, key)  # it cannot go before it has come
    clock.advance(60)
    for _ in range(2):
        assert open_past(tables, clock, as_of).ready
    assert not close_past(tables, key)
    assert not open_past(tables, clock, as_of).ready  # the former one goes first
    assert not close_past(tables, key)
    clock.advance(60)
    for _ in range(2):
        assert close_past(tables, key)
    assert not open_past(tables, clock, as_of).ready


def test_the_latest_minutes_are_waited_for(tables: InMemoryPastTables, clock: ManualClock) -> None:
    as_of = clock.now() - timedelta(minutes=1)
    assert not open_past(tables, clock, as_of).ready
    assert tables.tables == {}
    clock.advance(240)
    open_past(tables, clock, as_of)
    clock.advance(60)
    assert open_past(tables, clock, as_of).ready


@pytest.mark.parametrize(
    ("hours", "why"), [(1, "in the future"), (-36 * 24, "nothing is kept")], ids=["future", "old"]
)
def test_a_time_that_cannot_be_restored_is_refused(
    tables: InMemoryPastTables, clock: ManualClock, hours: int, why: str
) -> None:
    with pytest.raises(InvalidRecordError, match=why):
        open_past(tables, clock, clock.now() + timedelta(hours=hours))
    assert tables.tables == {}


def test_without_recovery_there_is_no_table_of_a_time(clock: ManualClock) -> None:
    with pytest.raises(InvalidRecordError, match="no point-in-time recovery"):
        open_past(InMemoryPastTables(clock, None), clock, clock.now())


def test_a_table_of_the_same_name_and_another_time_is_not_used(
    tables: InMemoryPastTables, clock: ManualClock
) -> None:
    as_of = clock.now() - DAY
    open_past(tables, clock, as_of)
    look, due = tables.tables[tables.name(key_of(as_of))]
    tables.tables[tables.name(key_of(as_of))] = (replace(look, as_of=as_of - DAY), due)
    with pytest.raises(InvalidRecordError, match="another time"):
        open_past(tables, clock, as_of)


def test_two_restores_of_one_time_use_one_table(
    tables: InMemoryPastTables, clock: ManualClock
) -> None:
    """Whoever has looked, and then restores; the fraction of a second makes no other one."""
    as_of = clock.now().replace(microsecond=0) - DAY
    here = timezone(timedelta(hours=2))
    for moment in (as_of, as_of.astimezone(here)):
        open_past(tables, clock, moment)
        clock.advance(60)
    assert open_past(tables, clock, as_of).ready and len(tables.tables) == 1


@pytest.mark.parametrize(
    ("state", "told", "hours", "why"),
    [
        (TableState.OTHER, "INACCESSIBLE_ENCRYPTION_CREDENTIALS", 0, "is INACCESSIBLE_ENCR"),
        (TableState.COMING, "CREATING", 25, "not ready after 24 h, but CREATING"),
        (TableState.CHANGING, "UPDATING", 25, "not ready after 24 h, but UPDATING"),
        (TableState.COMING, "CREATING", 23, ""),
        (TableState.CHANGING, "UPDATING", 0, ""),
        (TableState.GOING, "DELETING", 25, ""),
    ],
)
def test_a_table_that_does_not_come_is_not_waited_for_without_an_end(
    tables: InMemoryPastTables,
    clock: ManualClock,
    state: TableState,
    told: str,
    hours: int,
    why: str,
) -> None:
    as_of = clock.now() - DAY
    tables.seconds = 1e9
    open_past(tables, clock, as_of)
    look, due = tables.tables[tables.name(key_of(as_of))]
    seen = replace(look, state=state, told=told)
    tables.tables[tables.name(key_of(as_of))] = (seen, due)
    clock.advance(hours * 3600)
    if not why:
        assert not open_past(tables, clock, as_of).ready
        return
    with pytest.raises(InvalidRecordError, match=why):
        open_past(tables, clock, as_of)


def test_what_restores_left_goes_after_some_hours_unless_a_restore_runs(
    tables: InMemoryPastTables, clock: ManualClock
) -> None:
    machine, old = Machine(), clock.now() - DAY
    new = old + timedelta(hours=1)
    open_past(tables, clock, old)
    clock.advance(11 * 3600)
    open_past(tables, clock, new)
    assert clear_past(tables, machine, clock) == 0
    clock.advance(2 * 3600)
    machine.running = True
    assert clear_past(tables, machine, clock) == 0
    machine.running = False
    lost = f"{tables.prefix}restore-20261129T180000-aaaaaaaa"
    tables.tables[lost] = tables.tables[tables.name(key_of(old))]  # of the release before
    assert clear_past(tables, machine, clock) == 2
    clock.advance(60)
    assert tables.known_keys() == [key_of(new)]
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
