"""Everybody the script deleted comes back from the records; then a pool as of an earlier time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local.demo.people import Person
from local.drill.scene import Claim
from local.drill.scenes.failover import let_in
from local.drill.world import World

_SPOILT = 4
_NEW = "Chosen-after-the-restore-45"


@dataclass(frozen=True)
class Restore:
    """The ninth scene."""

    name: str = "Restore, and restore as of a time"
    shows: str = (
        "Whoever the script deleted is made again from the records, as the same person. Then a "
        "script spoils names and deletes somebody, and both pools follow; a restore as of the time "
        "before brings the former state back, in both."
    )

    def run(self, world: World) -> Iterator[Claim]:
        """What the brake kept, and what events had already carried over."""
        yield from self._from_the_table(world)
        yield from self._as_of(world)

    def _from_the_table(self, world: World) -> Iterator[Claim]:
        home, gone = world.home, world.day.written_off
        world.operator.run("restore", "--region", home.region, "--yes")
        world.timeline.mark(world.clock(), home.region, f"{len(gone)} people are restored")
        compared = world.until_equal()
        users = world.users(home)
        back = sum(sub in users and users[sub].enabled for sub in gone)
        world.day.written_off = frozenset()
        yield Claim(
            "whoever the script deleted is back in the active pool",
            back == len(gone),
            f"{back} of {len(gone)}; both pools agree on {len(compared.rows)} users",
        )
        yield _same(world, next(p for p in world.first if world.subs[p.username] in gone))

    def _as_of(self, world: World) -> Iterator[Claim]:
        home, people = world.home, world.first[6 : 6 + _SPOILT]
        names = {p.username: p.name for p in people}
        then = _now(world) + timedelta(seconds=1)
        world.until("a second passes that can be named", lambda: _now(world) > then)
        for person in people[1:]:
            world.crowd(home).set_attributes(person, {"name": "SPOILT"})
        world.crowd(home).admin("admin_delete_user", people[0])
        subs = [world.subs[p.username] for p in people]
        world.until("both pools are spoilt", lambda: _all_spoilt(world, subs))
        world.timeline.mark(world.clock(), home.region, f"{len(people)} people are spoilt")
        asked = ("--as-of", f"{then:%Y-%m-%dT%H:%M:%SZ}", "--also-changed-since", "--accept-brake")
        world.operator.run("restore", "--region", home.region, *asked, "--yes")
        world.timeline.mark(world.clock(), home.region, "restored as of the time before")
        compared = world.until_equal()
        told = [world.users(region) for region in (home, world.away)]
        good = sum(
            all(
                (user := users.get(world.subs[name])) is not None
                and user.enabled
                and user.attributes.get("name") == value
                for users in told
            )
            for name, value in names.items()
        )
        yield Claim(
            "both pools are as they were at that time",
            good == len(people),
            f"{good} of {len(people)} spoilt people, of {len(compared.rows)} users",
        )
        yield _same(world, people[0])


def _now(world: World) -> datetime:
    return datetime.fromtimestamp(int(world.clock()), UTC)


def _all_spoilt(world: World, subs: list[str]) -> bool:
    """The first is deleted: disabled in the standby; the others have the name."""
    home, away = world.users(world.home), world.users(world.away)
    gone, rest = away.get(subs[0]), subs[1:]
    spoilt = all(
        sub in users and users[sub].attributes.get("name") == "SPOILT"
        for users in (home, away)
        for sub in rest
    )
    return spoilt and subs[0] not in home and gone is not None and not gone.enabled


def _same(world: World, person: Person) -> Claim:
    same = let_in(world, world.home, person, _NEW) == world.subs[person.username]
    return Claim(
        "they get in as the same person", same, f"{person.username}, with their origin sub"
    )


SCENE = Restore()
