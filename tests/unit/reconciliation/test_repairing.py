"""Repairs: everybody who does not add up comes to rest, whatever happens to the workers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cognito_standby.core.domain.errors import (
    MisconfiguredError,
    NewerSchemaError,
    RefusedByPoolError,
    ServiceUnavailableError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import Drift, Mode
from cognito_standby.reconciliation.domain.repairs import Did, Visit
from tests.twins.pool.quota import Quotas
from tests.twins.stores.records import ItemKey, UnreadableItem
from tests.unit.reconciliation import repairs
from tests.unit.reconciliation.settled import Settled, dies_while_replaying, expect, settle
from tests.unit.reconciliation.stage import Stage, stage
from tests.unit.world import BACKUP, PRIMARY, World

REGIONS = {"primary": PRIMARY, "backup": BACKUP}


@pytest.fixture
def settled() -> Settled:
    return settle()


def _crowd(number: int, batch: int = 200) -> tuple[Stage, list[str]]:
    """People of whom no event ever told."""
    world = World()
    subs = [world.sign_up(f"u{n:03d}", {"email": f"u{n:03d}@x.org"}) for n in range(number)]
    return stage(world, world.primary, batch_suspects=batch), subs


def _record_gone(it: Settled) -> Stage:
    it.forget_record(it.ann, PRIMARY)
    return it.active


def _changed_unseen(it: Settled) -> Stage:
    it.active.side.pool.admin_update_user_attributes("ann", {"name": "Anne"})
    return it.active


def _user_gone(it: Settled) -> Stage:
    it.standby.side.pool.admin_delete_user(it.twin(it.ann))
    return it.standby


def _other_groups(it: Settled) -> Stage:
    it.standby.side.pool.admin_remove_user_from_group(it.twin(it.ann), "staff")
    return it.standby


def _disabled(it: Settled) -> Stage:
    it.standby.side.pool.admin_disable_user(it.twin(it.ann))
    return it.standby


def _group_changed(it: Settled) -> Stage:
    it.standby.side.pool.update_group(PoolGroup("staff", "who rests here", 3))
    return it.standby


def _half_applied(it: Settled) -> Stage:
    it.active.side.pool.admin_update_user_attributes("ann", {"name": "Anne"})
    it.active.side.run({"local_sub": it.ann})
    it.world.replicate()
    dies_while_replaying(it.standby.side, it.ann)
    it.standby.pass_time(minutes=5)
    return it.standby


@pytest.mark.parametrize(
    ("harm", "did"),
    [
        (_record_gone, Did.CAPTURED),
        (_changed_unseen, Did.CAPTURED),
        (_user_gone, Did.REPLAYED),
        (_other_groups, None),
        (_disabled, None),
        (_group_changed, None),
        (_half_applied, Did.REPLAYED),
    ],
)
def test_drift_is_repaired(
    settled: Settled, harm: Callable[[Settled], Stage], did: Did | None
) -> None:
    on = harm(settled)
    done = repairs.repair(on)
    (visit,) = done.visits
    assert visit.did is did if did else visit.did in (Did.CAPTURED, Did.REPLAYED)
    expect(on)


def test_a_false_alarm_costs_a_look_and_no_write(settled: Settled) -> None:
    run = repairs.judged(_changed_unseen(settled))
    settled.active.side.run({"local_sub": settled.ann})
    before = settled.row(settled.active, settled.ann)
    record = settled.world.table.item(PRIMARY, ItemKey(settled.ann, PRIMARY))
    done = repairs.finish(settled.active, run)
    assert done.did == {Did.NOTHING: 1}
    assert settled.row(settled.active, settled.ann) == before
    assert settled.world.table.item(PRIMARY, ItemKey(settled.ann, PRIMARY)) == record


def test_a_record_without_a_shard_gets_one(settled: Settled) -> None:
    settled.world.table.without_shard.add(ItemKey(settled.ann, PRIMARY))
    settled.active.records.without_shard.add(settled.ann)
    done = repairs.repair(settled.active)
    assert done.did == {Did.INDEXED: 1}
    assert not settled.world.table.without_shard


def test_a_dry_run_repairs_nothing(settled: Settled) -> None:
    run = repairs.judged(_record_gone(settled), mode=Mode.DRY_RUN)
    assert repairs.planned(settled.active, run, 0) == []


def test_a_worker_that_stops_in_time_is_followed_by_another() -> None:
    on, subs = _crowd(30, batch=30)
    on.rates, on.seconds = {"UserRead": 0.5}, 100.0
    done = repairs.repair(on)
    assert done.rounds > 2
    assert done.did == {Did.CAPTURED: 30}
    assert {visit.suspect.local_sub for visit in done.visits} == set(subs)


def test_a_worker_that_is_killed_loses_no_suspect(monkeypatch: pytest.MonkeyPatch) -> None:
    on, _ = _crowd(70, batch=70)
    run = repairs.judged(on)
    (batch,) = repairs.planned(on, run, 0)
    put, puts = on.side.context.records.put, []

    def dying(*args: object) -> object:
        puts.append(args)
        if len(puts) == 65:
            raise KeyboardInterrupt
        return put(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(on.side.context.records, "put", dying, raising=False)
    monkeypatch.setattr(on.files, "names", lambda prefix: type(on.files).names(on.files, prefix))
    with pytest.raises(KeyboardInterrupt):
        repairs.worked(on, run, batch)
    on.pass_time(minutes=5)
    done = repairs.finish(on, run)
    assert len(done.visits) == 70
    assert {visit.did for visit in done.visits} <= {Did.CAPTURED, Did.NOTHING, Did.CONFIRMED}
    expect(on)


def test_what_was_done_is_not_done_again() -> None:
    on, _ = _crowd(5, batch=2)
    run = repairs.judged(on)
    batches = repairs.planned(on, run, 0)
    assert [len(repairs.planned(on, run, 0)), len(batches)] == [3, 3]
    for batch in (*batches, *batches):
        assert repairs.worked(on, run, batch).done
    assert repairs.planned(on, run, 1) == []
    assert len(repairs.Repairs(on, run, 1).visits) == 5


def test_throttling_slows_and_loses_nobody() -> None:
    on, _ = _crowd(40)
    on.side.pool.quotas = Quotas(on.clock)
    on.rates = {"UserRead": 500.0, "UserResourceRead": 500.0}
    began = on.clock.now()
    done = repairs.repair(on)
    assert done.did == {Did.CAPTURED: 40}
    assert sum(part.usage.throttled.get("UserResourceRead", 0) for part in done.parts) > 0
    assert (on.clock.now() - began).total_seconds() < 240


def test_who_is_at_work_elsewhere_is_handed_over(settled: Settled) -> None:
    run = repairs.judged(_changed_unseen(settled))
    settled.active.side.ledger.take_lease(Subject.user(settled.ann), "another#0")
    (visit,) = repairs.finish(settled.active, run).visits
    assert (visit.did, visit.reason) == (Did.HANDED_OVER, "LeaseHeldError")
    (hint,) = settled.active.side.bus.hints
    assert (hint.origin_sub, hint.cause) == (settled.ann, "reconciliation")
    lease = settled.row(settled.active, settled.ann).lease
    assert lease is not None and lease.holder == "another#0"


@pytest.mark.parametrize("error", [RefusedByPoolError, ServiceUnavailableError, MisconfiguredError])
def test_what_fails_is_handed_over_without_its_lease(
    settled: Settled, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    on = _user_gone(settled)

    def refused(*_: object) -> None:
        raise error("no")

    monkeypatch.setattr(on.side.context.directory, "create_user", refused)
    (visit,) = repairs.repair(on).visits
    assert (visit.did, visit.reason) == (Did.HANDED_OVER, error.__name__)
    assert Hint.from_dict(on.side.bus.hints[-1].to_dict()).origin_sub == settled.ann
    assert settled.row(on, settled.ann).lease is None or error is MisconfiguredError


def test_what_no_hint_can_be_published_about_is_left(settled: Settled) -> None:
    run = repairs.judged(_changed_unseen(settled))
    settled.active.side.ledger.take_lease(Subject.user(settled.ann), "another#0")
    settled.active.side.bus.fail(-1)
    (visit,) = repairs.finish(settled.active, run).visits
    assert (visit.did, visit.reason) == (Did.LEFT, "LeaseHeldError")


def test_a_record_that_waits_for_an_upgrade_is_named_and_left(settled: Settled) -> None:
    key = ItemKey(settled.ann, BACKUP)
    for region in REGIONS.values():
        settled.world.table._items[region][key] = UnreadableItem(NewerSchemaError)
    (visit,) = repairs.repair(settled.active).visits
    assert visit == Visit(visit.suspect, Did.LEFT, "NewerSchemaError")
    assert visit.suspect.kind is Drift.UNREADABLE_RECORD
    assert not settled.active.side.bus.hints


def test_several_misconfigurations_in_a_row_are_not_about_single_users(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on, _ = _crowd(10)
    run = repairs.judged(on)
    (batch,) = repairs.planned(on, run, 0)

    def refused(*_: object) -> None:
        raise MisconfiguredError("no permission")

    monkeypatch.setattr(on.side.context.records, "put", refused, raising=False)
    with pytest.raises(MisconfiguredError):
        repairs.worked(on, run, batch)
    done = repairs.finish(on, run)
    assert done.did == {Did.LEFT: 10}
    assert {visit.reason for visit in done.visits} == {"its batch came no further"}


def test_group_definitions_come_before_their_members() -> None:
    world = World()
    world.primary.pool.create_group(PoolGroup("staff"))
    for name in ("ann", "ben"):
        world.sign_up(name, {"email": f"{name}@x.org"})
        world.primary.pool.admin_add_user_to_group(name, "staff")
    active, standby = Stage(world, world.primary), Stage(world, world.backup)
    repairs.repair(active)
    world.replicate()
    run = repairs.judged(standby)
    (first,) = repairs.planned(standby, run, 0)
    assert first.groups
    repairs.worked(standby, run, first)
    (second,) = repairs.planned(standby, run, 1)
    assert not second.groups
    repairs.worked(standby, run, second)
    assert not standby.side.bus.hints, "nobody had to wait for the group"
    expect(standby)


def test_leases_are_held_by_the_run_and_the_batch(settled: Settled) -> None:
    on, seen = _changed_unseen(settled), set[str]()
    take = on.side.ledger.take_lease

    def watching(subject: Subject, holder: str) -> object:
        seen.add(holder)
        return take(subject, holder)

    on.side.ledger.take_lease = watching  # type: ignore[assignment,method-assign]
    done = repairs.repair(on)
    assert seen == {f"{done.run.execution}/users-000000#0"}
