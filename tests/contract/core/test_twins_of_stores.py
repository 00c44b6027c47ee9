"""What only the twins of the stores can do: replication step by step, snapshots, faults."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cognito_standby.core.domain.errors import LeaseHeldError, ServiceUnavailableError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.records import Draft, Partition
from cognito_standby.core.domain.subjects import CLAIM_KEY, Subject
from tests.contract.backends import BACKUP, INSTALLATION, PRIMARY
from tests.twins.clock import ManualClock
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable, ItemKey, StreamRecord

ANN = Subject.user("o-ann")
ITEM = ItemKey(ANN.key, PRIMARY)
NOW = datetime(2026, 3, 4, tzinfo=UTC)


def draft(revision: int | None, name: str = "Ann") -> Draft:
    return Draft(ANN, 1, {"present": "true", "attr:name": name}, False, revision)


@pytest.fixture
def table() -> GlobalTable:
    return GlobalTable(INSTALLATION)


# Replication


def test_a_write_waits_until_it_is_replicated(table: GlobalTable) -> None:
    record = table.store(PRIMARY).put(draft(None), NOW)
    assert table.store(BACKUP).read(ANN)[0] == Partition()
    assert table.pending(BACKUP) == (ITEM,)
    assert table.replicate(BACKUP, ITEM)
    assert table.store(BACKUP).read(ANN)[0] == Partition(other=record)
    assert table.pending(BACKUP) == ()
    assert not table.replicate(BACKUP, ITEM)


def test_only_the_receiving_region_s_stream_shows_an_arrival(table: GlobalTable) -> None:
    table.store(PRIMARY).put(draft(None), NOW)
    table.store(PRIMARY).put_claim(3)
    table.replicate_all()
    arrived = table.stream(BACKUP)
    assert sorted(record.key.partition for record in arrived) == [CLAIM_KEY, ANN.key]
    assert {record.subject for record in arrived} == {ANN, None}
    assert table.stream(PRIMARY) == ()
    table.take(BACKUP, StreamRecord(ITEM))
    assert [record.subject for record in table.stream(BACKUP)] == [None]


@pytest.mark.parametrize(("coalesce", "arrivals"), [(False, 2), (True, 1)])
def test_writes_of_one_item_arrive_one_by_one_or_as_one(
    table: GlobalTable, coalesce: bool, arrivals: int
) -> None:
    table.store(PRIMARY).put(draft(None), NOW)
    newest = table.store(PRIMARY).put(draft(1, "Anne"), NOW)
    while table.replicate(BACKUP, ITEM, coalesce=coalesce):
        pass
    assert len(table.stream(BACKUP)) == arrivals
    assert table.store(BACKUP).read(ANN)[0].other == newest


@pytest.mark.parametrize(("second_is_bulk", "shown"), [(True, 0), (False, 1)])
def test_the_stream_passes_over_what_is_marked_as_one_of_very_many(
    table: GlobalTable, second_is_bulk: bool, shown: int
) -> None:
    table.store(PRIMARY).put(replace(draft(None), bulk=True), NOW)
    newest = table.store(PRIMARY).put(replace(draft(1, "Anne"), bulk=second_is_bulk), NOW)
    table.replicate_all()
    assert len(table.stream(BACKUP)) == shown
    assert table.store(BACKUP).read(ANN)[0].other == newest


def test_nothing_crosses_a_partition(table: GlobalTable) -> None:
    table.store(PRIMARY).put(draft(None), NOW)
    table.partitioned = True
    table.replicate_all()
    assert table.store(BACKUP).read(ANN)[0] == Partition()
    table.partitioned = False
    table.replicate_all()
    assert table.store(BACKUP).read(ANN)[0].other is not None


def test_no_region_writes_an_item_of_the_other(table: GlobalTable) -> None:
    with pytest.raises(ValueError, match="must not write"):
        table.write(BACKUP, ITEM, 7)


# Snapshots


def test_a_table_forks(table: GlobalTable) -> None:
    table.store(PRIMARY).put(draft(None), NOW)
    before = table.snapshot()
    fork = copy.deepcopy(table)
    table.replicate_all()
    after = table.snapshot()
    assert len({before, after}) == 2
    assert fork.snapshot() == before
    table.restore(before)
    assert table.snapshot() == before
    assert table.pending(BACKUP) == (ITEM,)
    table.replicate_all()
    assert table.snapshot() == after


def test_a_ledger_forks() -> None:
    clock = ManualClock()
    ledger = InMemoryLedger(clock, 60)
    empty = ledger.snapshot()
    ledger.take_lease(ANN, "one")
    held = ledger.snapshot()
    ledger.restore(empty)
    ledger.take_lease(ANN, "two")
    ledger.restore(held)
    assert hash(ledger.snapshot()) == hash(held)
    with pytest.raises(LeaseHeldError):
        ledger.take_lease(ANN, "two")


# Faults


def test_a_bus_fails_as_often_as_told() -> None:
    bus = InMemoryHintBus()
    bus.fail(2)
    for _ in range(2):
        with pytest.raises(ServiceUnavailableError):
            bus.publish(Hint(group="g"))
    bus.publish(Hint(group="g"))
    assert bus.hints == (Hint(group="g"),)
    bus.take(Hint(group="g"))
    assert list(bus.hints) == []
