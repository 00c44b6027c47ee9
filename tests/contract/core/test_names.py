"""Contract of the index of names: what it shows follows what is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from cognito_standby.core.adapters.name_items import NameItems
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.identities import Identity
from cognito_standby.core.domain.records import Draft, Record
from cognito_standby.core.domain.subjects import Fields, Subject
from cognito_standby.core.ports import RecordStore
from tests.contract.backends import (
    BACKUP,
    INSTALLATION,
    PRIMARY,
    AwsBackend,
    Backend,
    _create_table,
)
from tests.twins.stores.names import HASHER, InMemoryNames
from tests.twins.stores.records import GlobalTable

SEEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ANN, BEN = (Subject.user(f"11111111-aaaa-4bbb-8ccc-00000000000{n}") for n in (1, 2))


@dataclass
class Named:
    """A store for each Region, a search in each, and all items of the table, where there is one."""

    stores: dict[str, RecordStore]
    find: dict[str, Callable[[str], tuple[str, ...]]]
    settle: Callable[[], None]
    items: Callable[[], list[Any]] | None = None
    early: Callable[[Subject, str, float], None] | None = None
    """Put in an entry of a name that is so many seconds old, without a record."""

    def put(self, subject: Subject, fields: Fields, region: str = PRIMARY, **more: Any) -> Record:
        own = self.stores[region].read(subject)[0].own
        revision = own.revision if own else None
        draft = Draft(subject, 1, fields, more.pop("deleted", False), revision, former=own, **more)
        record = self.stores[region].put(draft, SEEN)
        assert record is not None
        self.settle()
        return record

    def found(self, name: str) -> set[str]:
        here, there = (set(self.find[region](name)) for region in (PRIMARY, BACKUP))
        assert here == there
        return here


@pytest.fixture
def named(backend: Backend) -> Named:
    if not isinstance(backend, AwsBackend):
        table = GlobalTable(INSTALLATION)
        return Named(
            {region: table.store(region) for region in (PRIMARY, BACKUP)},
            {region: InMemoryNames(table, region).find for region in (PRIMARY, BACKUP)},
            table.replicate_all,
        )
    client = backend._client("dynamodb")
    name = _create_table(client, "origin_sub", "region")
    names = {r: NameItems(client, name, r, lambda: HASHER) for r in (PRIMARY, BACKUP)}

    def early(subject: Subject, told: str, age: float) -> None:
        then = time.time() - age
        items = NameItems(client, name, PRIMARY, lambda: HASHER, now=lambda: then)
        items.add(subject, {HASHER.of(told)})

    return Named(
        {
            region: DynamoRecordStore(client, name, region, INSTALLATION, names=names[region])
            for region in (PRIMARY, BACKUP)
        },
        {region: names[region].find for region in (PRIMARY, BACKUP)},
        lambda: None,
        lambda: list(client.scan(TableName=name)["Items"]),
        early,
    )


def fields(**told: str) -> dict[str, str]:
    attributes = {f"attr:{name}": value for name, value in told.items() if name != "username"}
    username = {"username": told["username"]} if "username" in told else {}
    return {"present": "true", "enabled": "true", **username, **attributes}


def test_by_every_name_in_any_case(named: Named) -> None:
    told = {"username": "ann", "email": "Ann@Example.org", "preferred_username": "annie"}
    named.put(ANN, fields(**told, phone_number="+15550100", name="Not a Name"))
    for name in ("ann", "ANN", "ann@example.org", "Annie", "+15550100"):
        assert named.found(name) == {ANN.key}, name
    assert named.found("not a name") == set()
    assert named.found(ANN.key) == set()


def test_names_come_and_go_with_the_record(named: Named) -> None:
    named.put(ANN, fields(username="ann", email="old@example.org"))
    named.put(ANN, fields(username="ann", email="new@example.org"))
    assert named.found("old@example.org") == set()
    assert named.found("new@example.org") == named.found("ann") == {ANN.key}


def test_one_name_of_two_people_finds_both(named: Named) -> None:
    for subject, name in ((ANN, "ann"), (BEN, "ben")):
        named.put(subject, fields(username=name, email="team@example.org"))
    assert named.found("team@example.org") == {ANN.key, BEN.key}
    assert named.found("ben") == {BEN.key}


def test_each_region_s_own_record_counts(named: Named) -> None:
    named.put(ANN, fields(username="ann", email="old@example.org"))
    named.put(ANN, fields(username="ann", email="new@example.org"), BACKUP)
    assert named.found("old@example.org") == named.found("new@example.org") == {ANN.key}


def test_a_deleted_one_is_found_until_nothing_is_left(named: Named) -> None:
    state = fields(username="ann")
    named.put(ANN, state)
    tombstone = named.put(ANN, state, deleted=True)
    assert named.found("ann") == {ANN.key}
    store = named.stores[PRIMARY]
    assert store.retire(tombstone)
    retired = store.read(ANN)[0].own
    assert retired is not None
    assert store.remove(retired)
    named.settle()
    assert named.found("ann") == set()
    assert named.items is None or named.items() == []


def test_of_an_erased_one_no_hash_is_left(named: Named) -> None:
    named.put(ANN, fields(username="ann", email="ann@example.org"))
    named.put(ANN, {}, deleted=True)
    assert named.found("ann") == named.found("ann@example.org") == set()
    assert named.items is None or len(named.items()) == 1, "the tombstone"


def test_an_entry_whose_record_may_be_on_its_way_is_told_by_its_age(named: Named) -> None:
    early = named.early
    if early is None:
        pytest.skip("the twin's are put in by tests")
    early(ANN, "ann", 59 * 60)
    early(BEN, "ben", 61 * 60)
    store = named.stores[BACKUP]
    assert (store.named("ann"), store.named("ben")) == ((ANN.key,), (BEN.key,))
    assert (store.on_their_way("ann"), store.on_their_way("ben")) == ((ANN.key,), ())


def test_a_group_has_no_names(named: Named) -> None:
    named.put(Subject.group("ann"), {"present": "true", "description": "ann"})
    assert named.found("ann") == set()


def test_no_name_is_in_the_clear_and_nothing_is_started(named: Named) -> None:
    if named.items is None:
        pytest.skip("the twin has no items")
    named.put(ANN, fields(username="ann", email="ann@example.org"))
    entries = [each for each in named.items() if each["origin_sub"]["S"].startswith("#name#")]
    assert len(entries) == 2
    for entry in entries:
        assert entry["bulk"] == {"BOOL": True}, "for which no pipe starts an execution"
        assert "example.org" not in str(entry)
        assert entry["region"]["S"] == f"{PRIMARY}#{ANN.key}"


def test_the_same_names_again_are_not_written_again(named: Named) -> None:
    if named.items is None:
        pytest.skip("the twin has no items")
    named.put(ANN, fields(username="ann"))
    before = {each["origin_sub"]["S"]: each for each in named.items()}
    named.put(ANN, fields(username="ann", name="Ann"))
    after = {each["origin_sub"]["S"]: each for each in named.items()}
    assert after.keys() == before.keys()
    entry = next(key for key in before if key.startswith("#name#"))
    assert after[entry] == before[entry]


def test_a_provider_s_user_is_found_by_the_identity_and_so_is_who_is_linked(named: Named) -> None:
    """In a pool that makes usernames itself there is no other name of theirs."""
    google, acme = Identity("Google", "1029"), Identity("Acme", "aBc")
    named.put(ANN, {"present": "true", "federated": google.text})
    named.put(BEN, {"present": "true", acme.linked: acme.text, google.linked: google.text})
    assert named.found(google.text) == {ANN.key, BEN.key}
    for store in named.stores.values():
        assert set(store.named(google.text)) == {ANN.key, BEN.key}
        assert store.named(acme.text) == (BEN.key,)
        assert store.named(Identity("Google", "1030").text) == ()
    named.put(BEN, {"present": "true", acme.linked: acme.text})
    assert named.found(google.text) == {ANN.key}
