"""Contract of what tells whether an absence may be believed: ledger, record store, directory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cognito_standby.core.domain.absence import RegionNotes
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.ledger import Confirmation, Intent, LedgerRow
from cognito_standby.core.domain.records import Draft, Version
from cognito_standby.core.domain.subjects import Subject, image_of
from cognito_standby.core.ports import Ledger
from tests.contract.backends import Backend
from tests.contract.pools import PLAIN, MakePool
from tests.twins.clock import ManualClock

ANN = Subject.user("origin-ann")
FIELDS = {"present": "true", "enabled": "true"}
POOL = "us-east-1_Here"
VERSION = Version(Epoch(1, "us-east-1"), 3)


@pytest.fixture
def ledger(backend: Backend, clock: ManualClock) -> Ledger:
    return backend.ledger(clock, POOL)


def test_nothing_is_noted_of_a_new_region(ledger: Ledger) -> None:
    assert ledger.region_notes() == RegionNotes()


def test_the_first_table_is_noted_once(ledger: Ledger) -> None:
    assert ledger.note_table("", "first")
    assert not ledger.note_table("", "second")
    assert ledger.region_notes().table_id == "first"


def test_another_table_takes_the_place_of_the_one_that_was_seen(ledger: Ledger) -> None:
    ledger.note_table("", "first")
    assert not ledger.note_table("never seen", "second")
    assert ledger.note_table("first", "second")
    assert ledger.region_notes().table_id == "second"


def test_recoveries_are_noted_along_with_earlier_ones_and_the_table(ledger: Ledger) -> None:
    ledger.note_table("", "first")
    ledger.note_reconciled(frozenset())
    ledger.note_reconciled(frozenset({"one"}))
    ledger.note_reconciled(frozenset({"one", "two"}))
    assert ledger.region_notes() == RegionNotes("first", frozenset({"one", "two"}))


def test_notes_of_the_region_are_nobodys_row(ledger: Ledger) -> None:
    ledger.note_table("", "first")
    assert ledger.read(ANN) == LedgerRow(ANN)


def test_a_lease_alone_names_no_pool(ledger: Ledger) -> None:
    assert ledger.take_lease(ANN, "one").user_pool_id == ""


def test_every_write_about_the_pool_names_it(ledger: Ledger) -> None:
    intent = Intent({}, image_of(FIELDS), {}, "ann")
    ledger.take_lease(ANN, "one")
    ledger.note_intent(ANN, "one", intent)
    assert ledger.read(ANN).user_pool_id == POOL


def test_a_creation_and_a_confirmation_name_it_too(backend: Backend, clock: ManualClock) -> None:
    created, confirmed = backend.ledger(clock, POOL), backend.ledger(clock, POOL)
    created.take_lease(ANN, "one")
    created.note_created(ANN, "one", Intent({}, image_of(FIELDS), {}, "ann"), "l-1", "ann")
    confirmed.take_lease(ANN, "one")
    confirmed.confirm(ANN, "one", Confirmation(FIELDS, None, {}, "l-1", "ann", "f-1"))
    assert created.read(ANN).user_pool_id == confirmed.read(ANN).user_pool_id == POOL


def test_a_creation_forgets_the_sub_of_the_entry_before(ledger: Ledger) -> None:
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", Confirmation(FIELDS, None, {}, "l-1", "ann", "f-1"))
    ledger.take_lease(ANN, "two")
    ledger.note_intent(ANN, "two", Intent({}, image_of(FIELDS), {}, "ann"))
    row = ledger.read(ANN)
    assert (row.local_sub, row.confirmed, row.user_pool_id) == ("", None, POOL)


@pytest.mark.parametrize("created", [False, True])
def test_a_first_write_in_another_pool_forgets_the_former_one(
    ledger: Ledger, created: bool
) -> None:
    ledger.take_lease(ANN, "one")
    ledger.confirm(ANN, "one", Confirmation(FIELDS, VERSION, {}, "l-1", "ann", "f-1"))
    ledger.take_lease(ANN, "two")
    intent = Intent(image_of(FIELDS), image_of(FIELDS), {}, "ann")
    ledger.note_intent(ANN, "two", intent)
    row = ledger.read(ANN)
    assert (row.local_sub, row.confirmed_version) == ("l-1", VERSION), "of this pool all stays"
    anew = replace(intent, anew=True)
    if created:
        ledger.note_created(ANN, "two", anew, "l-2", "ann")
    else:
        ledger.note_intent(ANN, "two", anew)
    row = ledger.read(ANN)
    assert (row.confirmed, row.confirmed_version, row.summary) == (None, None, "")
    assert (row.record_fingerprint, row.local_sub) == ("", "l-2" if created else "")


@pytest.mark.parametrize("pool", ["", POOL])
def test_a_record_names_its_pool_if_it_was_told_one(backend: Backend, pool: str) -> None:
    records = backend.records()
    draft = Draft(ANN, 0, FIELDS, False, None, user_pool_id=pool)
    records.primary.put(draft, datetime(2026, 1, 1, tzinfo=UTC))
    records.settle()
    own = records.primary.read(ANN)[0].own
    seen = records.backup.read(ANN)[0].other
    assert own is not None
    assert seen is not None
    assert own.user_pool_id == seen.user_pool_id == pool


def test_a_table_has_an_identity(backend: Backend) -> None:
    store = backend.records().primary
    assert store.table_id() == store.table_id() != ""


def test_a_table_made_anew_has_another_one(backend: Backend) -> None:
    if backend.name == "memory":
        pytest.skip("a test gives the twin its ids")
    assert backend.records().primary.table_id() != backend.records().primary.table_id()


def test_a_pool_was_never_recovered(make_pool: MakePool) -> None:
    assert make_pool(PLAIN).directory.recoveries() == ()
