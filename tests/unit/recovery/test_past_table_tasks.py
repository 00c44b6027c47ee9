"""What the tasks about the table of a time are given, by this definition and the one before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cognito_standby.recovery.domain.past_tables import key_of
from cognito_standby.recovery.services.past_tables import open_past
from tasks import close_past_table
from tests.twins.clock import ManualClock
from tests.twins.stores.past_tables import InMemoryPastTables


@pytest.mark.parametrize("former", [False, True], ids=["by its time", "by its restore"])
def test_a_table_is_closed_by_what_it_is_named_by(
    former: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock()
    tables = InMemoryPastTables(clock, clock.now() - timedelta(days=35))
    as_of = clock.now() - timedelta(days=1)
    open_past(tables, clock, as_of)
    given = {"as_of": as_of.isoformat()}
    if former:
        table = tables.tables.pop(tables.name(key_of(as_of)))
        tables.tables[tables.name("restore-1")] = table
        given = {"restore_id": "restore-1"}
    clock.advance(60)
    monkeypatch.setattr(close_past_table, "past_tables", lambda _: tables)
    monkeypatch.setattr(close_past_table, "settings", lambda: None)
    assert close_past_table.handler(given, None)["gone"] is False
    clock.advance(60)
    assert close_past_table.handler(given, None)["gone"] is True
    assert not tables.known_keys()
