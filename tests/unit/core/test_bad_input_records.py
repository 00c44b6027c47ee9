"""Records in the table and stream records that nobody wrote like this end as a reasoned refusal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cognito_standby.core.adapters.items import (
    ledger_row,
    plain,
    record_from,
    record_item,
    wire,
)
from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError, StandbyError
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.records import SCHEMA_VERSION, Draft, Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.adapters.index_items import ledger_summary
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary
from tests.twins.stores.records import ItemKey, UnreadableItem
from tests.unit.core.test_bad_input_hints import SECRET, readable
from tests.unit.world import PRIMARY, World

GOOD: dict[str, Any] = {
    "origin_sub": "sub-1",
    "region": PRIMARY,
    "schema_version": Decimal(SCHEMA_VERSION),
    "revision": Decimal(1),
    "epoch": Decimal(1),
    "deleted": False,
    "fields": {"present": "true", "attr:email": SECRET},
    "observed_at": "2026-01-01T00:00:00+00:00",
    "change_id": "change-1",
}
numbers = st.integers(-(10**9), 10**38) | st.decimals(allow_nan=False, allow_infinity=False)
attributes = st.recursive(
    st.none() | st.booleans() | numbers | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
changes = st.dictionaries(st.sampled_from(list(GOOD)), attributes, max_size=4)
losses = st.sets(st.sampled_from(list(GOOD)), max_size=3)


@given(changes, losses)
@example({"revision": Decimal("1.5")}, set())
@example({"fields": {"present": 1}}, set())
@example({}, {"origin_sub"})
@example({"origin_sub": b"sub-1"}, set())
def test_an_item_is_a_record_or_a_reasoned_refusal(change: Any, lost: set[str]) -> None:
    item = {name: value for name, value in {**GOOD, **change}.items() if name not in lost}
    try:
        record = record_from(item)
    except (InvalidRecordError, NewerSchemaError) as error:
        assert readable(error)
        assert SECRET not in str(error)
    else:
        assert isinstance(record, Record)
        assert all(isinstance(v, str) for v in record.fields.values())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"schema_version": Decimal(SCHEMA_VERSION + 1)}, NewerSchemaError),
        ({"schema_version": Decimal(SCHEMA_VERSION + 1), "fields": "unknown"}, NewerSchemaError),
        ({"schema_version": "1"}, InvalidRecordError),
        ({"schema_version": True}, InvalidRecordError),
        ({"schema_version": Decimal(-1)}, InvalidRecordError),
        ({"epoch": Decimal(-1)}, InvalidRecordError),
        ({"deleted": "false"}, InvalidRecordError),
        ({"fields": {}}, InvalidRecordError),
        ({"fields": ["present"]}, InvalidRecordError),
        ({"fields": {"present": "yes"}}, InvalidRecordError),
        ({"fields": {"present": "true", "enabled": "maybe"}}, InvalidRecordError),
        ({"fields": {"present": "true", "group:admins": "false"}}, InvalidRecordError),
        ({"fields": {"present": "true", "attr:name": ""}}, InvalidRecordError),
        ({"fields": {"present": "true", "colour": "red"}}, InvalidRecordError),
        ({"origin_sub": "#group#a", "fields": {"precedence": "first"}}, InvalidRecordError),
        ({"origin_sub": "#claim"}, InvalidRecordError),
        ({"region": None}, InvalidRecordError),
    ],
)
def test_a_record_is_refused(change: dict[str, Any], error: type[StandbyError]) -> None:
    with pytest.raises(error) as refused:
        record_from({**GOOD, **change})
    assert readable(refused.value)


def test_the_schema_before_is_still_read() -> None:
    assert record_from({**GOOD, "schema_version": Decimal(SCHEMA_VERSION - 1)}).revision == 1


names = st.text(min_size=1, max_size=40).map("attr:".__add__)


@given(st.dictionaries(names, st.text(min_size=1, max_size=2048), min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_whatever_a_user_holds_survives_the_table(fields: dict[str, str]) -> None:
    draft = Draft(Subject.user("sub-1"), 1, fields, False, None, "change-1")
    item = record_item(draft, PRIMARY, World().primary.context.clock.now())
    assert record_from(plain(wire(item))).fields == fields


def test_a_state_that_no_item_can_hold_is_refused_without_a_value() -> None:
    fields = {f"attr:custom:{number}": "\U0001f600" * 2048 for number in range(51)}
    draft = Draft(Subject.user("sub-1"), 1, fields, False, None, "change-1")
    with pytest.raises(InvalidRecordError, match="bytes") as refused:
        record_item(draft, PRIMARY, World().primary.context.clock.now())
    assert readable(refused.value)


@pytest.mark.parametrize("error", [InvalidRecordError, NewerSchemaError])
def test_an_unreadable_record_stops_its_user_alone(error: type[StandbyError]) -> None:
    world = World()
    spoilt, sound = (world.sign_up(name, {"email": f"{name}@x.org"}) for name in ("ann", "bob"))
    world.table.write(PRIMARY, ItemKey(spoilt, PRIMARY), UnreadableItem(error))
    assert world.replicate() == [spoilt]
    for side in (world.primary, world.backup):
        with pytest.raises(error) as refused:
            side.run({"origin_sub": spoilt, "cause": "replica_stream"})
        assert readable(refused.value)
    world.carry(sound)
    assert world.twin_of(sound) == {"email": "bob@x.org"}


@pytest.mark.parametrize("observed_at", ["", "yesterday", "2026-01-01T00:00:00", "9" * 400])
def test_a_time_that_cannot_be_read_fails_nothing(observed_at: str) -> None:
    world = World()
    sub = world.sign_up("ann", {"email": "ann@x.org"})
    world.primary.run({"local_sub": sub})
    key = ItemKey(sub, PRIMARY)
    item = world.table.item(PRIMARY, key)
    assert isinstance(item, Record)
    odd = Record(item.subject, PRIMARY, 9, item.epoch_number, item.fields, observed_at=observed_at)
    world.table.write(PRIMARY, key, odd)
    world.replicate()
    assert world.backup.run({"origin_sub": sub})["decision"] == "done"
    assert world.twin_of(sub) == {"email": "ann@x.org"}


ROW: dict[str, Any] = {
    "subject": "sub-1",
    "state": "applying",
    "base": {"present": "true"},
    "target": {"present": "true"},
    "confirmed": {"attr:email": SECRET},
    "skipped": {},
    "confirmed_epoch": Decimal(1),
    "confirmed_region": PRIMARY,
    "confirmed_revision": Decimal(1),
    "lease_holder": "one#0",
    "lease_expires_at": Decimal(7),
}


@given(
    st.dictionaries(st.sampled_from(list(ROW)), attributes, max_size=4),
    st.sets(st.sampled_from(list(ROW)), max_size=3),
)
@example({"state": "a word of a later release"}, set())
@example({"base": "present"}, set())
@example({"lease_expires_at": None}, set())
@example({"confirmed_revision": "one"}, set())
@example({}, {"lease_expires_at"})
@example({}, {"confirmed_epoch"})
def test_an_item_is_a_row_of_the_ledger_or_a_reasoned_refusal(change: Any, lost: set[str]) -> None:
    item = {name: value for name, value in {**ROW, **change}.items() if name not in lost}
    for read in (lambda: ledger_row(Subject.user("sub-1"), item), lambda: ledger_summary(item)):
        try:
            row = read()
        except InvalidRecordError as error:
            assert readable(error)
            assert SECRET not in str(error)
        else:
            assert isinstance(row, LedgerRow | LedgerSummary)
