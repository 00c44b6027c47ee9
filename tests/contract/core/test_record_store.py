"""Contract of RecordStore."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.records import Draft, Partition, Record
from cognito_standby.core.domain.subjects import Subject, SubjectKind
from tests.contract.backends import BACKUP, PRIMARY, Backend, Records

ANN = Subject.user("11111111-aaaa-4bbb-8ccc-000000000001")
EDITORS = Subject.group("editors")
SEEN = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
AWKWARD = {
    "attr:emoji": "\N{GRINNING FACE} a\N{COMBINING ACUTE ACCENT}",
    "attr:rtl": "\u05e9\u05dc\u05d5\u05dd, \u0645\u0631\u062d\u0628\u0627",
    "attr:quotes": "a,\"b\",'c'\\d",
    "attr:control": "\x00\x01\t\r\n\x7f",
    "attr:long": "x" * 2048,
    "group:a/b#c d": "true",
}


def draft(subject: Subject = ANN, revision: int | None = None, **changes: object) -> Draft:
    described = "attr:name" if subject.kind is SubjectKind.USER else "description"
    values: dict[str, object] = {
        "epoch_number": 1,
        "fields": {"present": "true", described: "Ann"},
        "deleted": False,
        "change_id": "c-1",
    }
    return Draft(subject=subject, expected_revision=revision, **(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def records(backend: Backend) -> Records:
    return backend.records()


def test_before_anything_was_written_the_primary_counts_as_active(records: Records) -> None:
    for store in (records.primary, records.backup):
        partition, claims = store.read(ANN)
        assert partition == Partition()
        assert dict(claims.numbers) == {PRIMARY: 1, BACKUP: 0}
        assert store.read_claims() == claims


def test_a_record_is_read_back_as_it_was_put(records: Records) -> None:
    put = records.primary.put(draft(), SEEN)
    assert put is not None
    assert (put.subject, put.region, put.revision, put.epoch_number) == (ANN, PRIMARY, 1, 1)
    assert dict(put.fields) == {"present": "true", "attr:name": "Ann"}
    assert (put.deleted, put.change_id) == (False, "c-1")
    assert datetime.fromisoformat(put.observed_at) == SEEN
    assert records.primary.read(ANN)[0] == Partition(own=put)


def test_one_of_very_many_is_marked_until_the_next_ordinary_write(records: Records) -> None:
    marked = records.primary.put(draft(bulk=True), SEEN)
    assert marked is not None
    assert marked.bulk
    assert records.primary.read(ANN)[0].own == marked
    plain = records.primary.put(draft(revision=1), SEEN)
    assert plain is not None
    assert not plain.bulk
    assert records.primary.read(ANN)[0].own == plain


def test_a_record_without_a_shard_is_repaired_in_its_own_region_only(records: Records) -> None:
    assert not records.primary.add_to_index(ANN)
    records.primary.put(draft(), SEEN)
    records.settle()
    assert not records.primary.add_to_index(ANN)
    records.unindex(ANN, PRIMARY)
    before = records.primary.read(ANN)[0].own
    assert not records.backup.add_to_index(ANN)
    assert records.primary.add_to_index(ANN)
    assert not records.primary.add_to_index(ANN)
    assert records.primary.read(ANN)[0].own == before


def retired(records: Records) -> Record:
    records.primary.put(draft(), SEEN)
    tombstone = records.primary.put(draft(revision=1, deleted=True), SEEN)
    assert tombstone is not None
    assert records.primary.retire(tombstone)
    records.settle()
    marked = records.primary.read(ANN)[0].own
    assert marked == replace(tombstone, retired=True, bulk=True)
    return marked


def test_a_retired_tombstone_is_told_from_others(records: Records) -> None:
    plain = records.backup.put(draft(deleted=True), SEEN)
    assert plain is not None
    assert not plain.retired
    marked = retired(records)
    assert marked.retired
    records.settle()
    assert records.primary.read(ANN)[0] == Partition(own=marked, other=plain)


def test_nothing_that_lives_is_retired(records: Records) -> None:
    record = records.primary.put(draft(), SEEN)
    assert record is not None
    assert not records.primary.retire(record)
    assert records.primary.read(ANN)[0].own == record
    assert not records.primary.remove(record)


def test_a_record_that_moved_is_not_retired(records: Records) -> None:
    first = records.primary.put(draft(deleted=True), SEEN)
    second = records.primary.put(draft(revision=1, deleted=True), SEEN)
    assert first and second
    assert not records.primary.retire(first)
    assert records.primary.read(ANN)[0].own == second


def test_an_ordinary_write_over_a_retired_tombstone_bears_no_mark(records: Records) -> None:
    retired(records)
    alive = records.primary.put(draft(revision=2), SEEN)
    assert alive is not None
    assert not (alive.retired or alive.bulk)
    assert records.primary.read(ANN)[0].own == alive


def test_a_retired_tombstone_is_taken_away_everywhere(records: Records) -> None:
    marked = retired(records)
    assert records.primary.remove(marked)
    assert records.primary.remove(marked)
    records.settle()
    for store in (records.primary, records.backup):
        assert store.read(ANN)[0] == Partition()
    assert records.primary.put(draft(), SEEN) is not None


def test_a_record_that_moved_is_not_taken_away(records: Records) -> None:
    marked = retired(records)
    alive = records.primary.put(draft(revision=2, epoch_number=2), SEEN)
    assert alive is not None
    assert not records.primary.remove(marked)
    assert not records.primary.remove(alive)
    records.settle()
    assert records.backup.read(ANN)[0] == Partition(other=alive)


def test_an_ordinary_tombstone_is_not_taken_away(records: Records) -> None:
    tombstone = records.primary.put(draft(deleted=True), SEEN)
    assert tombstone is not None
    assert not records.primary.remove(tombstone)
    assert records.primary.read(ANN)[0].own == tombstone


def test_no_region_takes_away_the_other_s(records: Records) -> None:
    marked = retired(records)
    records.backup.remove(marked)
    records.settle()
    assert records.primary.read(ANN)[0] == Partition(own=marked)


def test_awkward_values_survive(records: Records) -> None:
    records.primary.put(draft(fields=AWKWARD), SEEN)
    own = records.primary.read(ANN)[0].own
    assert own is not None
    assert dict(own.fields) == AWKWARD


def test_a_first_write_is_refused_where_a_record_is(records: Records) -> None:
    first = records.primary.put(draft(), SEEN)
    assert records.primary.put(draft(fields={"present": "true"}), SEEN) is None
    assert records.primary.read(ANN)[0].own == first


@pytest.mark.parametrize("expected", [0, 2, 7])
def test_a_write_is_refused_at_another_revision(records: Records, expected: int) -> None:
    first = records.primary.put(draft(), SEEN)
    assert records.primary.put(draft(revision=expected), SEEN) is None
    assert records.primary.read(ANN)[0].own == first


def test_a_write_that_expects_a_record_is_refused_where_none_is(records: Records) -> None:
    assert records.primary.put(draft(revision=1), SEEN) is None
    assert records.primary.read(ANN)[0] == Partition()


def test_each_write_raises_the_revision(records: Records) -> None:
    records.primary.put(draft(), SEEN)
    second = records.primary.put(draft(revision=1, epoch_number=4), SEEN)
    assert second is not None
    assert (second.revision, second.epoch_number) == (2, 4)
    assert records.primary.put(draft(revision=1), SEEN) is None
    assert records.primary.read(ANN)[0].own == second


def test_each_region_has_its_own_record_and_sees_the_other(records: Records) -> None:
    ours = records.primary.put(draft(), SEEN)
    records.settle()
    theirs = records.backup.put(draft(epoch_number=2, fields={"present": "true"}), SEEN)
    records.settle()
    assert records.primary.read(ANN)[0] == Partition(own=ours, other=theirs)
    assert records.backup.read(ANN)[0] == Partition(own=theirs, other=ours)


def test_a_tombstone_keeps_the_last_fields(records: Records) -> None:
    records.primary.put(draft(deleted=True), SEEN)
    records.settle()
    other = records.backup.read(ANN)[0].other
    assert other is not None
    assert other.deleted
    assert dict(other.fields) == {"present": "true", "attr:name": "Ann"}
    assert dict(other.state) == {}


def test_a_tombstone_of_something_never_described_is_a_record_too(records: Records) -> None:
    records.primary.put(draft(deleted=True, fields={}), SEEN)
    own = records.primary.read(ANN)[0].own
    assert own is not None
    assert own.deleted


def test_users_and_groups_of_one_name_are_apart(records: Records) -> None:
    user = records.primary.put(draft(Subject.user("editors")), SEEN)
    group = records.primary.put(draft(EDITORS, fields={"present": "true"}), SEEN)
    assert records.primary.read(Subject.user("editors"))[0].own == user
    assert records.primary.read(EDITORS)[0].own == group


def test_known_groups_are_those_with_a_living_record_of_this_region(records: Records) -> None:
    records.primary.put(draft(EDITORS), SEEN)
    records.primary.put(draft(Subject.group("gone"), deleted=True), SEEN)
    records.backup.put(draft(Subject.group("theirs")), SEEN)
    records.primary.put(draft(Subject.user("user")), SEEN)
    records.settle()
    asked = ("editors", "gone", "theirs", "user", "never")
    assert records.primary.known_groups(asked) == {"editors"}
    assert records.backup.known_groups(asked) == {"theirs"}
    assert records.primary.known_groups(()) == frozenset()


def test_known_groups_of_a_user_in_very_many(records: Records) -> None:
    records.primary.put(draft(Subject.group("g149")), SEEN)
    assert records.primary.known_groups(tuple(f"g{n}" for n in range(150))) == {"g149"}


def test_a_claim_only_ever_rises(records: Records) -> None:
    assert records.backup.put_claim(5)
    assert not records.backup.put_claim(5)
    assert not records.backup.put_claim(4)
    assert records.backup.read_claims().of(BACKUP).number == 5
    assert records.backup.put_claim(6)
    assert records.backup.read_claims().of(BACKUP).number == 6


def test_a_claim_reaches_the_other_region(records: Records) -> None:
    records.backup.put_claim(2)
    records.settle()
    partition, claims = records.primary.read(ANN)
    assert partition == Partition()
    assert dict(claims.numbers) == {PRIMARY: 1, BACKUP: 2}
    assert claims.highest().region == BACKUP


@pytest.mark.parametrize("region", [PRIMARY, BACKUP])
@pytest.mark.parametrize(
    ("newer", "error"), [(True, NewerSchemaError), (False, InvalidRecordError)]
)
def test_an_unreadable_item_is_named_by_what_can_be_done(
    records: Records, region: str, newer: bool, error: type[Exception]
) -> None:
    records.spoil(ANN, region, newer)
    records.settle()
    for store in (records.primary, records.backup):
        with pytest.raises(error):
            store.read(ANN)
        assert store.read(EDITORS)[0] == Partition()
