"""Contract of ErasureList: one note, wherever it lies, is enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cognito_standby.core.adapters.erasures import DynamoErasureList
from cognito_standby.core.domain.erasures import ErasureNote, is_erased, key_of
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import ErasureList
from tests.contract.backends import (
    BACKUP,
    INSTALLATION,
    PRIMARY,
    AwsBackend,
    Backend,
    _create_table,
)
from tests.twins.clock import ManualClock
from tests.twins.stores.erasures import ErasureNotes, InMemoryErasureList

ANN, BEN = Subject.user("origin-ann"), Subject.user("origin-ben")


@dataclass
class Lists:
    """Both Regions' lists. `restore`: the replicated table becomes one that knows no erasure;
    `lose`: a Region's ledger cannot be read any more; `unnamed`: the backup's ledger has a note
    that names no change, which says that nothing was erased."""

    here: ErasureList
    there: ErasureList
    restore: Callable[[], None]
    lose: Callable[[], None]
    unnamed: Callable[[Subject], None]


@pytest.fixture
def lists(backend: Backend, clock: ManualClock) -> Lists:
    if not isinstance(backend, AwsBackend):
        notes = ErasureNotes()
        gone = ServiceUnavailableError("no such table")
        return Lists(
            *(InMemoryErasureList(PRIMARY, notes), InMemoryErasureList(BACKUP, notes)),
            restore=notes.records.clear,
            lose=lambda: setattr(notes, "unreadable", gone),
            unnamed=lambda whom: notes.ledgers.update({(BACKUP, whom): ErasureNote(False)}),
        )
    client: Any = backend._client("dynamodb")
    records = _create_table(client, "origin_sub", "region")
    ledgers = {region: _create_table(client, "subject") for region in (PRIMARY, BACKUP)}

    def of(region: str) -> DynamoErasureList:
        tables = (records, ledgers[region])
        return DynamoErasureList(client, tables, region, INSTALLATION, clock)

    def restore() -> None:
        for item in client.scan(TableName=records)["Items"]:
            key = {name: item[name] for name in ("origin_sub", "region")}
            client.delete_item(TableName=records, Key=key)

    def lose() -> None:
        client.delete_table(TableName=ledgers[PRIMARY])

    def unnamed(whom: Subject) -> None:
        item = {"subject": {"S": key_of(whom)}, "erased": {"BOOL": False}}
        client.put_item(TableName=ledgers[BACKUP], Item=item)

    return Lists(of(PRIMARY), of(BACKUP), restore, lose, unnamed)


def test_an_erasure_is_known_in_both_regions(lists: Lists) -> None:
    here, there = lists.here, lists.there
    assert not here.has(ANN)
    here.add(ANN, "c1")
    here.add(ANN, "c1")
    assert here.has(ANN) and there.has(ANN) and not here.has(BEN)
    here.take_back(ANN, "c1")
    assert not here.has(ANN) and not there.has(ANN)
    here.take_back(BEN, "c2")
    assert not here.has(BEN)


def test_a_restored_table_takes_no_erasure_back(lists: Lists) -> None:
    lists.here.add(ANN, "c1")
    lists.there.learn(ANN, "c1")
    lists.there.learn(ANN, "c1")
    lists.restore()
    assert lists.here.has(ANN) and lists.there.has(ANN)
    assert not lists.here.has(BEN)


def test_what_was_taken_back_counts_for_whoever_learnt_of_it(lists: Lists) -> None:
    lists.here.add(ANN, "c1")
    lists.there.learn(ANN, "c1")
    lists.here.take_back(ANN, "c1")
    assert not lists.there.has(ANN)
    lists.here.add(ANN, "c2")
    assert lists.there.has(ANN)
    lists.there.learn(ANN, "c2")
    lists.restore()
    assert lists.there.has(ANN)


def test_a_note_that_names_no_change_is_not_overwritten(lists: Lists) -> None:
    lists.unnamed(ANN)
    lists.there.learn(ANN, "c1")
    assert not lists.there.has(ANN)


def test_where_one_table_cannot_be_read_nothing_is_answered(lists: Lists) -> None:
    lists.lose()
    with pytest.raises(Exception, match=r"."):
        lists.here.has(BEN)


def test_an_erasure_of_an_older_release_stands_until_its_own_item_says_otherwise() -> None:
    assert is_erased([ErasureNote(True)])
    assert is_erased([ErasureNote(True), ErasureNote(False)])
    assert is_erased([ErasureNote(True, "c2"), ErasureNote(False, "c1")])
    assert not is_erased([ErasureNote(False)])
    assert not is_erased([])
