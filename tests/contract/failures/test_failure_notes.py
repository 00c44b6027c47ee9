"""Contract of FailureNotes and AttentionIndex, which live in the ledger's table."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.domain.ledger import Confirmation, Intent, SyncState
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import Ledger
from cognito_standby.failures.adapters.failures import DynamoFailureNotes
from cognito_standby.failures.adapters.sweeping import DynamoAttentionIndex
from cognito_standby.failures.domain.failures import Marker, MarkerStage
from cognito_standby.failures.ports import AttentionIndex, FailureNotes
from tests.contract.backends import LEASE_SECONDS, AwsBackend, Backend, table_with_attention
from tests.twins.clock import ManualClock
from tests.twins.stores.failures import InMemoryAttentionIndex, InMemoryFailureNotes
from tests.twins.stores.ledger import InMemoryLedger

KEY = "arn:aws:states:us-east-1:111111111111:execution:alpha-sync_user:one#0"
KEEP_SECONDS = 3600
NOW = 1_767_225_600.0
MARKER = Marker("first", MarkerStage.SENDING, NOW)
ANN, BEN, CY = (Subject.user(f"origin-{name}") for name in ("ann", "ben", "cy"))
INTENT = Intent(base={}, target={"present": "x"}, skipped={})


@dataclass
class Notebook:
    notes: FailureNotes
    attention: AttentionIndex
    ledger: Ledger


@pytest.fixture
def book(backend: Backend, clock: ManualClock) -> Notebook:
    if not isinstance(backend, AwsBackend):
        ledger = InMemoryLedger(clock, LEASE_SECONDS)
        notes = InMemoryFailureNotes(clock, KEEP_SECONDS)
        return Notebook(notes, InMemoryAttentionIndex(ledger), ledger)
    client = backend._client("dynamodb")
    table = table_with_attention(client)
    return Notebook(
        DynamoFailureNotes(client, table, clock, KEEP_SECONDS),
        DynamoAttentionIndex(client, table),
        DynamoLedger(client, table, clock, LEASE_SECONDS),
    )


def test_a_letter_is_claimed_once(book: Notebook) -> None:
    assert book.notes.read(KEY) is None
    assert book.notes.claim(KEY, None, MARKER)
    assert not book.notes.claim(KEY, None, Marker("second", MarkerStage.SENDING, NOW))
    assert book.notes.read(KEY) == MARKER


def test_a_claim_that_is_repeated_is_still_ours(book: Notebook) -> None:
    """The SDK sends a request again whose answer was lost."""
    assert book.notes.claim(KEY, None, MARKER)
    assert book.notes.claim(KEY, None, MARKER)
    later = replace(MARKER, owner="second", claimed_at=NOW + 1)
    assert book.notes.claim(KEY, MARKER, later)
    assert book.notes.claim(KEY, MARKER, later)
    assert not book.notes.claim(KEY, None, MARKER)


def test_a_claim_is_taken_over_only_as_it_was_seen(book: Notebook) -> None:
    book.notes.claim(KEY, None, MARKER)
    later = replace(MARKER, owner="second", claimed_at=NOW + 1000)
    assert book.notes.claim(KEY, MARKER, later)
    assert not book.notes.claim(KEY, MARKER, replace(later, owner="third"))
    assert book.notes.read(KEY) == later


def test_a_marker_that_is_out_of_date_is_as_good_as_none(
    book: Notebook, clock: ManualClock
) -> None:
    book.notes.claim(KEY, None, MARKER)
    clock.advance(KEEP_SECONDS + 1)
    assert book.notes.claim(KEY, None, replace(MARKER, owner="second"))


def test_a_stage_is_noted_where_there_is_a_marker(book: Notebook) -> None:
    book.notes.advance(KEY, MarkerStage.SETTLED)
    assert book.notes.read(KEY) is None
    book.notes.claim(KEY, None, MARKER)
    book.notes.advance(KEY, MarkerStage.SETTLED)
    assert book.notes.read(KEY) == replace(MARKER, stage=MarkerStage.SETTLED)


def test_many_markers_are_read_at_once(book: Notebook) -> None:
    keys = [f"{KEY}{number}" for number in range(230)]
    for key in keys[::7]:
        book.notes.claim(key, None, MARKER)
    assert set(book.notes.read_many(keys)) == set(keys[::7])
    assert book.notes.read_many([]) == {}


def test_a_listing_goes_on_where_it_was_left(book: Notebook) -> None:
    assert book.notes.cursor("one") == ""
    book.notes.keep_cursor("one", "token")
    assert (book.notes.cursor("one"), book.notes.cursor("two")) == ("token", "")
    book.notes.keep_cursor("one", "")
    assert book.notes.cursor("one") == ""


def test_once_in_a_while(book: Notebook, clock: ManualClock) -> None:
    assert book.notes.first_in("ann", 60)
    assert not book.notes.first_in("ann", 60)
    assert book.notes.first_in("ben", 60)
    clock.advance(61)
    assert book.notes.first_in("ann", 60)


def test_only_what_is_not_settled_is_in_the_index(book: Notebook, clock: ManualClock) -> None:
    for subject in (ANN, BEN, CY):
        book.ledger.take_lease(subject, "one")
        book.ledger.note_intent(subject, "one", INTENT)
    book.ledger.confirm(BEN, "one", Confirmation({"present": "true"}, None, {}))
    book.ledger.note_state(CY, "one", SyncState.QUARANTINED, "ThrottledError")
    (row,) = book.attention.applying(10)
    assert row.subject == ANN.key
    assert row.lease_expired_at == pytest.approx(clock.now().timestamp() + LEASE_SECONDS, abs=1)
    assert book.attention.count("quarantined") == 1
    assert book.attention.count("failed") == 0


def test_a_row_without_a_lease_is_told_apart(book: Notebook) -> None:
    book.ledger.take_lease(ANN, "one")
    book.ledger.note_intent(ANN, "one", INTENT)
    book.ledger.release(ANN, "one")
    (row,) = book.attention.applying(10)
    assert row.lease_expired_at is None


def test_the_index_is_read_up_to_a_limit(book: Notebook) -> None:
    for subject in (ANN, BEN, CY):
        book.ledger.take_lease(subject, "one")
        book.ledger.note_intent(subject, "one", INTENT)
    assert [row.subject for row in book.attention.applying(2)] == [ANN.key, BEN.key]
