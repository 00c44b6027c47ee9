"""The estimate of a first filling, against what one really asks for on the twins."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.operator.domain.seeding import (
    CALLS_TO_CAPTURE,
    CALLS_TO_CREATE,
    CALLS_TO_JOIN,
    to_capture,
    to_create,
)
from cognito_standby.operator.services.run_estimate import census, estimate
from tests.unit.operator.run_world import RunWorld
from tests.unit.reconciliation import repairs
from tests.unit.reconciliation.made_up_run import PACE, missing, usage
from tests.unit.reconciliation.stage import stage
from tests.unit.world import World

pytestmark = pytest.mark.usefixtures("socket_disabled")
PEOPLE, MEMBERS = 20, 8


def test_the_calls_are_those_of_a_filling() -> None:
    world = World()
    for side in (world.primary, world.backup):
        side.pool.create_group(PoolGroup("staff"))
    for n in range(PEOPLE):
        world.sign_up(f"u{n:03d}", {"email": f"u{n:03d}@x.org"})
    for n in range(MEMBERS):
        world.primary.pool.admin_add_user_to_group(f"u{n:03d}", "staff")
    captured = repairs.repair(stage(world, world.primary), seeding=True)
    world.table.replicate_all()
    created = repairs.repair(stage(world, world.backup), seeding=True)
    wanted = {name: each * PEOPLE for name, each in CALLS_TO_CAPTURE.items()}
    assert {name: captured.calls[name] for name in wanted} == wanted
    wanted = {name: each * PEOPLE for name, each in CALLS_TO_CREATE.items()}
    wanted |= {name: each * MEMBERS for name, each in CALLS_TO_JOIN.items()}
    assert {name: created.calls[name] for name in wanted} == wanted
    assert captured.billed == created.billed == PEOPLE


def test_half_a_million_at_half_the_quotas() -> None:
    captured = to_capture("a", 500_000, DEFAULTS, 0.5)
    assert captured.bottleneck == "UserResourceRead"
    listing = 500_000 / 60 / 15
    assert captured.seconds == pytest.approx(listing + 1_000_000 / 25)
    created = to_create("b", 500_000, 100_000, 0, DEFAULTS, 0.5)
    assert (created.users, created.active_users) == (400_000, 400_000)
    assert created.bottleneck == "UserAccountRecovery"
    grouped = to_create("b", 500_000, 0, 1_000_000, DEFAULTS, 1.0)
    assert grouped.bottleneck == "UserUpdate"
    assert grouped.seconds == pytest.approx(1_000_000 / 25), "an empty pool is listed at once"
    assert to_create("b", 500_000, 0, 0, DEFAULTS, 1.0).usd == {
        "Lite": 2750.0,
        "Essentials": 7500.0,
        "Plus": 10000.0,
    }


def test_memberships_are_those_of_the_missing_users() -> None:
    none = to_create("b", 100, 100, 5_000, DEFAULTS, 1.0)
    assert none.users == 0
    assert none.seconds == pytest.approx(100 / 60 / 30), "only the listing"


def test_an_empty_pool_takes_no_time() -> None:
    assert to_capture("a", 0, DEFAULTS, 0.5).seconds == 0


def test_quotas_and_share_are_those_of_the_last_run() -> None:
    active, standby = RunWorld("a", users=4), RunWorld("b", users=1)
    first = census(active.context.runs)  # type: ignore[arg-type]
    assert (first.users, first.memberships, first.share) == (4, 0, 0.5)
    assert "by default" in first.told_by
    run = active.run_folder.new_run()
    active.run_folder.open(run)
    active.run_folder.judged(run, missing(1))
    active.run_folder.spent(run, "listing", "x", usage(active.clock.now(), 1, {"UserRead": 5}))
    active.run_folder.write(run)
    told = census(active.context.runs)  # type: ignore[arg-type]
    assert (told.memberships, told.quotas["UserRead"]) == (400, PACE.quotas["UserRead"])
    assert run.id in told.told_by
    filling, copying = estimate(told, census(standby.context.runs))  # type: ignore[arg-type]
    assert (filling.region, filling.users, copying.region, copying.users) == ("a", 4, "b", 3)
