"""Drift in the records and in the ledger, and what is due by age."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.records import Record
from cognito_standby.reconciliation.domain.reconciliation import Drift, Housekeeping
from tests.twins.stores.records import ItemKey, UnreadableItem
from tests.unit.reconciliation.settled import Settled, expect, heals
from tests.unit.world import BACKUP, PRIMARY


def test_a_record_that_vanished(settled: Settled) -> None:
    settled.forget_record(settled.ann, PRIMARY)
    for stage in (settled.active, settled.standby):
        suspects = expect(stage, (Drift.MISSING_RECORD, settled.ann))
        assert "without a shard" in suspects[0].cause
    heals(settled.active, suspects)


def test_a_record_without_a_shard_shows_as_missing(settled: Settled) -> None:
    settled.standby.records.without_shard.add(settled.ann)
    suspects = expect(settled.standby, (Drift.MISSING_RECORD, settled.ann))
    assert not suspects[0].destructive
    before = settled.standby.side.pool.snapshot()
    settled.standby.visit(suspects[0])
    assert settled.standby.side.pool.snapshot() == before


def test_a_ledger_that_lost_its_row(settled: Settled) -> None:
    settled.forget_row(settled.active, settled.ann)
    suspects = expect(settled.active, (Drift.LEDGER_OUT_OF_STEP, settled.ann))
    heals(settled.active, suspects)


def test_a_ledger_that_remembers_a_user_of_whom_nobody_else_knows(settled: Settled) -> None:
    settled.active.side.pool.admin_delete_user("ann")
    settled.forget_record(settled.ann, PRIMARY)
    suspects = expect(settled.active, (Drift.LEDGER_OUT_OF_STEP, settled.ann))
    assert suspects[0].destructive
    heals(settled.active, suspects)


def test_a_record_whose_confirmation_was_lost(settled: Settled) -> None:
    settled.rewrite_record(settled.ann, revision=7)
    for stage in (settled.active, settled.standby):
        heals(stage, expect(stage, (Drift.LEDGER_OUT_OF_STEP, settled.ann)))


def test_a_record_that_somebody_changed(settled: Settled) -> None:
    record = settled.world.table.item(PRIMARY, ItemKey(settled.ann, PRIMARY))
    assert isinstance(record, Record)
    settled.rewrite_record(settled.ann, fields={**record.fields, "attr:name": "Eve"})
    heals(settled.active, expect(settled.active, (Drift.STALE_RECORD, settled.ann)))


@pytest.mark.parametrize("error", [InvalidRecordError, NewerSchemaError])
def test_a_record_that_cannot_be_read(settled: Settled, error: type[Exception]) -> None:
    key = ItemKey(settled.ann, PRIMARY)
    settled.world.table._items[BACKUP][key] = UnreadableItem(error)  # type: ignore[arg-type]
    suspects = expect(settled.standby, (Drift.UNREADABLE_RECORD, settled.ann))
    assert suspects[0].cause == error.__name__


def test_a_deleted_user_is_kept_and_then_purged(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    for stage in (settled.active, settled.standby):
        expect(stage)
        stage.pass_time(days=6)
        expect(stage)
        stage.pass_time(days=2)
    expect(settled.active)
    suspects = expect(settled.standby, (Housekeeping.PURGE, settled.ann))
    assert suspects[0].destructive
    assert suspects[0].local_sub == settled.twin(settled.ann)


def test_tombstones_are_stripped_when_both_regions_have_them(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    settled.standby.side.pool.admin_delete_user("ann")
    settled.standby.side.run({"origin_sub": settled.ann})
    settled.world.table.replicate_all()
    for stage in (settled.active, settled.standby):
        expect(stage)
        stage.pass_time(days=91)
        suspects = expect(stage, (Housekeeping.STRIP, settled.ann))
        assert not suspects[0].destructive
    settled.forget_record(settled.ann, BACKUP)
    for stage in (settled.active, settled.standby):
        expect(stage, (Housekeeping.STRIP, settled.ann))
    settled.forget_record(settled.ann, PRIMARY)
    for stage in (settled.active, settled.standby):
        expect(stage, (Housekeeping.STRIP, settled.ann))
        settled.forget_row(stage, settled.ann)
        expect(stage)


def test_a_deletion_without_the_answer(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    settled.forget_record(settled.ann, BACKUP)
    expect(settled.active)
    heals(settled.standby, expect(settled.standby, (Drift.STALE_RECORD, settled.ann)))


def test_a_kept_user_who_was_changed_meanwhile(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    settled.standby.side.pool.admin_update_user_attributes("ann", {"name": "Eve"})
    heals(settled.standby, expect(settled.standby, (Drift.LEDGER_OUT_OF_STEP, settled.ann)))


def test_an_erased_user_is_removed(settled: Settled) -> None:
    settled.active.side.pool.admin_delete_user("ann")
    settled.active.side.run({"local_sub": settled.ann})
    settled.rewrite_record(settled.ann, fields={})
    suspects = expect(settled.standby, (Drift.UNEXPECTED_USER, settled.ann))
    assert suspects[0].destructive
    assert "erased" in suspects[0].cause
    heals(settled.standby, suspects)
    assert settled.standby.side.pool._accounts.find("ann") is None


def test_a_deletion_whose_confirmation_was_lost(settled: Settled) -> None:
    settled.delete("ann", settled.ann)
    settled.forget_row(settled.active, settled.ann)
    heals(settled.active, expect(settled.active, (Drift.LEDGER_OUT_OF_STEP, settled.ann)))
