"""Contract of ConflictFinder: what an operator sees of the list."""

from __future__ import annotations

import pytest

from cognito_standby.core.adapters.items import wire
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.subjects import Subject, digest
from cognito_standby.core.ports import Ledger
from cognito_standby.operator.adapters.conflicts import DynamoConflictFinder
from cognito_standby.operator.ports import ConflictFinder
from tests.contract.backends import LEASE_SECONDS, AwsBackend, Backend, table_with_attention
from tests.twins.clock import ManualClock
from tests.twins.operator.conflicts import InMemoryConflictFinder
from tests.twins.stores.ledger import InMemoryLedger

ANN, BEN = Subject.user("origin-ann"), Subject.user("origin-ben")
STAFF = Subject.group("staff # one")
NAMED = Conflict(ANN, ConflictKind.UNDONE, {"attr:name": "Ann \N{GRINNING FACE}", "attr:x": ""})
LATE = Conflict(ANN, ConflictKind.MERGED, {"attr:name": "old"})
GONE = Conflict(BEN, ConflictKind.OVERRIDDEN, {"present": ""})
DEFINED = Conflict(STAFF, ConflictKind.UNDONE, {"description": "d"})

Pair = tuple[Ledger, ConflictFinder]


@pytest.fixture
def pair(backend: Backend, clock: ManualClock) -> Pair:
    if isinstance(backend, AwsBackend):
        client = backend._client("dynamodb")
        table = table_with_attention(client)
        ledger = DynamoLedger(client, table, clock, LEASE_SECONDS)
        return ledger, DynamoConflictFinder(client, table)
    memory = InMemoryLedger(clock, LEASE_SECONDS)
    return memory, InMemoryConflictFinder(memory)


def test_the_worst_come_first_and_no_more_than_asked_for(pair: Pair) -> None:
    ledger, finder = pair
    assert finder.worst(5) == []
    for conflict in (LATE, NAMED, GONE, DEFINED):
        ledger.note_conflict(conflict)
    first, *changes, last = finder.worst(5)
    assert (first, last) == (GONE, LATE)
    assert {each.subject for each in changes} == {ANN, STAFF}
    assert finder.worst(1) == [GONE]
    assert len(finder.worst(3)) == 3


def test_one_subject_is_found_by_its_key_and_its_hash(pair: Pair) -> None:
    ledger, finder = pair
    for conflict in (LATE, NAMED, GONE, DEFINED):
        ledger.note_conflict(conflict)
    assert finder.named(ANN.key) == [NAMED, LATE]
    assert finder.named(digest(STAFF.key)) == finder.named(STAFF.key) == [DEFINED]
    assert finder.named("nobody") == []
    assert ledger.drop_conflict(NAMED)
    assert finder.named(ANN.key) == [LATE]


def test_an_item_of_another_shape_is_named_as_such(backend: Backend) -> None:
    if not isinstance(backend, AwsBackend):
        pytest.skip("the twin holds conflicts, no items")
    client = backend._client("dynamodb")
    table = table_with_attention(client)
    item = {"subject": "#conflict#undone#origin-ann", "attention": "conflict_change", "fields": 7}
    client.put_item(TableName=table, Item=wire(item))
    with pytest.raises(InvalidRecordError, match="list of conflicts"):
        DynamoConflictFinder(client, table).worst(5)
