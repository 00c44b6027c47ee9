"""The walk that keeps the index of names whole, on the table that it walks through."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from cognito_standby.core.adapters.name_items import NameItems, SecretHasher
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.names_index import NameHasher
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.adapters import name_walk
from cognito_standby.replication.adapters.name_walk import DynamoNameWalk
from cognito_standby.replication.services.index_names import CURSOR, ENDED, WalkContext, walk
from tests.contract.backends import INSTALLATION, PRIMARY, AwsBackend, Backend, _create_table
from tests.twins.clock import ManualClock
from tests.twins.stores.names import HASHER

NOW = datetime(2026, 3, 4, tzinfo=UTC)
PEOPLE = [Subject.user(f"11111111-aaaa-4bbb-8ccc-00000000000{n}") for n in range(5)]


@dataclass
class Kept:
    """Cursors."""

    token: str = ""

    def cursor(self, name: str) -> str:
        assert name == CURSOR
        return self.token

    def keep_cursor(self, name: str, token: str) -> None:
        assert name == CURSOR
        self.token = token


class Walking:
    """One Region's table, and what writes into it: this release, and one that knows no index."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.table = _create_table(client, "origin_sub", "region")
        self.clock, self.kept = ManualClock(NOW), Kept()
        self.key = HASHER
        self.names = NameItems(
            client, self.table, PRIMARY, lambda: self.key, lambda: self.clock.now().timestamp()
        )
        self.now = DynamoRecordStore(client, self.table, PRIMARY, INSTALLATION, names=self.names)
        self.former = DynamoRecordStore(client, self.table, PRIMARY, INSTALLATION)

    def put(self, store: DynamoRecordStore, subject: Subject, name: str) -> None:
        own = store.read(subject)[0].own
        fields = {"present": "true", "username": name} if name else {}
        revision = own.revision if own else None
        draft = Draft(subject, 1, fields, not name, revision, former=own)
        assert store.put(draft, self.clock.now())

    def walk(self, pages: int = 20) -> Any:
        table = DynamoNameWalk(self.client, self.table, PRIMARY, self.names)
        return walk(WalkContext(table, self.kept, self.clock), pages)

    def again(self) -> Any:
        """A walk after a day."""
        self.kept.token = ""
        self.clock.advance(86_400)
        return self.walk()

    def entries(self) -> int:
        items = self.client.scan(TableName=self.table)["Items"]
        return sum(item["origin_sub"]["S"].startswith("#name#") for item in items)


@pytest.fixture
def walking(backend: Backend) -> Walking:
    if not isinstance(backend, AwsBackend):
        pytest.skip("needs a table")
    return Walking(backend._client("dynamodb"))


def test_records_of_the_former_release_come_in_once(walking: Walking) -> None:
    for number, subject in enumerate(PEOPLE):
        walking.put(walking.former, subject, f"user{number}")
    assert walking.names.find("user3") == ()
    walking.clock.advance(7200)
    before = walking.former.read(PEOPLE[3])[0].own
    done = walking.walk()
    assert (done.named, done.waits, done.ended) == (5, 0, True)
    assert walking.names.find("USER3") == (PEOPLE[3].key,)
    after = walking.former.read(PEOPLE[3])[0].own
    assert before is not None
    assert after is not None
    assert (after.version, dict(after.fields)) == (before.version, dict(before.fields))
    assert after.bulk, "the other Region's stream starts nothing for it"
    assert walking.walk().looked == 0, "until a day has passed"
    assert walking.again().named == 0


def test_it_goes_on_where_it_stopped(walking: Walking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_walk, "_PAGE", 2)
    for number, subject in enumerate(PEOPLE):
        walking.put(walking.former, subject, f"user{number}")
    walking.clock.advance(7200)
    named, rounds = 0, 0
    while walking.kept.token != ENDED:
        done = walking.walk(pages=1)
        named, rounds = named + done.named, rounds + 1
        assert rounds < 20
    assert named == 5
    assert rounds > 2
    assert all(walking.names.find(f"user{number}") for number in range(5))
    walking.kept.token = json.dumps({"nonsense": "of another table"})
    assert walking.walk().ended, "a place that is none begins anew"


def test_what_is_young_waits(walking: Walking) -> None:
    walking.put(walking.former, PEOPLE[0], "ann")
    done = walking.walk()
    assert (done.named, done.waits) == (0, 1)
    assert walking.again().named == 1


def test_a_release_that_knows_no_index_leaves_entries_that_go(walking: Walking) -> None:
    """Rolled back, it renames one and erases another; after the upgrade no hash of either stays."""
    walking.put(walking.now, PEOPLE[0], "ann")
    walking.put(walking.now, PEOPLE[1], "ben")
    walking.put(walking.former, PEOPLE[0], "anna")
    walking.put(walking.former, PEOPLE[1], "")
    assert walking.entries() == 2
    done = walking.again()
    assert (done.named, done.dropped) == (2, 2)
    assert walking.entries() == 1
    assert walking.names.find("anna") == (PEOPLE[0].key,)
    assert walking.names.find("ann") == walking.names.find("ben") == ()


def test_entries_written_just_now_stay(walking: Walking) -> None:
    """They come before their record."""
    walking.names.add(PEOPLE[0], {HASHER.of("ann")})
    assert walking.walk().dropped == 0
    assert walking.again().dropped == 1


def test_another_key_makes_the_index_anew(walking: Walking) -> None:
    walking.put(walking.now, PEOPLE[0], "ann")
    walking.key = NameHasher(b"made by another installation")
    assert walking.names.find("ann") == ()
    done = walking.again()
    assert (done.named, done.dropped) == (1, 1)
    assert walking.names.find("ann") == (PEOPLE[0].key,)


class Secrets:
    """Secrets Manager that does not answer at first."""

    def __init__(self) -> None:
        self.asked, self.down = 0, True

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803
        self.asked += 1
        if self.down:
            raise ServiceUnavailableError("ReadTimeoutError")
        return {"SecretString": SecretId}


def test_a_record_is_written_without_the_key_and_found_later(walking: Walking) -> None:
    secrets, moment = Secrets(), [0.0]
    hasher = SecretHasher(lambda: secrets, "key", lambda: moment[0])
    names = NameItems(walking.client, walking.table, PRIMARY, hasher)
    store = DynamoRecordStore(walking.client, walking.table, PRIMARY, INSTALLATION, names=names)
    walking.put(store, PEOPLE[0], "ann")
    walking.put(store, PEOPLE[0], "anna")
    assert walking.entries() == 0
    assert secrets.asked == 1, "not for each record"
    with pytest.raises(ServiceUnavailableError):
        walking.put(store, PEOPLE[0], "")  # an erasure must not leave what it cannot see
    secrets.down, moment[0] = False, 61.0
    walking.put(store, PEOPLE[0], "")
    walking.put(store, PEOPLE[1], "ben")
    assert names.find("ben") == (PEOPLE[1].key,)
    assert secrets.asked == 2
