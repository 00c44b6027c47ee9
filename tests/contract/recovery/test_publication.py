"""Contract of what the publication of the active pool reads and writes, from what a Region's stack
announces to what the next run finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.whole_answers import CutAnswerError
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import InvalidRecordError, LeaseHeldError
from cognito_standby.core.domain.ledger_keys import PUBLISHED
from cognito_standby.core.domain.roles import Active
from cognito_standby.core.domain.subjects import POOL_KEY
from cognito_standby.recovery.adapters.claims_and_pools import DynamoClaimsAndPools
from cognito_standby.recovery.adapters.places import ActiveDocument, ActiveParameter
from cognito_standby.recovery.adapters.publication_notes import HELD_SECONDS, PublicationItem, _note
from cognito_standby.recovery.domain.active_pool import ActivePool, Pool
from cognito_standby.recovery.domain.limits import Raised
from cognito_standby.recovery.ports import (
    ClaimsAndPools,
    Place,
    PublicationNote,
    PublicationNotes,
)
from tasks.announce_pool import announce_pool, withdraw_parameter
from tasks.custom_resource import ATTEMPTS
from tests.contract.backends import (
    BACKUP,
    INSTALLATION,
    PRIMARY,
    AwsBackend,
    Backend,
    _create_table,
)
from tests.twins.clock import ManualClock
from tests.twins.publication import (
    InMemoryClaimsAndPools,
    InMemoryPlace,
    InMemoryPublicationNotes,
)

POOL = Pool("us-east-1_Pool", {"web": "web-1", "ios": "ios-1"})
ACTIVE = ActivePool(Active(Epoch(1, PRIMARY)), POOL)


@dataclass
class World:
    """`announce` and `withdraw` are what a Region's stack does; `claim` is a failover's."""

    reader: ClaimsAndPools
    announce: Callable[[str, Pool], None]
    withdraw: Callable[[str], None]
    claim: Callable[[str, int], None]


@pytest.fixture
def world(backend: Backend) -> World:
    if not isinstance(backend, AwsBackend):
        twin = InMemoryClaimsAndPools(INSTALLATION)

        def withdraw(region: str) -> None:
            twin.pools.pop(region, None)

        return World(
            twin,
            twin.pools.__setitem__,
            withdraw,
            twin.claims.__setitem__,
        )
    client = backend._client("dynamodb")
    table = _create_table(client, "origin_sub", "region")

    def claim(region: str, number: int) -> None:
        assert DynamoRecordStore(client, table, region, INSTALLATION).put_claim(number)

    return World(
        DynamoClaimsAndPools(client, table, INSTALLATION),
        lambda region, pool: announce_pool(client, region, "Create", table, pool),
        lambda region: announce_pool(client, region, "Delete", table, POOL),
        claim,
    )


def test_nothing_is_known_of_pools_before_a_stack_stands(world: World) -> None:
    assert world.reader.read() == (Active(Epoch(1, PRIMARY)), {})


def test_what_a_stack_announced_is_read_in_both_regions(world: World) -> None:
    world.announce(PRIMARY, POOL)
    world.announce(BACKUP, replace(POOL, user_pool_id="other", clients={}))
    _, pools = world.reader.read()
    assert pools == {PRIMARY: POOL, BACKUP: Pool("other", {})}
    world.announce(PRIMARY, replace(POOL, clients={"web": "web-2"}))
    assert world.reader.read()[1][PRIMARY].clients == {"web": "web-2"}
    world.withdraw(PRIMARY)
    world.withdraw(PRIMARY)
    assert set(world.reader.read()[1]) == {BACKUP}


def test_the_highest_claim_wins(world: World) -> None:
    world.claim(BACKUP, 2)
    assert world.reader.read()[0] == Active(Epoch(2, BACKUP))
    world.claim(PRIMARY, 3)
    assert world.reader.read()[0] == Active(Epoch(3, PRIMARY))


@pytest.fixture
def notes(backend: Backend, clock: ManualClock) -> PublicationNotes:
    if not isinstance(backend, AwsBackend):
        return InMemoryPublicationNotes(clock, HELD_SECONDS)
    client = backend._client("dynamodb")
    return PublicationItem(client, _create_table(client, "subject"), clock)


def test_the_note_is_found_again(notes: PublicationNotes) -> None:
    assert notes.take("a") == PublicationNote()
    note = PublicationNote(Epoch(2, BACKUP), Epoch(1, PRIMARY), Raised(120, 600))
    notes.keep("a", note)
    notes.give_back("a")
    assert notes.take("b") == note
    notes.keep("b", replace(note, raised=Raised(120, 600, done=True)))
    notes.give_back("b")
    assert notes.take("b").raised == Raised(120, 600, done=True)
    notes.keep("b", replace(note, raised=None))
    notes.give_back("b")
    assert notes.take("c") == replace(note, raised=None)


def test_one_at_a_time_has_the_right(notes: PublicationNotes, clock: ManualClock) -> None:
    notes.take("a")
    for _ in range(2):
        with pytest.raises(LeaseHeldError):
            notes.take("b")
    notes.give_back("b")
    with pytest.raises(LeaseHeldError):
        notes.take("b")
    clock.advance(HELD_SECONDS + 1)
    notes.take("b")
    with pytest.raises(LeaseHeldError):
        notes.keep("a", PublicationNote())
    notes.give_back("a")
    with pytest.raises(LeaseHeldError):
        notes.take("c")


@pytest.fixture(params=["parameter", "document"])
def place(backend: Backend, request: pytest.FixtureRequest) -> Place:
    if not isinstance(backend, AwsBackend):
        return InMemoryPlace(request.param, parameter=request.param == "parameter")
    if request.param == "parameter":
        if backend.name == "moto":
            pytest.skip("moto loads all of AWS's own parameters first, for seconds")
        return ActiveParameter(backend._client("ssm"), f"/t-{uuid4().hex[:8]}/active")
    files, bucket = backend._client("s3"), f"t-{uuid4().hex[:8]}"
    files.create_bucket(Bucket=bucket)
    return ActiveDocument(files, bucket, "published/active.json")


def test_a_place_is_empty_then_says_what_was_written_last(place: Place) -> None:
    assert place.read() is None
    first, second = (
        place.text_of(ACTIVE),
        place.text_of(replace(ACTIVE, active=Active(Epoch(2, BACKUP)))),
    )
    for text in (first, second):
        place.write(text)
        assert place.read() == text
    assert ("stood_down" in json.loads(first)) is (place.name == "parameter")


def test_an_item_of_another_shape_is_told(backend: Backend) -> None:
    if not isinstance(backend, AwsBackend):
        pytest.skip("about an item of the table")
    client = backend._client("dynamodb")
    table, ledger = _create_table(client, "origin_sub", "region"), _create_table(client, "subject")
    key = {"origin_sub": {"S": POOL_KEY}, "region": {"S": PRIMARY}}
    client.put_item(TableName=table, Item={**key, "user_pool_id": {"N": "1"}})
    with pytest.raises(InvalidRecordError):
        DynamoClaimsAndPools(client, table, INSTALLATION).read()
    client.put_item(TableName=ledger, Item={"subject": {"S": PUBLISHED}, "told": {"S": "2"}})
    with pytest.raises(InvalidRecordError):
        PublicationItem(client, ledger, ManualClock()).take("a")


def test_with_a_stack_goes_its_parameter_whether_it_is_there_or_not(backend: Backend) -> None:
    if backend.name != "local":
        pytest.skip("about the systems manager")
    assert isinstance(backend, AwsBackend)
    client, name = backend._client("ssm"), f"/t-{uuid4().hex[:8]}/active"
    place = ActiveParameter(client, name)
    place.write(place.text_of(ACTIVE))
    for _ in range(2):
        withdraw_parameter(client, name)
        assert place.read() is None


class _Cut:
    """A table whose first answers are truncated; what was asked took effect."""

    def __init__(self, answers: int) -> None:
        self.left, self.put = answers, list[dict[str, object]]()

    def put_item(self, **request: object) -> None:
        self.put.append(request)
        self.left -= 1
        if self.left >= 0:
            raise CutAnswerError(operation="PutItem")


@pytest.mark.parametrize(("cut", "fails"), [(ATTEMPTS - 1, False), (ATTEMPTS, True)])
def test_an_answer_that_is_cut_does_not_fail_a_deployment(cut: int, fails: bool) -> None:
    table = _Cut(cut)
    if fails:
        with pytest.raises(CutAnswerError):
            announce_pool(table, PRIMARY, "Create", "records", POOL)
    else:
        announce_pool(table, PRIMARY, "Create", "records", POOL)
    assert len(table.put) == ATTEMPTS


def test_an_announcement_is_marked_so_that_the_other_region_s_stream_starts_nothing() -> None:
    """As the streams of every release understand it (docs/data.md, `bulk`)."""
    table = _Cut(0)
    announce_pool(table, PRIMARY, "Create", "records", POOL)
    item = table.put[0]["Item"]
    assert isinstance(item, dict)
    assert item["bulk"] == {"BOOL": True}


def test_a_note_of_the_release_before_has_been_done() -> None:
    assert _note({"raised": [120, 600]}).raised == Raised(120, 600, done=True)
    assert _note({"raised": [120, 600, 0]}).raised == Raised(120, 600)
