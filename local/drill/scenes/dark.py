"""The active Region goes dark in mid-traffic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from local.drill.scene import Claim
from local.drill.timeline import Band
from local.drill.traffic import Traffic, acts, strangers
from local.drill.world import World

_SPARE = 12
"""Acts that are left when the Region goes dark: somebody must be refused."""


@dataclass(frozen=True)
class Dark:
    """The second scene. `share`: at which acknowledged change it is cut, as a share of the
    people."""

    name: str = "The Region goes dark in mid-traffic"
    shows: str = (
        "While people sign up and change, the active Region stops answering anybody. Changes that "
        "Cognito had acknowledged are on their way at that moment."
    )
    share: float = 0.75

    def run(self, world: World) -> Iterator[Claim]:
        """Traffic, and the cut at a change that the seed names."""
        home, day = world.home, world.day
        cut_after = max(4, int(world.size * self.share))
        plan = acts(world.first, strangers(world.seed, "late"), world.seed, cut_after + _SPARE)

        def cut() -> None:
            day.dark = world.go_dark(home)
            day.cut = world.clock()
            world.timeline.begin(Band.DARK, home.region, day.cut)

        world.say(f"traffic in {home.region}; it will be cut at change {cut_after}")
        traffic = Traffic(world, home, plan, cut_after, cut)
        traffic.run()
        if day.cut is None:
            yield Claim("the Region goes dark in mid-traffic", False, "the traffic ended before")
            return
        day.cut = max(day.cut, world.changes[-1].at)
        world.timeline.mark(day.cut, home.region, f"{home.region} goes dark in mid-traffic")
        yield Claim(
            "after the cut the Region answers nobody",
            traffic.refused > 0,
            f"{traffic.acknowledged} changes acknowledged, {traffic.refused} refused, "
            f"{len(day.half)} of these after half a sign-up",
        )
        behind = len(world.changes) - len(world.shown(world.away, world.changes))
        yield Claim(
            "changes are in flight at the cut",
            behind > 0,
            f"{behind} acknowledged changes that {world.away.region} does not show",
        )


SCENE = Dark()
