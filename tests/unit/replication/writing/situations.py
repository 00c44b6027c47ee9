"""One situation for each thing that a writer of pools does: replay, admin change, containment,
purge, eviction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.pools import PoolGroup
from tests.saga.world import Saga
from tests.twins.pool.errors import CognitoError
from tests.unit.failures.test_contain import NEW, OLD, Standby
from tests.unit.reconciliation import repairs
from tests.unit.reconciliation.settled import settle
from tests.unit.replication.writing.recording import recorded
from tests.unit.world import BACKUP, World

Lines = list[str]
TRUE, FALSE = {"email_verified": "true"}, {"email_verified": "false"}
ADDRESS = {"email": "ann@x.org", **TRUE}


def aliases(pool: Any) -> None:
    pool.config = replace(pool.config, alias_attributes=("email",))
    pool._accounts._config = pool.config


def refusing(pool: Any, call: str, code: str = "InvalidParameterException") -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise CognitoError(code, "no")

    setattr(pool, call, refuse)


# -- replay


def known() -> tuple[World, str]:
    """Ann, in both Regions, with a nickname and in a group."""
    world = World()
    for side in (world.primary, world.backup):
        side.pool.create_group(PoolGroup("g"))
        side.pool.create_group(PoolGroup("h"))
        side.run({"group": "g"})
        side.run({"group": "h"})
    world.replicate()
    sub = world.sign_up("ann", {**ADDRESS, "nickname": "Annie"})
    world.primary.pool.admin_add_user_to_group("ann", "g")
    world.carry(sub)
    return world, sub


def carried(world: World, sub: str) -> Lines:
    with recorded(world.backup) as lines:
        try:
            world.carry(sub)
        except StandbyError as error:
            lines.append(f"ended by {type(error).__name__}: {error}")
    return lines


def replay_creation() -> Lines:
    world, _ = known()
    sub = world.sign_up("ben", {"email": "ben@x.org", **FALSE, "custom:field_07": "7"})
    world.primary.pool.admin_add_user_to_group("ben", "h")
    world.primary.pool.admin_disable_user("ben")
    return carried(world, sub)


def replay_update() -> Lines:
    world, sub = known()
    pool = world.primary.pool
    pool.admin_update_user_attributes("ann", {"email": "new@x.org", **FALSE, "name": "Ann"})
    pool.admin_delete_user_attributes("ann", ("nickname",))
    pool.admin_disable_user("ann")
    pool.admin_remove_user_from_group("ann", "g")
    pool.admin_add_user_to_group("ann", "h")
    return carried(world, sub)


def replay_deletion() -> Lines:
    world, sub = known()
    world.primary.pool.admin_delete_user("ann")
    return carried(world, sub)


def replay_refused() -> Lines:
    world, sub = known()
    world.primary.pool.admin_update_user_attributes("ann", {"name": "Ann", "nickname": "A"})
    refusing(world.backup.pool, "admin_update_user_attributes")
    return carried(world, sub)


def replay_creation_refused() -> Lines:
    world, _ = known()
    sub = world.sign_up("ben", {"email": "ben@x.org", "name": "Ben"})
    refusing(world.backup.pool, "admin_create_user")
    return carried(world, sub)


def replay_without_the_group() -> Lines:
    world, sub = known()
    world.primary.pool.create_group(PoolGroup("late"))
    world.primary.pool.admin_add_user_to_group("ann", "late")
    return carried(world, sub)


def replay_of_groups() -> Lines:
    world, _ = known()
    lines: Lines = []
    for group in (PoolGroup("new", "words", 3), PoolGroup("g", "other words")):
        known_already = group.name == "g"
        call = world.primary.pool.update_group if known_already else world.primary.pool.create_group
        call(group)
        world.primary.run({"group": group.name})
        world.replicate()
        with recorded(world.backup) as more:
            world.backup.run({"group": group.name})
        lines += more
    world.primary.pool.delete_group("new")
    world.primary.run({"group": "new"})
    world.replicate()
    with recorded(world.backup) as more:
        world.backup.run({"group": "new"})
    return lines + more


# -- eviction


def eviction() -> Lines:
    """Ben gives his alias up, Ann takes it, and Ann's record arrives first."""
    world, ann = known()
    for side in (world.primary, world.backup):
        aliases(side.pool)
    ben = world.sign_up("ben", {"email": "ben@x.org", **TRUE})
    world.carry(ben)
    pool = world.primary.pool
    pool.admin_update_user_attributes("ben", {"email": "free@x.org", **TRUE})
    world.primary.run({"local_sub": ben})
    pool.admin_update_user_attributes("ann", {"email": "ben@x.org", **TRUE})
    world.primary.run({"local_sub": ann})
    world.replicate()
    with recorded(world.backup) as lines:
        for sub in (ann, ben):
            world.backup.run({"origin_sub": sub})
    return lines


