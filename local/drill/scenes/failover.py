"""The operator fails over, by the real command; somebody tries to sign in all the while."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from local.demo.people import Person
from local.drill.figures import Step, rto
from local.drill.scene import Claim, SceneError
from local.drill.timeline import Band
from local.drill.traffic import Knocking
from local.drill.world import World
from local.outputs import RegionOutputs

MAY_ACCEPT = frozenset({"lag"})
"""What this machine, or an outage, leaves: changes that were replicated late."""
_NEW_PASSWORD = "Chosen-in-the-outage-42"  # noqa: S105 - of people who do not exist


@dataclass(frozen=True)
class Failover:
    """The third scene."""

    name: str = "Failover in the outage"
    shows: str = (
        "One command makes the standby the active Region without calling the lost one. Somebody "
        "who was there before gets in, as the same person. What the outage hides is told as "
        "unknown."
    )

    def run(self, world: World) -> Iterator[Claim]:
        """Knock at the standby's door, fail over, look."""
        home, away, day = world.home, world.away, world.day
        person = world.first[0]
        before = world.clock()
        status = world.operator.json("status", good=(0, 1, 2))
        yield _unreachable(status, home)
        with Knocking(world, away, lambda: recovered(world, away, person)) as knocking:
            _refused_at_first(world, knocking)
            yield Claim(
                "until the failover the standby lets nobody in",
                knocking.at is None,
                f"tries refused by the fence: {knocking.refusals}",
            )
            commanded = world.clock()
            world.timeline.mark(commanded, away.region, "the operator types the command")
            told = commanded_until_known(world, "--to", away.region, "--outage", "--yes")
            if not knocking.wait():
                yield Claim("somebody gets in", False, knocking.trouble)
                raise SceneError(f"nobody got in: {knocking.trouble}")
        day.epoch = told["epoch"]
        signed_in = knocking.at or world.clock()
        states = _entered(world, away, told["execution"])
        day.rto = rto(commanded, states, signed_in)
        _mark(world, states, signed_in)
        yield Claim(
            f"{away.region} is the active Region",
            told["outcome"] == "claimed",
            f"{told['outcome']}, epoch {told['epoch']}",
        )
        yield Claim(
            "somebody who was there before gets in",
            True,
            f"{day.rto.seconds:.1f} s and {len(day.rto.steps)} steps after the command",
        )
        yield Claim(
            "whoever gets in is the same person to the app",
            knocking.told == world.subs[person.username],
            f"origin_sub {knocking.told} in the token, {world.subs[person.username]} before",
        )
        hidden = [each for each in told["checks"] if each["outcome"] == "UNKNOWN"]
        day.unknown = [(each["name"], each["region"], each["told"]) for each in hidden]
        day.losses = list(told["losses"])
        of_home = {name for name, region, _ in day.unknown if region == home.region}
        yield Claim(
            f"what is not known of {home.region} is told as unknown",
            {"source", "letters", "running"} <= of_home,
            f"{len(of_home)} checks: {', '.join(sorted(of_home))}",
        )
        yield _published(world, away)
        _counted(world, before)


def _refused_at_first(world: World, knocking: Knocking) -> None:
    """The fence of the standby says no, before anything is done. SceneError: nobody says it."""
    try:
        world.until("the fence's no", lambda: knocking.refusals or knocking.at)
    except SceneError as error:
        raise SceneError(f"{error}; the last answer: {knocking.trouble}") from None


def commanded_until_known(world: World, *arguments: str) -> Any:
    """`standby failover`, typed again within the patience while a check could only not be made in
    time, as on a machine that has other things to do; replication that was late is accepted by
    name. SceneError: it is not done, and something else is in the way."""
    accepted: list[str] = []
    deadline = time.monotonic() + world.patience
    while True:
        told = world.operator.json("failover", *arguments, *accepted, good=(0, 1))
        if world.operator.commands[-1].code == 0:
            return told
        failed = {each["name"] for each in stopping(told, "FAILED")}
        late = failed <= MAY_ACCEPT and not accepted
        if told["execution"] or (failed and not late) or time.monotonic() > deadline:
            raise SceneError(f"the failover was refused: {told['why']}")
        accepted = [word for name in sorted(failed) for word in ("--accept", name)] or accepted
        world.say(f"typed again: {told['why']}")


def stopping(told: Any, outcome: str) -> list[Any]:
    """Checks with that outcome, of those that can stop a failover."""
    return [each for each in told["checks"] if each["stops"] and each["outcome"] == outcome]


def let_in(world: World, region: RegionOutputs, person: Person, password: str) -> str:
    """Forgot password, a new one, and in; the origin sub that the token claims."""
    crowd = world.crowd(region)
    crowd.recover_and_sign_in(person, password)
    return claimed_by(crowd.sign_in(person, password))


def recovered(world: World, region: RegionOutputs, person: Person) -> str:
    """The same with the password that people choose in the standby, which is noted."""
    claimed = let_in(world, region, person, _NEW_PASSWORD)
    world.day.passwords[person.username] = _NEW_PASSWORD
    return claimed


def claimed_by(tokens: dict[str, str]) -> str:
    """Whom an id token names: its claim `origin_sub`."""
    return str(_payload(tokens["IdToken"]).get("origin_sub", ""))


def _payload(token: str) -> dict[str, Any]:
    """What a token says. Its signature is not looked at here: apps do that, not people."""
    body = token.split(".")[1]
    told: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return told


def _entered(world: World, region: RegionOutputs, execution: str) -> list[Step]:
    """The states that an execution has entered."""
    pages = world.stage.client("stepfunctions", region.region).get_paginator(
        "get_execution_history"
    )
    return [
        Step(event["stateEnteredEventDetails"]["name"], event["timestamp"].timestamp())
        for page in pages.paginate(executionArn=execution)
        for event in page["events"]
        if event["type"].endswith("StateEntered")
    ]


def _mark(world: World, states: list[Step], signed_in: float) -> None:
    """The claim is written by the state that is named after it, before the next is entered."""
    after = next((n for s, n in pairwise(states) if s.name == "Claim Region"), None)
    claimed = after.at if after else signed_in
    away = world.away.region
    world.timeline.end(Band.ACTIVE, world.home.region, world.day.cut or claimed)
    world.timeline.begin(Band.ACTIVE, away, claimed)
    world.timeline.mark(claimed, away, f"{away} has claimed")
    world.timeline.mark(signed_in, away, "the first sign-in of somebody who was there before")


def _unreachable(status: Any, home: RegionOutputs) -> Claim:
    told: Any = next((each for each in status["regions"] if each["region"] == home.region), {})
    why = str(told.get("unreachable", ""))
    return Claim("the status says that the Region does not answer", bool(why), why)


def _published(world: World, away: RegionOutputs) -> Claim:
    told = world.document(away)
    return Claim(
        "apps are told the new pool",
        (told["region"], told["user_pool_id"]) == (away.region, away.user_pool_id),
        f"published: {told['region']}, epoch {told['epoch'][0]}",
    )


def _counted(world: World, before: float) -> None:
    """What the standby shows once what had arrived is replayed: the rest is behind the cut."""
    away, day = world.away, world.day
    machines = ("fail_over", "reconcile_pool", "sync_user")
    world.until("what had arrived is replayed", lambda: not world.running(away, *machines))
    changes = [each for each in world.changes if each.at <= before]
    day.arrived = world.shown(away, changes)
    missing = len(changes) - len(day.arrived)
    world.say(f"{missing} of {len(changes)} acknowledged changes have not arrived, by the notes")


SCENE = Failover()
