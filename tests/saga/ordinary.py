"""The world that a saga begins with."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import cache
from itertools import count

from cognito_standby.core.domain.pools import PoolGroup
from tests.unit.world import World

FIRST_RUN = 7
"""The number of the first execution after those that this world's groups have taken."""


def ordinary() -> World:
    """Ordinary pools with their groups, at rest."""
    world = pickle.loads(_pickled())  # noqa: S301
    assert isinstance(world, World)
    return world


@cache
def _pickled() -> bytes:
    """Hundreds of sagas begin with one, and to make it takes ten times as long as to read it."""
    world, runs = World(), count(1)
    make_groups(world)
    settle(world, runs)
    assert next(runs) == FIRST_RUN
    return pickle.dumps(world)


def make_groups(world: World) -> None:
    """The groups that people of these tests are in, in both pools."""
    for side in (world.primary, world.backup):
        for group in ("staff", "guests", "admins"):
            side.pool.create_group(PoolGroup(group))
            side.run({"group": group})


def settle(world: World, runs: Iterator[int]) -> None:
    """Every hint and every arrival is dealt with, in both Regions; `runs` numbers executions."""
    for _ in range(20):
        busy = False
        for side in (world.primary, world.backup):
            for hint in side.bus.hints:
                side.bus.take(hint)
                side.run(hint.to_dict(), holder=f"sync-{next(runs)}#0")
                busy = True
        world.table.replicate_all()
        for side in (world.primary, world.backup):
            for record in world.table.stream(side.region):
                world.table.take(side.region, record)
                if record.subject is not None:
                    side.run({"origin_sub": record.subject.key}, f"sync-{next(runs)}#0")
                    busy = True
        if not busy:
            return
    raise AssertionError("the Regions do not come to rest")
