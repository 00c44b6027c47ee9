"""A person decides what lost, or came late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cognito_standby.core.domain.conflicts import ConflictKind
from local.drill.scene import Claim, SceneError
from local.drill.world import World

_KIND = ConflictKind.OVERRIDDEN.value


@dataclass(frozen=True)
class Conflicts:
    """The sixth scene."""

    name: str = "Conflicts are decided"
    shows: str = (
        "What lost stays listed until a person decides. Taking it changes both pools; keeping the "
        "present state changes nothing; either takes it off the list."
    )

    def run(self, world: World) -> Iterator[Claim]:
        """Take one, keep one; the others stay for the operators."""
        first = world.first
        taken, kept = (world.subs[person.username] for person in (first[1], first[2]))
        name = f"{first[1].name}, cut off"
        if not {(taken, _KIND), (kept, _KIND)} <= set(world.day.listed_in):
            raise SceneError("what lost is not on the list, so nobody can decide it")
        for subject, answer in ((taken, "take"), (kept, "keep")):
            world.say(f"the operator decides: {answer}")
            where = ("--region", world.day.listed_in[subject, _KIND], "--kind", _KIND)
            world.operator.run("conflicts", "decide", subject, answer, *where, "--yes")

        def both() -> bool:
            pools = (world.users(region).get(taken) for region in (world.home, world.away))
            return all(user and user.attributes.get("name") == name for user in pools)

        world.until("the change that was taken is in both pools", both)
        yield Claim("the change that was taken is in both pools", True, f"name: {name}")
        lives = [kept in world.users(region) for region in (world.home, world.away)]
        yield Claim(
            "whose deletion lost is still there in both", all(lives), f"in {sum(lives)} of 2"
        )
        left = {(each["subject"], each["kind"]) for _, each in world.conflicts()}
        yield Claim(
            "both are off the list, and the others stay on it",
            not left & {(taken, _KIND), (kept, _KIND)},
            f"{len(left)} stay undecided, for people who have the time",
        )


SCENE = Conflicts()
