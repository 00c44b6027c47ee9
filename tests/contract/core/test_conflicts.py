"""Contract of the list of conflicts, a part of Ledger."""

from __future__ import annotations

import pytest

from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind, Weight
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import Ledger
from cognito_standby.failures.adapters.sweeping import DynamoAttentionIndex
from cognito_standby.failures.ports import AttentionIndex
from cognito_standby.operator.adapters.gauges import AwsGauges
from cognito_standby.operator.ports import Attention
from tests.contract.backends import LEASE_SECONDS, AwsBackend, Backend, table_with_attention
from tests.twins.clock import ManualClock
from tests.twins.stores.failures import InMemoryAttentionIndex
from tests.twins.stores.ledger import InMemoryLedger

ANN, STAFF = Subject.user("origin-ann"), Subject.group("staff")
NAMED = Conflict(ANN, ConflictKind.UNDONE, {"attr:name": "Ann \N{GRINNING FACE}", "attr:x": ""})
GONE = Conflict(ANN, ConflictKind.UNDONE, {"present": ""})
LATE = Conflict(ANN, ConflictKind.MERGED, {"attr:name": "old"})


@pytest.fixture
def ledger(backend: Backend, clock: ManualClock) -> Ledger:
    return backend.ledger(clock)


def test_nothing_is_listed_at_first(ledger: Ledger) -> None:
    assert ledger.conflicts_of(ANN) == ()
    ledger.drop_conflicts(ANN)


def test_what_is_listed_stays_whatever_comes(ledger: Ledger) -> None:
    for conflict in (NAMED, NAMED, LATE, GONE):
        ledger.note_conflict(conflict)
    undone, late = ledger.conflicts_of(ANN)
    assert undone == Conflict(ANN, ConflictKind.UNDONE, {**NAMED.fields, "present": ""})
    assert undone.weight is Weight.DELETION
    assert late == LATE
    assert ledger.conflicts_of(STAFF) == ()


def test_the_row_is_another_matter(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.note_conflict(GONE)
    ledger.forget(ANN, "one")
    assert ledger.conflicts_of(ANN) == (GONE,)


def test_who_was_decided_on_is_off_the_list(ledger: Ledger) -> None:
    ledger.note_conflict(GONE)
    ledger.note_conflict(Conflict(STAFF, ConflictKind.OVERRIDDEN, {"description": "d"}))
    ledger.drop_conflicts(ANN)
    assert ledger.conflicts_of(ANN) == ()
    assert len(ledger.conflicts_of(STAFF)) == 1


def test_only_what_was_shown_is_decided(ledger: Ledger) -> None:
    ledger.note_conflict(NAMED)
    ledger.note_conflict(GONE)
    assert not ledger.drop_conflict(NAMED), "a deletion came in meanwhile"
    (listed,) = ledger.conflicts_of(ANN)
    assert ledger.drop_conflict(listed)
    assert ledger.conflicts_of(ANN) == ()
    assert not ledger.drop_conflict(listed)


def test_deletions_are_found_first(backend: Backend, clock: ManualClock) -> None:
    if not isinstance(backend, AwsBackend):
        pytest.skip("the twin of the gauges says what a test tells it to")
    client = backend._client("dynamodb")
    table = table_with_attention(client)
    ledger: Ledger = DynamoLedger(client, table, clock, LEASE_SECONDS)
    gauges = AwsGauges(
        {"dynamodb": client}, installation="i", ledger_table=table, parked_hints_url=""
    )
    assert gauges.conflicts() == Attention(dict.fromkeys(map(str, Weight), 0))
    ledger.note_conflict(Conflict(STAFF, ConflictKind.UNDONE, {"description": "d"}))
    ledger.note_conflict(GONE)
    ledger.note_conflict(LATE)
    listed = gauges.conflicts()
    assert listed is not None
    assert {weight: n for weight, n in listed.counts.items() if n} == {
        Weight.DELETION: 1,
        Weight.CHANGE: 1,
        Weight.MERGED: 1,
    }
    assert listed.subjects == (ANN.key, STAFF.key)


def test_the_sweep_counts_them_by_weight(backend: Backend, clock: ManualClock) -> None:
    ledger: Ledger
    index: AttentionIndex
    if isinstance(backend, AwsBackend):
        client = backend._client("dynamodb")
        table = table_with_attention(client)
        ledger = DynamoLedger(client, table, clock, LEASE_SECONDS)
        index = DynamoAttentionIndex(client, table)
    else:
        memory = InMemoryLedger(clock, LEASE_SECONDS)
        ledger, index = memory, InMemoryAttentionIndex(memory)
    ledger.note_conflict(GONE)
    ledger.note_conflict(LATE)
    assert {weight: n for weight in Weight if (n := index.count(weight))} == {
        Weight.DELETION: 1,
        Weight.MERGED: 1,
    }
