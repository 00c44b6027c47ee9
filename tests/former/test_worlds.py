"""An installation that the former release left goes on: nothing is written that need not be."""

from __future__ import annotations

import pytest

from tests.former import today
from tests.former.again import unmarked
from tests.former.pools import state_of
from tests.former.twins import Loaded, Twins
from tests.former.world import Item, Reconciling, World, names, stored

HOUSEWORK = {
    "purge a deleted user after the grace period",
    "strip a tombstone that both Regions have",
}


@pytest.fixture
def twins(loaded: Loaded) -> Twins:
    return Twins(loaded)


def rows(region: str) -> list[Item]:
    """Of subjects."""
    found = stored(f"ledger-{region}")
    return [row for row in found if row["subject"].startswith("#group#") or "state" in row]


def settled(region: str) -> list[str]:
    return [
        row["subject"]
        for row in rows(region)
        if row["state"] in ("in_sync", "skipped") and "lease_holder" not in row
    ]


def unsettled(region: str) -> list[str]:
    return [row["subject"] for row in rows(region) if row["subject"] not in settled(region)]


def hint(key: str) -> Item:
    return {"origin_sub": key, "cause": "replica_stream"}


def everybody(side: today.Side) -> dict[str, tuple[bool, list[str]]]:
    users = state_of(side.pool)["users"]
    return {user["username"]: (user["enabled"], user["groups"]) for user in users}


def test_there_is_enough_to_look_at() -> None:
    states = {row["state"] for name in ("us-east-1", "ap-northeast-1") for row in rows(name)}
    assert states == {state.value for state in today.SyncState} - {"new"}
    assert len(settled("us-east-1")) > 15
    assert len(unsettled("ap-northeast-1")) > 5


def test_who_is_settled_is_left_as_they_are(twins: Twins) -> None:
    before = twins.state()
    for side in (twins.primary, twins.backup):
        for key in settled(side.region):
            assert side.run(hint(key))["decision"] == "done", key
            assert twins.state() == before, key


def test_what_was_begun_is_ended_and_then_nothing_has_drifted(twins: Twins) -> None:
    twins.clock.advance(300)
    for side in (twins.backup, twins.primary, twins.backup):
        for key in unsettled(side.region):
            assert side.run(hint(key))["decision"] == "done", key
    people = [
        {
            user["username"]: (user["enabled"], user["groups"])
            for user in state_of(side.pool)["users"]
        }
        for side in (twins.primary, twins.backup)
    ]
    only_here = {name for name in people[0] if name not in people[1]}
    assert only_here == {"lea"}, "who is not confirmed is not replicated"
    assert all(people[1][name] == told for name, told in people[0].items() if name != "lea")
    before = twins.state()
    for side in (twins.primary, twins.backup):
        judgement, _ = twins.runs(side).compare()
        assert set(judgement.tally.drift) <= HOUSEWORK, side.region
    assert twins.state() == before


def test_a_running_execution_goes_on_with_the_functions_of_today(twins: Twins) -> None:
    """It keeps its definition, and so what it gives to each step and goes by."""
    side, holder, said = twins.backup, "arn:aws:states:running#0", []
    (key,) = (row["subject"] for row in rows(side.region) if row.get("local_username") == "gil")
    with side.handlers():
        given: Item = {"hint": hint(key), "holder": holder, "replanned": 0, "redriven": 0}
        answer = today.plan_sync(given, None)
        for step in (today.replay_profile, today.replay_memberships, today.confirm_sync):
            said.append(answer["decision"])
            named = {name: answer[name] for name in ("subject", "change_id")}
            answer = step({**named, "holder": holder}, None)
    assert [*said, answer["decision"], answer["subject"]] == [*["apply"] * 3, "done", key]


@pytest.mark.parametrize(
    ("status", "state", "ended"),
    [
        ("running", "Apply Change", "completed"),
        ("failed", "Snapshot User", "completed"),
        ("accepted", "Snapshot User", "refused"),
    ],
)
def test_a_change_is_ended(world: World, status: str, state: str, ended: str) -> None:
    """One half-way, one that is redriven, and one that nobody began and that comes too late."""
    region = world.primary
    (item,) = (row for row in stored(f"changes-{region.region}") if row["status"] == status)
    execution = item.get("execution", "arn:aws:states:begun")
    context = today.ChangeContext(region.context, region.changes)
    today.ChangeExecution(execution, item["id"], failed_at=state).run(context)
    change = region.changes.read(item["id"])
    assert change is not None
    assert change.status.value == ended, change
    assert (change.problem is None) == (ended == "completed")


def test_the_adapters_write_nothing_either(world: World) -> None:
    before = {table: world.tables.items(table) for table in names()}
    pools = [state_of(region.pool) for region in world.regions]
    for region in world.regions:
        for key in settled(region.region):
            region.sync(key)
    after = {table: unmarked(world.tables.items(table)) for table in names()}
    assert after == before
    assert [state_of(region.pool) for region in world.regions] == pools


def test_the_adapters_end_what_was_begun(world: World) -> None:
    world.clock.advance(300)
    for region in (world.backup, world.primary, world.backup):
        for key in unsettled(region.region):
            region.sync(key)
    shards = tuple({str(item["shard_id"]) for item in stored("records") if "shard_id" in item})
    for region in world.regions:
        judgement, _ = Reconciling(region).compare(shards=shards)
        assert set(judgement.tally.drift) <= HOUSEWORK, region.region
