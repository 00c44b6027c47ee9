"""Somebody is deleted by mistake, the standby follows, and they come back as the same person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from local.drill.scene import Claim
from local.drill.scenes.failover import let_in
from local.drill.world import World

_NEW = "Chosen-after-a-mistake-44"


@dataclass(frozen=True)
class Undelete:
    """The tenth scene."""

    name: str = "Undelete"
    shows: str = (
        "Somebody who was deleted by mistake is disabled in the standby at once, and comes back in "
        "both pools as the same person."
    )

    def run(self, world: World) -> Iterator[Claim]:
        """Delete, wait for the standby, undelete."""
        person = world.first[3]
        sub = world.subs[person.username]
        world.crowd(world.home).admin("admin_delete_user", person)
        world.say(f"{person.username} is deleted by mistake")

        def disabled() -> bool:
            user = world.users(world.away).get(sub)
            return user is not None and not user.enabled

        world.until("disabled in the standby", disabled)
        yield Claim("the standby follows: disabled, not removed", True, person.username)
        world.operator.run("undelete", person.username, "--yes")
        world.timeline.mark(world.clock(), world.home.region, "somebody deleted comes back")
        compared = world.until_equal()
        back = all(
            (user := world.users(region).get(sub)) is not None and user.enabled
            for region in (world.home, world.away)
        )
        yield Claim("they are enabled in both pools", back, f"{len(compared.rows)} users agree")
        claimed = let_in(world, world.home, person, _NEW)
        seen = f"origin_sub {claimed} in the token, {sub} before"
        yield Claim("they get in as the same person", claimed == sub, seen)


SCENE = Undelete()
