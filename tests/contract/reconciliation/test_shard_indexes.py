"""Contract of RecordIndex and LedgerIndex."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cognito_standby.core.adapters.items import shard_of
from cognito_standby.core.domain.ledger import Binding, Confirmation, Intent, SyncState
from cognito_standby.core.domain.records import Draft, Record
from cognito_standby.core.domain.subjects import Subject, fingerprint, image_of
from cognito_standby.core.domain.summaries import summary_of
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, RecordSummary
from tests.contract.backends import BACKUP, LEASE_SECONDS, PRIMARY, Backend
from tests.contract.reconciliation.reconciling import Tables, tables_of
from tests.twins.clock import ManualClock

SEEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FIELDS = {"present": "true", "enabled": "true", "attr:name": "Ann", "group:g": "true"}


def _same_shard(number: int) -> list[Subject]:
    """Some subjects whose keys fall into one shard."""
    wanted = shard_of(Subject.user("origin-0"))
    subjects = (Subject.user(f"origin-{n}") for n in range(100_000))
    return [s for s, _ in zip((s for s in subjects if shard_of(s) == wanted), range(number))]  # noqa: B905


ANN, BEN, CYD = sorted(_same_shard(3), key=lambda subject: subject.key)
SHARD = shard_of(ANN)
ELSEWHERE = next(s for n in range(99) if shard_of(s := Subject.group(f"g{n}")) != SHARD)


@pytest.fixture
def tables(backend: Backend, clock: ManualClock) -> Tables:
    return tables_of(backend, clock)


def put(tables: Tables, subject: Subject, revision: int | None = None, **changes: object) -> Record:
    values: dict[str, object] = {"epoch_number": 1, "fields": FIELDS, "deleted": False}
    draft = Draft(subject=subject, expected_revision=revision, **(values | changes))  # type: ignore[arg-type]
    record = tables.records.put(draft, SEEN)
    assert record is not None
    return record


def summary(record: Record) -> RecordSummary:
    return RecordSummary(
        record.subject.key,
        record.region,
        record.version,
        record.deleted,
        fingerprint(record.fields),
        record.observed_at,
    )


def pages(page: Callable[[str, str], object], shard: str = SHARD) -> list[object]:
    found, token = [], ""
    while True:
        answer = page(shard, token)
        found += [answer]
        token = answer.token  # type: ignore[attr-defined]
        if not token:
            return found


def records_of(tables: Tables) -> list[RecordSummary]:
    return [r for page in pages(tables.record_index.page) for r in page.records]  # type: ignore[attr-defined]


def rows_of(tables: Tables) -> list[LedgerSummary]:
    return [row for page in pages(tables.ledger_index.page) for row in page.rows]  # type: ignore[attr-defined]


def test_a_shard_shows_its_records_in_order_and_no_others(tables: Tables) -> None:
    put(tables, ANN)
    first = put(tables, CYD)
    put(tables, ELSEWHERE, fields={"present": "true"})
    second = put(tables, ANN, 1, deleted=True, epoch_number=3)
    tables.records.put_claim(7)
    assert records_of(tables) == [summary(second), summary(first)]
    (elsewhere,) = pages(tables.record_index.page, shard_of(ELSEWHERE))
    assert [record.key for record in elsewhere.records] == [ELSEWHERE.key]  # type: ignore[attr-defined]


def test_an_empty_shard_is_empty(tables: Tables) -> None:
    assert records_of(tables) == []
    assert rows_of(tables) == []


READABLE = {
    "shard_id": SHARD,
    "schema_version": 1,
    "revision": 4,
    "epoch": 2,
    "deleted": False,
    "fingerprint": "f",
    "fields": {"present": "true"},
}


@pytest.mark.parametrize(
    "changes",
    [
        {"schema_version": 99},
        {"revision": -1},
        {"epoch": "2"},
        {"deleted": "no"},
        {"fingerprint": 7},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_cannot_be_read_is_named_and_hides_nobody_else(
    tables: Tables, changes: dict[str, object]
) -> None:
    first = put(tables, ANN)
    tables.spoil(BEN.key, BACKUP, {**READABLE, **changes})
    third = put(tables, CYD)
    assert records_of(tables) == [summary(first), summary(third)]
    (page,) = pages(tables.record_index.page)
    assert set(page.unreadable) == {BEN.key}  # type: ignore[attr-defined]


def test_an_item_without_a_shard_is_in_no_page(tables: Tables) -> None:
    tables.spoil(BEN.key, PRIMARY, {k: v for k, v in READABLE.items() if k != "shard_id"})
    assert records_of(tables) == []
    assert tables.records.read(BEN)[0].own is not None


def test_a_shard_of_many_comes_in_pages(tables: Tables) -> None:
    """1 MB a page is DynamoDB's limit of a Query, by what the index projects."""
    many = _same_shard(40)
    for subject in many:
        put(tables, subject, fields={**FIELDS, "attr:long": "x" * 60_000})
    assert [record.key for record in records_of(tables)] == sorted(s.key for s in many)


def test_a_confirmed_row_shows_by_what_it_is_known_again(tables: Tables) -> None:
    record = put(tables, ANN)
    tables.ledger.take_lease(ANN, "one")
    confirmation = Confirmation(FIELDS, record.version, {}, "local-ann", "ann", "print")
    tables.ledger.confirm(ANN, "one", confirmation)
    assert rows_of(tables) == [
        LedgerSummary(
            ANN.key,
            SyncState.IN_SYNC,
            "local-ann",
            summary_of(FIELDS),
            "print",
            record.version,
        )
    ]


