"""A normal morning: people sign up in the active Region, and appear in the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from cognito_standby.replication.domain.canary import NAME as CANARY
from local.demo.watch import Watch, percentile
from local.drill.scene import Claim
from local.drill.timeline import Band
from local.drill.traffic import GROUPS, strangers
from local.drill.world import World
from local.faults.model import Fault, FaultKind

LAG_SECONDS = 3.0
_REORDERED, _DOUBLED = 0.3, 0.15


def weather(seed: int, region: str) -> list[Fault]:
    """Replication to a Region is late and out of order, from the morning to the night."""
    return [
        Fault(FaultKind.LAG, region=region, seconds=LAG_SECONDS, seed=seed),
        Fault(FaultKind.REORDER, region=region, rate=_REORDERED, seconds=1.0, seed=seed),
        Fault(FaultKind.DUPLICATE, region=region, rate=_DOUBLED, seconds=0.5, seed=seed),
    ]


@dataclass(frozen=True)
class Normal:
    """The first scene."""

    name: str = "Normal traffic"
    shows: str = (
        "Everybody who signs up in the active Region comes to the standby, although replication is "
        "late, out of order and doubled; a reconciliation of the standby leaves nothing. Times "
        "are measured and not judged: they are those of this machine."
    )

    def run(self, world: World) -> Iterator[Claim]:
        """Sign up, settle, reconcile."""
        home, away = world.home, world.away
        for region in (home, away):
            for fault in weather(world.seed, region.region):
                world.faults.add(fault)
        world.timeline.begin(Band.ACTIVE, home.region, world.clock())
        for name in GROUPS:
            world.crowd(home).create_group(name, Description=f"The {name}")
        # As in any installation that has run for a while; made in both Regions while they are cut
        # off from each other, it would be two.
        _start(world, "measure_rpo")
        people = list(islice(strangers(world.seed, "person"), world.size))
        world.say(f"{len(people)} people sign up in {home.region}")
        with Watch(world.stage) as watch:
            for person in people:
                watch.signed_up(world.sign_up(person, home), person.username)
            if not watch.wait(world.patience):
                yield Claim("everybody is in the standby", False, f"{watch.counts()} of 3 stages")
            lags = [each.lag for each in watch.journeys if each.confirmed]
        world.until("the canary is in the standby", lambda: _canary_is_there(world))
        compared = world.until_equal()
        yield Claim(
            "both pools agree on everybody",
            compared.agree,
            f"{len(compared.rows)} users side by side",
        )
        yield Claim(
            "each sign-up comes to the standby",
            len(lags) == len(people),
            f"half within {percentile(lags, 0.5):.1f} s, all within {max(lags, default=0):.1f} s",
        )
        world.say(f"{away.region} is reconciled, as every night")
        reports = world.operator.json("reconcile", "--region", away.region, "--wait", good=(0, 1))
        told = ", ".join(f"{each['region']}: {_verdict(each)}" for each in reports)
        yield Claim(
            "the reconciliation leaves nothing", world.operator.commands[-1].code == 0, told
        )


def _start(world: World, machine: str) -> None:
    world.stage.client("stepfunctions", world.home.region).start_execution(
        stateMachineArn=world.home.state_machines[machine]
    )


def _canary_is_there(world: World) -> bool:
    return any(user.username == CANARY for user in world.users(world.away).values())


def _verdict(region: dict[str, object]) -> object:
    report = region.get("report")
    return report.get("verdict") if isinstance(report, dict) else region.get("trouble")


SCENE = Normal()
