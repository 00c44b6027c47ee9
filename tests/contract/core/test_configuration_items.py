"""Contract of the notes and snapshots of configurations."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from cognito_standby.configuration.adapters.snapshots import PART_BYTES, DynamoSnapshots
from cognito_standby.configuration.domain.document import PoolConfiguration
from cognito_standby.configuration.domain.snapshots import NoSuchSnapshotError
from cognito_standby.configuration.ports import ConfigurationNotes, Snapshots
from cognito_standby.core.adapters.configuration_notes import DynamoConfigurationNotes
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.errors import InvalidRecordError
from tests.contract.backends import BACKUP, PRIMARY, AwsBackend, Backend, _create_table
from tests.twins.configuration import (
    ConfigurationTable,
    InMemoryConfigurationNotes,
    InMemorySnapshots,
)
from tests.unit.configuration.documents import document


@dataclass
class Kept:
    notes: Callable[[str], ConfigurationNotes]
    snapshots: Callable[[str], Snapshots]
    client: Any = None
    table: str = ""


@pytest.fixture
def kept(backend: Backend) -> Kept:
    if not isinstance(backend, AwsBackend):
        twin = ConfigurationTable()
        return Kept(
            lambda region: InMemoryConfigurationNotes(twin, region),
            lambda region: InMemorySnapshots(twin, region),
        )
    client = backend._client("dynamodb")
    table = _create_table(client, "origin_sub", "region")
    return Kept(
        lambda region: DynamoConfigurationNotes(client, table, region),
        lambda region: DynamoSnapshots(client, table, region),
        client,
        table,
    )


def at(day: int, **sections: Any) -> PoolConfiguration:
    return replace(document(**sections), read_at=f"2026-11-{day:02}T03:00:00+00:00")


def test_a_note_is_kept_instead_of_the_one_that_was_read(kept: Kept) -> None:
    here, there = kept.notes(PRIMARY), kept.notes(BACKUP)
    nothing = ConfigurationNote()
    assert here.read(PRIMARY) == nothing
    first = ConfigurationNote("2026-11-01T03:00:00+00:00", "a", "a", drift=None, unread=1)
    assert here.keep(first, nothing)
    assert there.read(PRIMARY) == first
    assert there.read(BACKUP) == nothing
    assert not here.keep(replace(first, latest="b"), nothing)
    second = replace(first, accepted="b", unexpected=2, drift=0, trouble="gone")
    assert here.keep(second, first)
    assert not here.keep(first, first)
    assert here.read(PRIMARY) == second


def test_snapshots_are_read_in_both_regions_and_listed_apart(kept: Kept) -> None:
    here, there = kept.snapshots(PRIMARY), kept.snapshots(BACKUP)
    old, new = at(1), at(2, groups={"admins": {}})
    first, second = here.put(old, "first"), here.put(new, "changed")
    other = there.put(at(1), "first")
    assert first.id == "2026-11-01T03:00:00Z"
    assert list(here.listed(PRIMARY)) == [second, first]
    assert list(here.listed(BACKUP)) == [other]
    assert there.read(PRIMARY, second.id) == new
    here.remove(second)
    here.remove(second)
    assert list(there.listed(PRIMARY)) == [first]
    with pytest.raises(NoSuchSnapshotError, match=second.id):
        here.read(PRIMARY, second.id)


def test_the_same_one_twice_is_once(kept: Kept) -> None:
    here = kept.snapshots(PRIMARY)
    assert here.put(at(1), "first") == here.put(at(1), "first")
    assert len(here.listed(PRIMARY)) == 1


def test_a_large_one_lies_in_parts_and_one_that_is_not_whole_is_none(kept: Kept) -> None:
    here = kept.snapshots(PRIMARY)
    noise = random.Random(7).randbytes(2 * PART_BYTES).hex()
    large = at(1, branding={"client": {"Assets": [{"Bytes": noise}]}})
    made = here.put(large, "first")
    assert here.read(PRIMARY, made.id) == large
    if kept.client is None:
        return
    part = {"origin_sub": {"S": "#config"}, "region": {"S": f"{PRIMARY}#{made.id}#001"}}
    kept.client.delete_item(TableName=kept.table, Key=part)
    with pytest.raises(NoSuchSnapshotError, match="not whole here"):
        here.read(PRIMARY, made.id)
    head = {**part, "region": {"S": f"{PRIMARY}#{made.id}#000"}}
    kept.client.update_item(
        TableName=kept.table,
        Key=head,
        UpdateExpression="SET parts = :one, body = :no",
        ExpressionAttributeValues={":one": {"N": "2"}, ":no": {"B": b"no"}},
    )
    with pytest.raises(InvalidRecordError, match="cannot be unpacked"):
        here.read(PRIMARY, made.id)


ODD: list[dict[str, Any]] = [
    {"region": {"S": f"{PRIMARY}#2026-11-09T03:00:00Z#000"}},
    {"region": {"S": f"{PRIMARY}#2026-11-09T03:00:00Z"}},
    {"region": {"S": f"{PRIMARY}#2026-11-09T03:00:00Z#000#1"}},
    {"region": {"S": f"{PRIMARY}#"}},
]


@pytest.mark.parametrize("odd", ODD)
def test_an_item_that_is_none_of_ours_hides_no_snapshot(kept: Kept, odd: dict[str, Any]) -> None:
    """Whoever may write to the other account's replica can put one there."""
    if kept.client is None:
        return
    here = kept.snapshots(PRIMARY)
    made = here.put(at(1), "first")
    kept.client.put_item(TableName=kept.table, Item={"origin_sub": {"S": "#config"}, **odd})
    assert list(here.listed(PRIMARY)) == [made]
    assert here.read(PRIMARY, made.id) == at(1)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("REMOVE body", None),
        ("REMOVE digest", None),
        ("SET parts = :new", {"S": "many"}),
        ("SET body = :new", {"S": "text"}),
        ("SET body = :new", {"B": gzip.compress(b"{}")[:-9] + b"\xff" * 9}),
        ("SET body = :new", {"B": gzip.compress(random.Random(1).randbytes(99))}),
        ("SET body = :new", {"B": gzip.compress(b"[" * 100_000)}),
    ],
)
def test_a_damaged_snapshot_is_said_to_be_one(kept: Kept, change: str, value: Any) -> None:
    if kept.client is None:
        return
    here = kept.snapshots(PRIMARY)
    made = here.put(at(1), "first")
    words = {"#digest": "digest"} if "digest" in change else {}
    kept.client.update_item(
        TableName=kept.table,
        Key={"origin_sub": {"S": "#config"}, "region": {"S": f"{PRIMARY}#{made.id}#000"}},
        UpdateExpression=change.replace("digest", "#digest"),
        **({"ExpressionAttributeNames": words} if words else {}),
        **({"ExpressionAttributeValues": {":new": value}} if value else {}),
    )
    with pytest.raises((InvalidRecordError, NoSuchSnapshotError)):
        here.read(PRIMARY, made.id)
