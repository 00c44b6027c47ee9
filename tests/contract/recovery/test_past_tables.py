"""Contract of PastTables and RecordSegments: a table of a time comes, holds what was, and goes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

import pytest

from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.records import Draft, Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import RecordStore
from cognito_standby.recovery.adapters.past_tables import (
    DynamoPastTables,
    DynamoRecordSegments,
    SfnRestores,
)
from cognito_standby.recovery.domain.past_tables import CloseStep, TableState, key_of, next_close
from cognito_standby.recovery.services.past_ports import PastTables, RecordSegments
from cognito_standby.recovery.services.past_tables import close_past, open_past
from tests.contract.backends import INSTALLATION, PRIMARY, AwsBackend, Backend, _create_table
from tests.twins.clock import ManualClock
from tests.twins.stores.past_tables import InMemoryPastTables, InMemoryRecordSegments
from tests.twins.stores.records import GlobalTable

LONG = 240.0
"""Seconds, for a busy machine."""


class Clock(Protocol):
    """Time, as the records' AWS has it."""

    def now(self) -> datetime: ...


class WallClock:
    """The real one."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Past:
    """Records with recovery on, the tables of their times, and a way to let time pass."""

    store: RecordStore
    tables: PastTables
    clock: Clock
    reader: Callable[[str], RecordSegments]
    """Of a table by its name; "": of the records."""
    until: Callable[[Callable[[], bool]], None]

    def second(self) -> datetime:
        """A whole second after everything that was written."""
        second = self.clock.now().replace(microsecond=0) + timedelta(seconds=1)
        self.until(lambda: self.clock.now() > second)
        return second


@pytest.fixture
def past(backend: Backend, clock: ManualClock) -> Past:
    if not isinstance(backend, AwsBackend):
        return _in_memory(clock)
    client, name = backend._client("dynamodb"), ""
    name = _create_table(client, "origin_sub", "region")
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    return Past(
        DynamoRecordStore(client, name, PRIMARY, INSTALLATION),
        DynamoPastTables(client, name, f"t{uuid4().hex[:8]}.past."),
        WallClock(),
        lambda table: DynamoRecordSegments(client, table or name),
        _patient if backend.name == "local" else _at_once,
    )


def _in_memory(clock: ManualClock) -> Past:
    table = GlobalTable(INSTALLATION)
    tables = InMemoryPastTables(clock, clock.now(), seconds=3, lag=5)
    seen: dict[datetime, list[Record]] = {}

    def then(name: str) -> Iterable[Record]:
        if not name:
            return table.records(PRIMARY)
        as_of = tables.tables[name][0].as_of
        assert as_of
        return max((at, records) for at, records in seen.items() if at <= as_of)[1]

    def until(check: Callable[[], bool]) -> None:
        while not check():
            seen[clock.now()] = table.records(PRIMARY)
            clock.advance(1)

    return Past(
        table.store(PRIMARY),
        tables,
        clock,
        lambda name: InMemoryRecordSegments(lambda: then(name), page_items=1),
        until,
    )


def _patient(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _at_once(check: Callable[[], bool]) -> None:
    """Where nothing comes with time, nothing is waited for."""
    assert check()


def _put(past: Past, name: str, revision: int | None = None) -> None:
    fields = {"present": "true", "attr:name": f"{name} {revision}"}
    draft = Draft(Subject.user(name), 1, fields, deleted=False, expected_revision=revision)
    assert past.store.put(draft, past.clock.now())


def _all(reader: RecordSegments, segments: int = 3) -> list[Record]:
    found: list[Record] = []
    for segment in range(segments):
        after, more = "", True
        while more:
            page = reader.page(segment, segments, after)
            assert not page.unreadable
            found += page.records
            after = page.after
            more = bool(after)
    return sorted(found, key=lambda record: record.subject.key)


def test_a_table_of_a_time_comes_with_what_was_then_and_goes(past: Past) -> None:
    _put(past, "ann")
    _put(past, "bob")
    as_of = past.second()
    _put(past, "ann", 1)
    _put(past, "cyd")
    opened = open_past(past.tables, past.clock, as_of)
    assert not opened.ready
    past.until(lambda: open_past(past.tables, past.clock, as_of).ready)
    then = _all(past.reader(opened.table))
    assert [(record.subject.id, record.revision) for record in then] == [("ann", 1), ("bob", 1)]
    now = _all(past.reader(""))
    assert [record.revision for record in now] == [2, 1, 1]
    key = key_of(as_of)
    assert past.tables.known_keys() == [key]
    assert not close_past(past.tables, key)
    look = past.tables.look(key)
    assert look and (look.state, look.as_of) == (TableState.GOING, as_of)
    past.until(lambda: close_past(past.tables, key))
    assert past.tables.known_keys() == []


def test_of_two_who_begin_one_does_and_nobody_removes_what_is_coming(past: Past) -> None:
    _put(past, "ann")
    as_of = past.second()
    window = past.tables.window
    past.until(lambda: (found := window()) is not None and found.latest >= as_of)
    key = key_of(as_of)
    assert past.tables.start(as_of)
    assert not past.tables.start(as_of)
    past.tables.remove(key)
    look = past.tables.look(key)
    assert look and look.state is TableState.COMING and not look.filled
    past.until(lambda: next_close(past.tables.look(key)) is CloseStep.REMOVE)
    for _ in range(2):
        past.tables.remove(key)
    past.until(lambda: past.tables.look(key) is None)
    past.tables.remove(key)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_time_outside_of_the_window_is_refused(past: Past, hours: int) -> None:
    with pytest.raises(InvalidRecordError):
        past.tables.start(past.clock.now() + timedelta(hours=hours))
    assert past.tables.known_keys() == []


def test_segments_go_on_only_from_their_own_places(past: Past) -> None:
    _put(past, "ann")
    with pytest.raises(InvalidRecordError):
        past.reader("").page(0, 1, "somewhere")


def test_about_how_many_items_there_are_is_known(past: Past) -> None:
    _put(past, "ann")
    past.until(lambda: past.reader("").estimated_items() > 0)


def test_what_cannot_be_read_is_told_beside_the_rest(backend: Backend) -> None:
    if not isinstance(backend, AwsBackend):
        told: Any = InMemoryRecordSegments(lambda: (), unreadable={"eve": "x"}).page(0, 1, "")
        assert set(told.unreadable) == {"eve"}
        return
    client: Any = backend._client("dynamodb")
    name = _create_table(client, "origin_sub", "region")
    key = {"origin_sub": {"S": "eve"}, "region": {"S": PRIMARY}}
    client.put_item(TableName=name, Item={**key, "revision": {"N": "1"}})
    claim = {"origin_sub": {"S": "#claim"}, "region": {"S": PRIMARY}, "epoch": {"N": "1"}}
    client.put_item(TableName=name, Item=claim)
    page = DynamoRecordSegments(client, name).page(0, 1, "")
    assert (list(page.records), set(page.unreadable)) == ([], {"eve"})


def test_a_restore_runs_until_its_execution_ends(backend: Backend) -> None:
    if not isinstance(backend, AwsBackend):
        return  # who needs one in memory says so
    client: Any = backend._client("stepfunctions")
    waits = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9999, "End": True}}}
    machine = client.create_state_machine(
        name=f"machine-{uuid4().hex[:8]}",
        definition=json.dumps(waits),
        roleArn="arn:aws:iam::111111111111:role/trial",
    )["stateMachineArn"]
    restores = SfnRestores(client, machine)
    assert not restores.any_running()
    execution = client.start_execution(stateMachineArn=machine)["executionArn"]
    assert restores.any_running()
    client.stop_execution(executionArn=execution)
    assert not restores.any_running()
    assert not SfnRestores(client, f"{machine}-of-a-later-release").any_running()
