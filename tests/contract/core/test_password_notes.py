"""Contract of PasswordNotes, and of what becomes of a note with its record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from cognito_standby.core.adapters.items import wire
from cognito_standby.core.adapters.password_items import DynamoPasswordNotes
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.changed_passwords import PASSWORD_KEY, PasswordNote
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import Subject, shard_of_key
from cognito_standby.core.ports import PasswordNotes
from cognito_standby.reconciliation.adapters.shard_indexes import DynamoRecordIndex
from tests.contract.backends import BACKUP, INSTALLATION, PRIMARY, AwsBackend, Backend
from tests.contract.reconciliation.reconciling import new_table
from tests.twins.stores.password_notes import SharedPasswordNotes

ANN = Subject.user("11111111-aaaa-4bbb-8ccc-000000000001")
SHARD = shard_of_key(ANN.key)
POOL = "us-east-1_Present"
EARLY, LATE = "2026-03-04T05:06:07.000+00:00", "2026-03-04T05:06:08.000+00:00"


@dataclass
class Notes:
    """Both Regions' views; `table` and `client` where there is a table."""

    primary: PasswordNotes
    backup: PasswordNotes
    table: str = ""
    client: Any = None


@pytest.fixture
def notes(backend: Backend) -> Notes:
    if not isinstance(backend, AwsBackend):
        shared = SharedPasswordNotes(page=1)
        return Notes(shared.store(PRIMARY), shared.store(BACKUP))
    client = backend._client("dynamodb")
    table = new_table(client, ("origin_sub", "region"), "origin_sub")
    stores = [DynamoPasswordNotes(client, table, r, INSTALLATION) for r in (PRIMARY, BACKUP)]
    return Notes(stores[0], stores[1], table, client)


def test_a_note_only_ever_rises(notes: Notes) -> None:
    assert notes.primary.of(ANN) == ()
    assert notes.primary.note(ANN, 3, EARLY, POOL)
    assert not notes.primary.note(ANN, 3, EARLY, POOL), "the same again"
    assert notes.primary.note(ANN, 3, LATE, POOL)
    assert not notes.primary.note(ANN, 3, EARLY, POOL), "a late hint"
    assert not notes.primary.note(ANN, 2, LATE, POOL)
    assert notes.primary.note(ANN, 5, EARLY, POOL), "a later epoch counts, whatever a clock said"
    assert notes.primary.of(ANN) == (PasswordNote(Epoch(5, PRIMARY), EARLY, POOL),)


def test_each_region_has_its_own_and_both_are_read(notes: Notes) -> None:
    notes.primary.note(ANN, 1, EARLY, POOL)
    notes.backup.note(ANN, 2, LATE, POOL)
    both = {
        PasswordNote(Epoch(1, PRIMARY), EARLY, POOL),
        PasswordNote(Epoch(2, BACKUP), LATE, POOL),
    }
    assert set(notes.primary.of(ANN)) == set(notes.backup.of(ANN)) == both


def test_a_shard_is_listed_by_pages(notes: Notes) -> None:
    notes.primary.note(ANN, 1, EARLY, POOL)
    notes.backup.note(ANN, 2, LATE, POOL)
    found: list[tuple[str, PasswordNote]] = []
    token, pages = "", 0
    while True:
        page = notes.primary.page(SHARD, token)
        found += page.notes
        token, pages = page.token, pages + 1
        if not token:
            break
        assert pages < 5
    assert {key for key, _ in found} == {ANN.key}
    assert {note.epoch.region for _, note in found} == {PRIMARY, BACKUP}
    assert notes.primary.page("00" if SHARD != "00" else "01", "").notes == []


@pytest.fixture
def on_table(notes: Notes) -> Notes:
    if not notes.table:
        pytest.skip("about items")
    return notes


def _item(notes: Notes) -> Any:
    key = wire({"origin_sub": PASSWORD_KEY + ANN.key, "region": PRIMARY})
    return notes.client.get_item(TableName=notes.table, Key=key).get("Item")


def test_a_release_that_names_no_pool_is_understood_and_leaves_none_behind(on_table: Notes) -> None:
    """Its notes, and one of its over one of ours: what the item told of the pool is about the note
    before."""
    on_table.primary.note(ANN, 1, EARLY, POOL)
    on_table.client.update_item(
        TableName=on_table.table,
        Key=wire({"origin_sub": PASSWORD_KEY + ANN.key, "region": PRIMARY}),
        UpdateExpression="SET epoch = :epoch, observed_at = :at",
        ExpressionAttributeValues=wire({":epoch": 1, ":at": LATE}),
    )
    assert on_table.primary.of(ANN) == (PasswordNote(Epoch(1, PRIMARY), LATE),)
    assert on_table.primary.note(ANN, 2, EARLY, POOL)
    assert on_table.primary.of(ANN) == (PasswordNote(Epoch(2, PRIMARY), EARLY, POOL),)


def test_readers_of_records_do_not_come_across_notes(on_table: Notes) -> None:
    """Those of the release before either: neither the index's shards nor the stream's filter."""
    on_table.primary.note(ANN, 1, EARLY, POOL)
    index = DynamoRecordIndex(on_table.client, on_table.table)
    page = index.page(SHARD, "")
    assert (list(page.records), dict(page.unreadable)) == ([], {})
    item = _item(on_table)
    assert item["bulk"] == {"BOOL": True}, "no stream starts an execution for it"
    assert set(item) == {
        "origin_sub",
        "region",
        "shard_id",
        "epoch",
        "observed_at",
        "bulk",
        "set_in",
    }
    store = DynamoRecordStore(on_table.client, on_table.table, PRIMARY, INSTALLATION)
    assert store.read(ANN)[0].records == []


def test_a_note_goes_with_its_record(on_table: Notes) -> None:
    store = DynamoRecordStore(on_table.client, on_table.table, PRIMARY, INSTALLATION)
    on_table.primary.note(ANN, 1, EARLY, POOL)
    draft = Draft(ANN, 1, {"present": "true"}, deleted=True, expected_revision=None)
    tombstone = store.put(draft, datetime(2026, 3, 4, tzinfo=UTC))
    assert tombstone is not None
    assert store.retire(tombstone)
    assert _item(on_table) is not None
    assert store.remove(tombstone)
    assert _item(on_table) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda item: item.pop("epoch"),
        lambda item: item.update(epoch={"S": "one"}),
        lambda item: item.update(observed_at={"S": "yesterday"}),
    ],
)
def test_another_shape_is_told(on_table: Notes, spoil: Callable[[Any], object]) -> None:
    on_table.primary.note(ANN, 1, EARLY, POOL)
    item = _item(on_table)
    spoil(item)
    on_table.client.put_item(TableName=on_table.table, Item=item)
    with pytest.raises(InvalidRecordError):
        on_table.primary.of(ANN)
    with pytest.raises(InvalidRecordError):
        on_table.primary.page(SHARD, "")
