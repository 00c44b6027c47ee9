"""Life in the standby while the other Region is dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from botocore.exceptions import ClientError

from local.demo.people import PASSWORD, Person
from local.drill.figures import What
from local.drill.scene import Claim
from local.drill.scenes.failover import claimed_by, recovered
from local.drill.traffic import strangers
from local.drill.world import World, shows

_NOT_THERE = ("UserNotFoundException", "CodeMismatchException", "ExpiredCodeException")


@dataclass(frozen=True)
class Life:
    """The fourth scene. `comers`, `returners`: how many sign up, and how many recover."""

    name: str = "Life in the standby"
    shows: str = (
        "While the other Region is dark, people sign up, recover, sign in as the same person, and "
        "are changed; all of it is captured there. Whose sign-up was in flight is not found, and "
        "is not lost."
    )
    comers: int = 4
    returners: int = 4

    def run(self, world: World) -> Iterator[Claim]:
        """Everything that must work while one Region is gone."""
        yield self._sign_up(world)
        yield from self._recover(world)
        yield _absent(world)
        yield self._change(world)
        yield _captured(world)

    def _sign_up(self, world: World) -> Claim:
        people = list(islice(strangers(world.seed, "new"), self.comers))
        world.say(f"{len(people)} people sign up in {world.away.region}")
        crowd, good = world.crowd(world.away), 0
        for person in people:
            sub = world.sign_up(person, world.away)
            world.day.passwords[person.username] = PASSWORD
            good += claimed_by(crowd.sign_in(person, PASSWORD)) == sub
        return Claim(
            "people sign up and in, and their token says who they are",
            good == len(people),
            f"{good} of {len(people)}",
        )

    def _recover(self, world: World) -> Iterator[Claim]:
        known = self._known(world)
        same = sum(
            recovered(world, world.away, person) == world.subs[person.username] for person in known
        )
        yield Claim(
            'people from before get in by "forgot password", as the same person',
            same == len(known),
            f"{same} of {len(known)} with the origin sub from before",
        )

    def _change(self, world: World) -> Claim:
        changed = self._known(world)[:2]
        for person in changed:
            world.write(person, world.away, "name", f"{person.name}, in the outage")
        last = [each for each in world.changes if each.what is What.PROFILE][-len(changed) :]
        users = world.users(world.away)
        good = sum(shows(users.get(each.sub), each) for each in last)
        return Claim("people are changed there", good == len(changed), f"{good} profiles")

    def _known(self, world: World) -> list[Person]:
        """People who were there before the cut; not whom the failover let in first."""
        return world.first[1 : 1 + self.returners]


def _absent(world: World) -> Claim:
    """Whose sign-up is behind the cut: what do they meet?"""
    arrived = world.day.arrived or frozenset()
    behind = [
        each
        for each in world.changes
        if each.what is What.SIGN_UP
        and each.region == world.home.region
        and each.number not in arrived
    ]
    met = [_meets(world, world.people[each.who]) for each in behind]
    wrong = [told for told in met if told not in _NOT_THERE]
    return Claim(
        "whose sign-up was in flight is not found until the Region returns",
        not wrong,
        f"{len(behind)} people, unavailable until the return" + (f"; met {wrong}" if wrong else ""),
    )


def _meets(world: World, person: Person) -> str:
    try:
        world.crowd(world.away).recover_and_sign_in(person, "Not-there-at-all-42")
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "let in"


def _captured(world: World) -> Claim:
    """Records of the standby's own Region, which the other one gets later."""
    made = [each for each in world.changes if each.region == world.away.region]
    world.until("all is captured there", lambda: all(world.captured(world.away, c) for c in made))
    people = len({each.sub for each in made})
    return Claim("all of it is captured there", True, f"records of {people} people")


SCENE = Life()