def eviction_of_a_deleted_one() -> Lines:
    """Ben was deleted, and somebody signs up with his name: until then he is kept."""
    world, _ = known()
    ben = world.sign_up("ben", {"email": "ben@x.org", **TRUE})
    world.carry(ben)
    world.primary.pool.admin_delete_user("ben")
    world.carry(ben)
    again = world.sign_up("ben", {"email": "ben@x.org", **TRUE})
    return carried(world, again)


def an_address_that_is_rightly_held() -> Lines:
    world, ann = known()
    for side in (world.primary, world.backup):
        aliases(side.pool)
    ben = world.sign_up("ben", {"email": "ben@x.org", **TRUE})
    world.carry(ben)
    world.primary.pool.admin_delete_user("ben")
    world.primary.pool.admin_update_user_attributes("ann", {"email": "ben@x.org", **TRUE})
    return carried(world, ann)


# -- admin changes


def changed(request: ChangeRequest, refused: str = "", code: str = "") -> Lines:
    saga = Saga()
    aliases(saga.here.pool)
    saga.person(nickname="Annie")
    change = saga.ask(request)
    if refused:
        refusing(saga.here.pool, refused, code or "InvalidParameterException")
    with recorded(saga.here) as lines:
        saga.execution(change).run(saga.context())
    return [*lines, f"ended as {saga.now(change).status.value}: {saga.now(change).result}"]


def update(**more: Any) -> ChangeRequest:
    return ChangeRequest(ChangeKind.UPDATE, username="ann", **more)


EVERYTHING = update(
    attributes={"name": "Ann", "nickname": None, "email": "new@x.org"},
    verified={"email": False},
    enabled=False,
    groups=("admins", "guests"),
)
BEN = ChangeRequest(
    ChangeKind.CREATE,
    username="ben",
    attributes={"email": "ben@x.org"},
    verified={"email": True},
    enabled=False,
    groups=("staff",),
)


# -- containment


def contained(at: str, *, moved: bool = False) -> Lines:
    standby = Standby()
    aliases(standby.pool)
    old = {**OLD, "attr:email": "ann@x.org", "attr:email_verified": "false"}
    standby.arrives(old)
    standby.replays()
    gone = {"attr:nickname": "A", "attr:email": "new@x.org", "attr:email_verified": "true"}
    standby.arrives({**NEW, **gone})
    standby.fails_at(at)
    if moved:
        standby.pool.admin_create_user("ben", {"email": "ann@x.org", **TRUE})
    with recorded(standby) as lines:
        done = standby.contain().done
    return [*lines, f"ended as {done.name}"]


def contained_creation() -> Lines:
    standby = Standby()
    standby.arrives(OLD)
    standby.fails_at("set_permanent_password")
    with recorded(standby) as lines:
        done = standby.contain().done
    return [*lines, f"ended as {done.name}"]


# -- purge


def purged() -> Lines:
    settled = settle()
    settled.delete("ann", settled.ann)
    settled.world.replicate()
    for on in (settled.active, settled.standby):
        on.pass_time(days=8)
    side = settled.world.backup
    assert side.region == BACKUP
    with recorded(side) as lines:
        repairs.repair(settled.standby)
    return lines


SITUATIONS: dict[str, Callable[[], Lines]] = {
    "replay: creation": replay_creation,
    "replay: update of everything": replay_update,
    "replay: deletion": replay_deletion,
    "replay: an update is refused": replay_refused,
    "replay: a creation is refused": replay_creation_refused,
    "replay: a group is missing": replay_without_the_group,
    "replay: group definitions": replay_of_groups,
    "eviction: an alias": eviction,
    "eviction: a deleted user": eviction_of_a_deleted_one,
    "eviction: rightly held": an_address_that_is_rightly_held,
    "admin: creation": lambda: changed(BEN),
    "admin: creation, half refused": lambda: changed(BEN, "admin_disable_user"),
    "admin: creation refused": lambda: changed(BEN, "admin_create_user", "UsernameExistsException"),
    "admin: update of everything": lambda: changed(EVERYTHING),
    "admin: update, lock refused": lambda: changed(EVERYTHING, "admin_disable_user"),
    "admin: update, deletion refused": lambda: changed(EVERYTHING, "admin_delete_user_attributes"),
    "admin: deletion": lambda: changed(ChangeRequest(ChangeKind.DELETE, username="ann")),
    "admin: erasure": lambda: changed(ChangeRequest(ChangeKind.ERASE, username="ann")),
    "containment: half an update": lambda: contained("set_enabled"),
    "containment: a held address": lambda: contained("set_enabled", moved=True),
    "containment: a creation": contained_creation,
    "purge": purged,
}
