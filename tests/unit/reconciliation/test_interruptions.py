"""Runs that are interrupted, resumed, poisoned or given a hostile listing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.errors import InvalidRecordError, ServiceUnavailableError
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.reconciliation.domain.reconciliation import Drift, Suspect
from cognito_standby.reconciliation.domain.work_items import Judgement, WorkItem
from cognito_standby.reconciliation.ports import ListingExpiredError
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.comparing import compare_bucket
from cognito_standby.reconciliation.services.judging import judge
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.opening import open_run
from cognito_standby.reconciliation.services.planning import plan_listing
from cognito_standby.reconciliation.services.pool_notes import read_pool_note
from cognito_standby.reconciliation.services.run_store import suspects_in
from tests.twins.pool.listing import HostileListing, Hostility
from tests.unit.reconciliation.stage import SETTINGS, Stage, stage
from tests.unit.world import World


def _town(users: int = 160) -> tuple[Stage, Stage]:
    """Both Regions in sync, with groups."""
    world = World()
    for name in ("g", "h"):
        world.primary.pool.create_group(PoolGroup(name))
        world.primary.run({"group": name})
    for key in world.replicate():
        world.backup.run({"origin_sub": key})
    for number in range(users):
        sub = world.sign_up(f"u{number}", {"email": f"u{number}@x.org"})
        if number % 3 == 0:
            world.primary.pool.admin_add_user_to_group(f"u{number}", "gh"[number % 2])
        world.carry(sub)
    return stage(world, world.primary), stage(world, world.backup)


def _drift(at: Stage) -> None:
    """Some of everything, in the active pool."""
    pool = at.side.pool
    pool.admin_update_user_attributes("u1", {"name": "x"})
    pool.admin_delete_user("u2")
    pool.admin_add_user_to_group("u4", "g")
    pool.admin_disable_user("u5")
    pool.create_group(PoolGroup("new"))


def _told(judgement: Judgement, suspects: list[Suspect]) -> tuple[object, ...]:
    return judgement.verdict, judgement.tally, sorted(suspects, key=repr)


class _DyingError(BaseException):
    """A Lambda function that is no more."""


def _dies(at: Stage, chance: float) -> list[int]:
    """Writers of files die just before or just after some write, 40 times altogether."""
    real, random, deaths = at.files.write, Random(0), [0]

    def write(name: str, body: bytes, content_type: str = "") -> None:
        dying = random.random() < chance and deaths[0] < 40
        before = random.random() < 0.5
        if not (dying and before):
            real(name, body, content_type)
        if dying:
            deaths[0] += 1
            raise _DyingError

    at.files.write = write  # type: ignore[method-assign]
    return deaths


def _again_and_again(step: object) -> object:
    for _ in range(200):
        try:
            return step()  # type: ignore[operator]
        except _DyingError:
            continue
        except ServiceUnavailableError:
            continue
    raise AssertionError("it does not end")


@pytest.mark.parametrize(
    "chance", [0.2, 0.5, *(pytest.param(one, marks=pytest.mark.full) for one in (0.05, 0.9))]
)
def test_an_interrupted_run_gives_the_same_result(chance: float) -> None:
    at, _ = _town()
    _drift(at)
    wanted = _told(*at.compare())
    run = at.new_run()
    deaths = _dies(at, chance)
    _again_and_again(lambda: open_run(at.context(), run))
    number = 0
    while True:
        plan = _again_and_again(lambda number=number: plan_listing(at.context(), run, number))
        if plan.done:  # type: ignore[attr-defined]
            break
        for raw in at.items(plan.items_file):  # type: ignore[attr-defined]
            item = WorkItem.from_dict(raw)
            _again_and_again(lambda item=item: list_part(at.context(), run, item))
        number += 1
    plan = _again_and_again(lambda: plan_comparison(at.context(), run))
    for raw in at.items(plan.items_file):  # type: ignore[attr-defined]
        bucket = raw["bucket"]
        _again_and_again(lambda bucket=bucket: compare_bucket(at.context(), run, bucket))
    judgement = _again_and_again(lambda: judge(at.context(), run))
    assert isinstance(judgement, Judgement)
    context = at.context()
    suspects = [s for file in judgement.buckets for s in suspects_in(context.files, file)]
    assert _told(judgement, suspects) == wanted
    assert deaths[0] > 5


def test_workers_with_little_time_give_the_same_result() -> None:
    at, _ = _town()
    _drift(at)
    wanted = _told(*at.compare())
    at.seconds, at.rates = 9.0, dict.fromkeys(("UserList", "UserPoolResourceRead", ""), 1.0)
    assert _told(*at.compare()) == wanted


def test_sizes_make_no_difference() -> None:
    at, _ = _town()
    _drift(at)
    wanted = _told(*at.compare())
    for settings_ in (
        replace(SETTINGS, item_users=10_000, least_users=10_000, part_bytes=10**6),
        replace(SETTINGS, bucket_users=10**6),
        replace(SETTINGS, concurrency=1, item_users=1, least_users=1, part_bytes=1, bucket_users=1),
    ):
        at.settings = settings_
        assert _told(*at.compare()) == wanted


def test_a_poisoned_part_costs_its_shards_and_no_user() -> None:
    at, _ = _town()
    run = at.new_run()
    open_run(at.context(), run)
    at.list_all(run)
    rows = sorted(name for name in at.files.bodies if name.endswith(".rows"))
    body = at.files.bodies[rows[0]]
    at.files.bodies[rows[0]] = body.replace(b"\t", b"\xff", 1)
    at.compare_all(run)
    judgement = judge(at.context(), run)
    assert len(judgement.not_compared) == 1
    assert not judgement.buckets


def test_a_poisoned_note_of_a_part_makes_no_absence_believed() -> None:
    at, _ = _town()
    run = at.new_run()
    open_run(at.context(), run)
    at.list_all(run)
    note = next(n for n in sorted(at.files.bodies) if "/probes-" in n and n.endswith(".json"))
    at.files.bodies[note] = b"[]"
    at.compare_all(run)
    judgement = judge(at.context(), run)
    assert judgement.tally.destructive == 0
    assert judgement.tally.skipped["not listed"] > 0


def test_rows_that_are_not_of_their_shape_are_told() -> None:
    at, _ = _town(5)
    run = at.new_run()
    open_run(at.context(), run)
    at.list_all(run)
    for name in [name for name in at.files.bodies if name.endswith(".rows")]:
        at.files.bodies[name] = at.files.bodies[name].replace(b"\t", b" ")
    plan = plan_comparison(at.context(), run)
    with pytest.raises(InvalidRecordError, match="rows of the shards"):
        for raw in at.items(plan.items_file):
            compare_bucket(at.context(), run, raw["bucket"])


def _without_groups(at: Stage) -> None:
    real = at.listing

    class Broken:
        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def list_groups(self, token: str) -> None:
            raise ListingExpiredError

    at.listing = Broken()  # type: ignore[assignment]


def test_wrong_copies_are_remembered_although_the_listing_has_gaps() -> None:
    _, at = _town(5)
    at.side.pool.admin_update_user_attributes("u1", {"custom:origin_sub": "nobody"})
    _without_groups(at)
    at.compare()
    assert read_pool_note(at.context()) == PoolNote(users=0, records=0, misfiled=1)
    assert at.compare()[1] == []


def test_groups_that_cannot_be_listed_cost_nobody_their_groups() -> None:
    at, _ = _town(20)
    pool = at.side.pool
    pool.admin_update_user_attributes("u1", {"name": "x"})
    pool.admin_add_user_to_group("u2", "h")
    _without_groups(at)
    judgement, suspects = at.compare()
    assert [(suspect.kind, suspect.cause[:10]) for suspect in suspects] == [
        (Drift.STALE_RECORD, "attributes")
    ]
    assert judgement.tally.skipped == {"not listed": 2}
    assert judgement.not_listed[0].startswith("definitions: ")


_chance = st.sampled_from([0.0, 0.05, 0.3])


_all = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
_any_listing = given(
    st.builds(
        Hostility,
        empty=_chance,
        short=_chance,
        shuffled=_chance,
        repeated=_chance,
        circling=_chance,
        expired=st.sampled_from([0.0, 0.05]),
        hidden=st.sampled_from([0.0, 0.02, 0.5]),
        truncated=st.sampled_from([0.0, 0.1]),
    ),
    st.integers(0, 1000),
)


@settings(_all, max_examples=6)
@_any_listing
def test_no_hostile_listing_costs_anybody_their_account(how: Hostility, seed: int) -> None:
    _costs_nobody(how, seed)


@pytest.mark.full
@settings(_all, max_examples=30)
@_any_listing
def test_none_of_many_hostile_listings_costs_anybody_their_account(
    how: Hostility, seed: int
) -> None:
    _costs_nobody(how, seed)


def _costs_nobody(how: Hostility, seed: int) -> None:
    for at in _towns():
        at.listing = HostileListing(_real()[at.side.region], how, Random(seed))
        before = at.side.pool.snapshot(), at.world.table.snapshot()
        judgement, suspects = at.compare()
        for suspect in suspects:
            at.side.context.clock.advance(300)  # type: ignore[attr-defined]
            at.visit(suspect)
        assert (at.side.pool.snapshot(), at.world.table.snapshot()) == before
        _not_blind(judgement, how)
        at.listing = _real()[at.side.region]
        assert at.compare()[1] == []


def _not_blind(judgement: Judgement, how: Hostility) -> None:
    """Half of the users hidden is more than a brake lets through."""
    if how.hidden == 0.5 and not judgement.not_listed:
        assert judgement.verdict == "ask"
        assert "fewer" in " ".join(judgement.reasons)


@cache
def _towns() -> tuple[Stage, Stage]:
    """For all examples; made when they are played, not by each worker that collects the tests."""
    return _town(90)


@cache
def _real() -> dict[str, Any]:
    return {at.side.region: at.listing for at in _towns()}


def test_a_lagging_index_costs_looks_and_no_write() -> None:
    at, _ = _town(20)
    at.records.hold()
    at.ledger.hold()
    at.side.pool.admin_update_user_attributes("u1", {"name": "x"})
    at.side.run({"local_sub": at.side.pool.admin_get_user("u1").sub})
    at.side.pool.admin_delete_user("u2")
    sub = next(r.subject.id for r in at.side.ledger.rows() if r.local_username == "u2")
    at.side.run({"origin_sub": sub})
    before = at.side.pool.snapshot(), at.world.table.snapshot()
    _, suspects = at.compare()
    assert {suspect.kind for suspect in suspects} == {
        Drift.STALE_RECORD,
        Drift.RECORD_OF_DELETED_USER,
    }
    for suspect in suspects:
        at.visit(suspect)
    assert (at.side.pool.snapshot(), at.world.table.snapshot()) == before
    at.records.release()
    at.ledger.release()
    assert at.compare()[1] == []
