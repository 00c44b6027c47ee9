"""How long a replay's turn is, and who waits for one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Fields, Subject
from cognito_standby.replication.services.news import news_of
from cognito_standby.replication.services.pace import requests_of, turn_seconds
from cognito_standby.replication.services.replay import replay_record
from cognito_standby.replication.services.sync import STREAM, plan_sync
from tests.twins.stores.records import ItemKey
from tests.twins.turns import InMemoryTurns
from tests.unit.replication.fidelity.stage import stage
from tests.unit.world import PRIMARY, World

ANN = Subject.user("origin-ann")
OLD: Fields = {"present": "true", "enabled": "true", "username": "ann", "attr:name": "old"}
GROUPS = {f"group:g{number}": "true" for number in range(3)}


def record(fields: Fields, *, deleted: bool = False, revision: int = 1) -> Record:
    return Record(ANN, PRIMARY, revision, 1, fields, deleted)


def arrives(world: World, arrived: Record) -> None:
    world.table.write(PRIMARY, ItemKey(ANN.key, PRIMARY), arrived)
    world.table.replicate_all()


@pytest.mark.parametrize(
    ("fields", "confirmed", "seconds"),
    [
        ({**OLD, "attr:name": "new"}, OLD, 1 / 25),
        (OLD, None, 1 / 30),
        ({**OLD, **GROUPS}, OLD, 3 / 25),
        ({**OLD, **GROUPS}, None, 3 / 25),
        ({**OLD, "attr:name": "new", "enabled": "false"}, OLD, 2 / 25),
        (OLD, OLD, 3 / 120),
    ],
)
def test_a_turn_is_as_long_as_the_scarcest_quota_needs(
    fields: Fields, confirmed: Fields | None, seconds: float
) -> None:
    requests = requests_of(record(fields), confirmed)
    assert turn_seconds(requests, DEFAULTS) == pytest.approx(seconds)


def test_a_definition_of_a_group_takes_none() -> None:
    group = replace(record({"present": "true"}), subject=Subject.group("g"))
    assert turn_seconds(requests_of(group, None), DEFAULTS) == 0


@pytest.mark.parametrize("provider", [False, True], ids=["no provider", "a provider"])
@pytest.mark.parametrize(
    ("before", "after", "deleted"),
    [
        (None, OLD, False),
        (OLD, {**OLD, "attr:name": "new"}, False),
        (OLD, {**OLD, **GROUPS, "attr:name": "new"}, False),
        ({**OLD, **GROUPS}, OLD, False),
        (OLD, OLD, True),
    ],
)
def test_what_is_counted_is_what_is_asked(
    before: Fields | None, after: Fields, deleted: bool, provider: bool
) -> None:
    world = World()
    side = world.backup
    if provider:
        side.pool.create_identity_provider("Google")
    for number in range(3):
        side.context.directory.put_group(PoolGroup(f"g{number}"))
    if before is not None:
        arrives(world, record(before))
        replay_record(side.context, ANN, "before#0")
    arrived = record(after, deleted=deleted, revision=2)
    arrives(world, arrived)
    side.context.directory.schema()
    counted = Counter(
        requests_of(arrived, side.ledger.read(ANN).confirmed, with_providers=provider)
    )
    made = Counter(side.pool.meter.by_category())
    replay_record(side.context, ANN, "now#0")
    made = Counter(side.pool.meter.by_category()) - made
    assert +counted == +Counter({category.value: n for category, n in made.items()})


@pytest.mark.parametrize("deleted", [False, True])
def test_of_a_provider_s_user_who_is_here_the_listing_is_asked_too(deleted: bool) -> None:
    """AdminGetUser knows a local user's sub only."""
    at = stage()
    for side in (at.active, at.standby):
        side.pool.create_identity_provider("Google")
    ann = at.active.pool.federated_sign_in("Google", "1029", {"email": "ann@example.org"})
    at.settle(ann.sub)
    there = at.standby.pool.federated_sign_in("Google", "1029", {"email": "ann@example.org"})
    at.standby.run({"local_sub": there.sub, "created": True})
    at.settle()
    if deleted:
        at.active.pool.admin_delete_user(ann.username)
    else:
        at.active.pool.admin_update_user_attributes(ann.username, {"given_name": "Ann"})
    at.active.run({"local_sub": ann.sub})
    at.world.table.replicate_all()
    subject, side = Subject.user(ann.sub), at.standby
    news = news_of(side.context, subject)
    assert news is not None
    counted = requests_of(news.record, news.row.confirmed, with_providers=True)
    turns = InMemoryTurns(side.context.clock)
    turns.take(100.0)
    waiting = replace(side.context, turns=turns, rates=DEFAULTS)
    waits = plan_sync(waiting, Hint(origin_sub=subject.key, cause=STREAM), "run#0")
    assert waits.wait_seconds == 100, "the listing's quota is the scarcest"
    assert turn_seconds(counted, DEFAULTS) == pytest.approx((4 if deleted else 3) / 30)
    made = Counter(side.pool.meter.by_category())
    replay_record(side.context, subject, "now#0")
    made = Counter(side.pool.meter.by_category()) - made
    assert +Counter(counted) == +Counter({category.value: n for category, n in made.items()})


def test_only_the_stream_waits_and_nobody_holds_a_lease_meanwhile() -> None:
    world = World()
    side = world.backup
    arrives(world, record(OLD))
    turns = InMemoryTurns(side.context.clock)
    turns.take(100.0)
    ctx = replace(side.context, turns=turns, rates=DEFAULTS)
    waits = plan_sync(ctx, Hint(origin_sub=ANN.key, cause=STREAM), "run#0")
    assert (waits.decision, waits.wait_seconds) == ("apply", 100)
    assert side.ledger.read(ANN).lease is None
    woken = plan_sync(ctx, Hint(origin_sub=ANN.key, cause="somebody waits for them"), "run#1")
    assert (woken.decision, woken.wait_seconds) == ("apply", 0)


def test_a_change_in_a_quiet_hour_goes_on_at_once() -> None:
    world = World()
    side = world.backup
    arrives(world, record(OLD))
    ctx = replace(side.context, turns=InMemoryTurns(side.context.clock), rates=DEFAULTS)
    planned = [plan_sync(ctx, Hint(origin_sub=ANN.key, cause=STREAM), f"run-{n}") for n in range(9)]
    assert {outcome.wait_seconds for outcome in planned} == {0}


def test_the_pipe_says_what_the_line_goes_by() -> None:
    from stacks.constructs.events.pipes import REPLICA_TEMPLATE  # noqa: PLC0415 - the CDK is slow to load

    assert f'"cause": "{STREAM}"' in REPLICA_TEMPLATE
