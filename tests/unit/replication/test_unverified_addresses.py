"""A changed address that is not verified: Cognito would mail it, and where it requires verification
before an update it would keep the old one."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cognito_standby.core.domain.subjects import Subject
from tests.unit.world import World

OLD, NEW = "ann@example.com", "ann.new@example.com"


@pytest.mark.parametrize("before_update", [(), ("email",)])
def test_it_is_replicated_unverified_and_nobody_is_mailed(before_update: tuple[str, ...]) -> None:
    world = World()
    pool = world.backup.pool
    pool.config = replace(pool.config, auto_verified=("email",), verify_before_update=before_update)
    sub = world.sign_up("ann", {"email": OLD, "email_verified": "true"})
    world.carry(sub)
    world.primary.pool.admin_update_user_attributes(
        "ann", {"email": NEW, "email_verified": "false"}
    )
    world.carry(sub)
    assert world.twin_of(sub) == {"email": NEW}
    assert not pool.messages


def test_the_passing_flag_is_no_change_of_somebody() -> None:
    """The step dies between its two calls: the next round goes on from there."""
    world = World()
    sub = world.sign_up("ann", {"email": OLD, "email_verified": "true"})
    world.carry(sub)
    world.primary.pool.admin_update_user_attributes(
        "ann", {"email": NEW, "email_verified": "false"}
    )
    directory = world.backup.context.directory
    set_attributes, calls = directory.set_attributes, []

    def dying(username: str, attributes: Mapping[str, str]) -> None:
        calls.append(sorted(attributes))
        if len(calls) == 2:
            raise ConnectionError
        set_attributes(username, attributes)

    directory.set_attributes = dying  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        world.carry(sub)
    world.backup.run({"origin_sub": sub})
    assert calls[1] == ["email_verified"]
    assert world.twin_of(sub) == {"email": NEW}
    partition, _ = world.backup.context.records.read(Subject.user(sub))
    assert partition.own is None, "nothing was captured in the standby"
