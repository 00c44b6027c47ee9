"""The pool is lost: a new one takes its place, and takes people from the first minute on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from botocore.exceptions import ClientError

from local.demo.people import Person
from local.drill.admin import erase
from local.drill.figures import What
from local.drill.scene import Claim
from local.drill.scenes.failover import let_in
from local.drill.scenes.new_pool import lost, made_anew, there
from local.drill.traffic import strangers
from local.drill.world import World

_NEW = "Chosen-in-the-new-pool-46"
_REFUSED = "UserLambdaValidationException"


@dataclass(frozen=True)
class OnDemand:
    """The eleventh scene. `comers`: how many come, the last of them from the outage."""

    name: str = "Restore on demand"
    shows: str = (
        "The active pool is deleted with everybody in it. It is made anew from its kept "
        "configuration, empty, and is filled on demand: whoever comes by “forgot password” is made "
        "then, as the same person, and nobody else is; the deleted and the erased do not come "
        "back, and nobody takes the name or the address of somebody who is awaited."
    )
    comers: int = 3

    def run(self, world: World) -> Iterator[Claim]:
        """Lose the pool, make it anew, let people come."""
        deleted, erased = world.first[4], world.first[5]
        _leave(world, deleted, erased)
        awaited = _living(world)
        yield from lost(world)
        yield from made_anew(world)
        yield from _counted(world, awaited)
        comers = self._who_come(world)
        yield from _come(world, comers)
        yield _not_back(world, deleted, erased)
        yield from _kept(world, world.first[-1])
        yield _nobody_else(world, comers, awaited)

    def _who_come(self, world: World) -> list[Person]:
        """The first, others from the morning, and somebody who is new from the outage."""
        away = world.away.region
        new = next(
            world.people[each.who]
            for each in world.changes
            if each.what is What.SIGN_UP and each.region == away and each.who.startswith("new")
        )
        return [world.first[0], *world.first[6 : 6 + self.comers - 2], new]


def _leave(world: World, deleted: Person, erased: Person) -> None:
    """One is deleted and one is erased, while the pool is there."""
    home, away = world.home, world.away
    world.crowd(home).admin("admin_delete_user", deleted)
    erase(world.stage, home, erased.username)
    subs = [world.subs[person.username] for person in (deleted, erased)]

    def gone() -> bool:
        users = world.users(away)
        left = users.get(subs[0])
        buried = all(world.record(home, sub).get("deleted") for sub in subs)
        return buried and subs[1] not in users and not (left and left.enabled)

    world.until("one is deleted and one is erased, in both Regions", gone)


def _living(world: World) -> int:
    """How many users both pools let in, as the standby's shows them. The canary is one of them: no
    report tells it from people."""
    world.until_equal()
    return sum(each.enabled for each in world.users(world.away).values())


def _counted(world: World, awaited: int) -> Iterator[Claim]:
    """What the operator is told of whom nobody has seen yet."""
    home = world.home.region
    world.operator.run("reconcile", "--region", home, "--dry-run", "--wait", good=(0, 1))
    status = world.operator.json("status", good=(0, 1, 2))
    last = next(each for each in status["regions"] if each["region"] == home)["reconciled"] or {}
    ready = world.operator.json("readiness", good=(0, 1, 4))
    told = next(each for each in ready["regions"] if each["region"] == home)["ready"] or {}
    ways: dict[str, int] = told.get("awaited", {})
    yield Claim(
        "`standby status` and `standby readiness` tell how many are awaited",
        last.get("awaited") == sum(ways.values()) == awaited,
        f"{last.get('awaited')} and {json.dumps(ways)} of {awaited} users, one of them the canary",
    )
    found = there(world)
    yield Claim("the reconciliation makes nobody", not found, f"{len(found)} users in the pool")


def _come(world: World, comers: list[Person]) -> Iterator[Claim]:
    same = 0
    for before, person in enumerate(comers):
        alone = len(there(world)) == before
        claimed = world.until(f"{person.username} gets in", partial(_in, world, person))
        same += alone and claimed == world.subs[person.username]
    world.timeline.mark(world.clock(), world.home.region, f"{len(comers)} people have come")
    yield Claim(
        'whoever comes by "forgot password" is made then, and gets in as the same person',
        same == len(comers),
        f"{same} of {len(comers)} with the origin sub from before",
    )


def _in(world: World, person: Person) -> str:
    """Whom the token names; "": they sign in again, for the note of who they are comes first."""
    try:
        return let_in(world, world.home, person, _NEW)
    except ClientError as error:
        if error.response["Error"]["Code"] != _REFUSED:
            raise
        world.timeline.refuse(world.home.region, world.clock())
        return ""


def _not_back(world: World, *gone: Person) -> Claim:
    met = []
    for person in gone:
        try:
            let_in(world, world.home, person, _NEW)
            met.append("let in")
        except ClientError as error:
            met.append(error.response["Error"]["Code"])
    subs = {world.subs[person.username] for person in gone}
    back = subs & set(there(world))
    return Claim(
        "neither the deleted nor the erased come back",
        not back and "let in" not in met,
        f"{len(back)} of {len(gone)} are there; they are told {', '.join(met)}",
    )


def _kept(world: World, person: Person) -> Iterator[Claim]:
    """Strangers, with the name and then with the address of somebody who has not come yet."""
    one, other, free = islice(strangers(world.seed, "taker"), 3)
    told = [
        _signs_up(world, replace(one, username=person.username)),
        _signs_up(world, replace(other, email=person.email)),
    ]
    yield Claim(
        "a sign-up with the name or the address of somebody who is awaited is refused",
        all("PreSignUp" in each for each in told),
        told[0] or "signed up",
    )
    refusal = _signs_up(world, free)
    yield Claim("anybody else signs up", not refusal, refusal or free.username)


def _signs_up(world: World, person: Person) -> str:
    """The text of the refusal; "": they have signed up."""
    try:
        world.crowd(world.home).sign_up(person)
    except ClientError as error:
        world.timeline.refuse(world.home.region, world.clock())
        return str(error)
    return ""


def _nobody_else(world: World, comers: list[Person], awaited: int) -> Claim:
    found = set(there(world).values())
    strange = found - {person.username for person in comers} - {"taker003"}
    return Claim(
        "nobody is made who did not come",
        len(found) == len(comers) + 1 and not strange,
        f"{len(comers)} of {awaited} have come, and one stranger; others: {len(strange)}",
    )


SCENE = OnDemand()
