"""A pool that never shows what is written to it must not keep an execution busy for a day."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cognito_standby.core.domain.errors import NotSettlingError
from cognito_standby.core.domain.pools import PoolUser
from tasks import plan_sync
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.unit.world import World


class LowerCasing(InMemoryUserDirectory):
    """A pool that rewrites a value."""

    def create_user(self, name: str, attributes: Mapping[str, str]) -> PoolUser:
        return super().create_user(name, {k: v.lower() for k, v in attributes.items()})

    def set_attributes(self, username: str, attributes: Mapping[str, str]) -> None:
        super().set_attributes(username, {k: v.lower() for k, v in attributes.items()})


def test_a_pool_that_rewrites_values_ends_in_a_reasoned_failure() -> None:
    world = World()
    backup = world.backup
    backup.context = replace(backup.context, directory=LowerCasing(backup.pool))
    sub = world.sign_up("ann", {"email": "ann@example.com", "name": "Ann"})
    with pytest.raises(NotSettlingError):
        world.carry(sub)


def test_each_redrive_grants_as_many_rounds_again() -> None:
    world = World()
    sub = world.sign_up("ann", {"email": "ann@example.com"})
    event = {"hint": {"local_sub": sub}, "holder": "execution", "replanned": 26}
    with world.primary.handlers():
        with pytest.raises(NotSettlingError):
            plan_sync.handler({**event, "redriven": 0}, None)
        assert plan_sync.handler({**event, "redriven": 1}, None)["decision"] == "capture"
