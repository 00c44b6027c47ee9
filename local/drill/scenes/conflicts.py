"""A person decides what lost, or came late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cognito_standby.core.domain.conflicts import ConflictKind
from local.drill.scene import Claim, SceneError
from local.drill.world import World

_KINDS = (ConflictKind.OVERRIDDEN, ConflictKind.UNDONE)
"""What lost has the one, or the other where the record had it and nobody had confirmed that yet
when the higher epoch was seen."""


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
        decided = [(key, "take") for key in _lost(world, taken)]
        decided += [(key, "keep") for key in _lost(world, kept)]
        for (subject, kind), answer in decided:
            world.say(f"the operator decides: {answer}")
            where = ("--region", world.day.listed_in[subject, kind], "--kind", kind)
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
            not left & {key for key, _ in decided},
            f"{len(left)} stay undecided, for people who have the time",
        )


def _lost(world: World, subject: str) -> list[tuple[str, str]]:
    """Whatever of a person is listed as lost: subject and kind. SceneError: nothing."""
    keys = [(subject, kind.value) for kind in _KINDS]
    if not (listed := [key for key in keys if key in world.day.listed_in]):
        raise SceneError("what lost is not on the list, so nobody can decide it")
    return listed


SCENE = Conflicts()