def test_every_write_of_a_row_brings_it_into_its_shard(tables: Tables, clock: ManualClock) -> None:
    tables.ledger.take_lease(ANN, "one")
    (leased,) = rows_of(tables)
    assert (leased.key, leased.state) == (ANN.key, SyncState.NEW)
    assert leased.lease_expires_at == pytest.approx(clock.now().timestamp() + LEASE_SECONDS, abs=1)
    tables.ledger.note_intent(ANN, "one", Intent({}, image_of(FIELDS), {}, "ann"))
    assert rows_of(tables)[0].state is SyncState.APPLYING
    onward = Intent(image_of(FIELDS), image_of(FIELDS), {}, "ann")
    tables.ledger.note_created(ANN, "one", onward, "local-ann", "ann")
    assert rows_of(tables)[0].local_sub == "local-ann"
    tables.ledger.note_state(ANN, "one", SyncState.QUARANTINED, "because")
    (quarantined,) = rows_of(tables)
    assert (quarantined.state, quarantined.lease_expires_at) == (SyncState.QUARANTINED, 0.0)


def test_a_confirmed_absence_has_no_summary(tables: Tables) -> None:
    tables.ledger.take_lease(ANN, "one")
    tables.ledger.confirm(ANN, "one", Confirmation({}, None, {}))
    assert rows_of(tables) == [LedgerSummary(ANN.key, SyncState.IN_SYNC)]


def test_a_shard_tells_what_the_pool_does_not_hold(tables: Tables) -> None:
    """From the confirmation on, until one without it; a write in between is no confirmation."""
    skipped = {"attr:custom:plan": "not in the pool's schema", "group:g": "of a provider"}
    for subject, held in ((ANN, skipped), (BEN, {}), (ELSEWHERE, skipped)):
        tables.ledger.take_lease(subject, "one")
        tables.ledger.confirm(subject, "one", Confirmation(FIELDS, None, held))
    assert tables.ledger_index.not_held(SHARD) == {ANN.key: skipped}
    tables.ledger.take_lease(ANN, "two")
    assert tables.ledger_index.not_held(SHARD) == {ANN.key: skipped}
    tables.ledger.note_intent(ANN, "two", Intent(image_of(FIELDS), image_of(FIELDS), {}))
    assert tables.ledger_index.not_held(SHARD) == {}
    tables.ledger.confirm(ANN, "two", Confirmation(FIELDS, None, {}))
    assert tables.ledger_index.not_held(SHARD) == {}


def test_who_is_left_alone_can_count_among_those_not_held(tables: Tables) -> None:
    """Until the reason is another one, or they are found to be somebody."""
    why = {"federated": "more than one could be meant"}
    for state, reason, held in (
        (SyncState.SKIPPED, why["federated"], why),
        (SyncState.SKIPPED, "not confirmed yet", {}),
        (SyncState.SKIPPED, why["federated"], why),
    ):
        tables.ledger.take_lease(ANN, "one")
        tables.ledger.note_state(ANN, "one", state, reason, held)
        assert tables.ledger_index.not_held(SHARD) == ({ANN.key: why} if held else {})
    tables.ledger.take_lease(ANN, "one")
    intent = Intent(image_of(FIELDS), image_of(FIELDS), {}, "google_1")
    binding = Binding(intent, "local-1", "google_1", "", frozenset())
    tables.ledger.bind(ANN, "one", ELSEWHERE, binding)
    assert tables.ledger_index.not_held(SHARD) == {}


def test_the_reverse_map_answers_for_many_at_once(tables: Tables) -> None:
    people = [Subject.user(f"origin-of-{n}") for n in range(100)]
    for n, subject in enumerate(people[:70]):
        tables.ledger.take_lease(subject, "one")
        intent = Intent(image_of(FIELDS), image_of(FIELDS), {}, "ann")
        tables.ledger.note_created(subject, "one", intent, f"local-{n}", "ann")
    asked = [f"local-{n}" for n in range(100)]
    expected = {f"local-{n}": subject.id for n, subject in enumerate(people[:70])}
    assert tables.ledger_index.origins_of(asked) == expected
    assert tables.ledger_index.origins_of(["local-3", "local-3"]) == {"local-3": "origin-of-3"}
    assert tables.ledger_index.origins_of([]) == {}


def test_rows_tell_which_pool_they_name(tables: Tables) -> None:
    """One that an older release wrote names none; who has no row is not told of."""
    groups = [Subject.group(f"group-{n}") for n in range(3)]
    for group in groups[:2]:
        tables.ledger.take_lease(group, "one")
        tables.ledger.confirm(group, "one", Confirmation({"present": "true"}, None, {}))
    keys = [group.key for group in groups]
    named = tables.ledger_index.pools_of([*keys, keys[0]])
    assert named == {group.key: tables.ledger.read(group).user_pool_id for group in groups[:2]}
    assert tables.ledger_index.pools_of([]) == {}


def test_whole_records_are_those_of_both_regions_that_can_be_read(tables: Tables) -> None:
    own = put(tables, ANN)
    tables.spoil(ANN.key, BACKUP, {**READABLE, "fields": FIELDS, "user_pool_id": "theirs"})
    tables.spoil(BEN.key, PRIMARY, {"revision": 1})
    found = tables.whole.of([ANN.key, BEN.key, CYD.key])
    assert set(found) == {ANN.key}
    assert found[ANN.key].own == own
    other = found[ANN.key].other
    assert other is not None
    assert (other.region, other.user_pool_id, other.fields) == (BACKUP, "theirs", FIELDS)
    assert tables.whole.of([]) == {}
