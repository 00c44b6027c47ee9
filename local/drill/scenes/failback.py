"""The way home: a planned failover, under traffic."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.demo.people import PASSWORD, Person
from local.drill.figures import What
from local.drill.scene import Claim, SceneError
from local.drill.scenes.failover import (
    MAY_ACCEPT,
    claimed_by,
    commanded_until_known,
    let_in,
    stopping,
)
from local.drill.timeline import Band
from local.drill.traffic import stands_by, strangers
from local.drill.world import World

_AT_HOME = "Chosen-at-home-again-43"


@dataclass
class Commuters:
    """Newcomers who sign up where the door is open, one after the other, until they are stopped."""

    world: World
    closed: float | None = None
    opened: float | None = None
    before: int = 0
    after: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Commuters:
        self._thread = threading.Thread(target=self._run, name="commuters", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=60)

    def _run(self) -> None:
        for person in strangers(self.world.seed, "commuter"):
            while not (self._over.is_set() or self._comes(person)):
                self._over.wait(0.3)
            if self._over.wait(1.0):
                return

    def _comes(self, person: Person) -> bool:
        """Whether they got in: away until its door closes, then at home."""
        away = self.closed is None
        region = self.world.away if away else self.world.home
        try:
            self.world.sign_up(person, region)
        except (ClientError, BotoCoreError) as error:
            now = self.world.clock()
            self.world.timeline.refuse(region.region, now)
            if away and isinstance(error, ClientError) and stands_by(error):
                self.closed = now
            return False
        if away:
            self.before += 1
        else:
            self.opened = self.opened or self.world.clock()
            self.after += 1
        return True


@dataclass(frozen=True)
class Failback:
    """The seventh scene."""

    name: str = "Failback"
    shows: str = (
        "The same command leads home, by plan. What was done in the outage is there; nothing is "
        "lost although people sign up meanwhile; passwords from before the outage open the pool "
        "only for those who did not set another one in the standby."
    )

    def run(self, world: World) -> Iterator[Claim]:
        """Look, accept by name what the outage left, go home."""
        home, away, day = world.home, world.away, world.day
        to = ("--to", home.region, "--planned")
        looked = world.until("each check could be made", lambda: _looked(world, *to))
        failed = stopping(looked, "FAILED")
        names = sorted({each["name"] for each in failed} & MAY_ACCEPT)
        if other := {e["name"]: e["told"] for e in failed if e["name"] not in MAY_ACCEPT}:
            raise SceneError(f"checks that nothing here explains failed: {other}")
        accepted = [word for name in names for word in ("--accept", name)]
        world.timeline.mark(world.clock(), home.region, "the operator types the command home")
        with Commuters(world) as commuters:
            world.until("somebody signs up meanwhile", lambda: commuters.before)
            told = commanded_until_known(world, *to, "--yes", *accepted)
            world.until("somebody signs up at home", lambda: commuters.after)
        _mark(world, commuters)
        yield Claim(
            f"{home.region} is the active Region again",
            told["outcome"] == "claimed" and told["epoch"] == (day.epoch or 0) + 1,
            f"{told['outcome']}, epoch {told['epoch']}; accepted by name: "
            + (", ".join(names) or "nothing"),
        )
        compared = world.until_equal()
        yield Claim("both pools agree on everybody", compared.agree, f"{len(compared.rows)} users")
        yield _kept(world, commuters, away.region)
        yield _old_passwords(world)
        yield _home_again(world)


def _looked(world: World, *to: str) -> Any:
    """What a dry run finds; nothing where a check that could stop it was not answered in time."""
    told = world.operator.json("failover", *to, "--dry-run", good=(0, 1))
    return None if stopping(told, "UNKNOWN") else told


def _mark(world: World, commuters: Commuters) -> None:
    home, away = world.home.region, world.away.region
    now = world.clock()
    closed, opened = commuters.closed or now, commuters.opened or now
    world.timeline.end(Band.ACTIVE, away, closed)
    world.timeline.begin(Band.CLOSED, away, closed)
    world.timeline.end(Band.CLOSED, away, opened)
    world.timeline.begin(Band.ACTIVE, home, opened)
    world.timeline.mark(closed, away, f"{away} closes its door")
    world.timeline.mark(opened, home, f"{home} lets people in again")


def _kept(world: World, commuters: Commuters, away: str) -> Claim:
    """Nobody who was let in during the failover is missing."""
    came = [
        each
        for each in world.changes
        if each.what is What.SIGN_UP and each.who.startswith("commuter")
    ]
    there = world.shown(world.home, came) & world.shown(world.away, came)
    closed = (commuters.opened or 0) - (commuters.closed or 0)
    return Claim(
        "nobody who signed up meanwhile is lost",
        len(there) == len(came),
        f"{commuters.before} in {away} before its door closed, {commuters.after} at home; nobody "
        f"was let in for {closed:.1f} s",
    )


def _old_passwords(world: World) -> Claim:
    """Who set another password in the standby does not get in with that from before; others do."""
    changed = [p for p in world.first if world.day.passwords.get(p.username)]
    crowd, refused = world.crowd(world.home), 0
    for person in changed:
        try:
            crowd.sign_in(person, PASSWORD)
        except ClientError as error:
            refused += error.response["Error"]["Code"] == "NotAuthorizedException"
    stayed = next(p for p in world.first[5:] if p.username not in world.day.passwords)
    same = claimed_by(crowd.sign_in(stayed, PASSWORD)) == world.subs[stayed.username]
    return Claim(
        "a password from before opens the pool only where no other was set meanwhile",
        refused == len(changed) and same,
        f"{refused} of {len(changed)} refused; who set none gets in: {'yes' if same else 'no'}",
    )


def _home_again(world: World) -> Claim:
    """People who are new from the outage are at home, and are the same to the app."""
    away = world.away.region
    new = [
        world.people[each.who]
        for each in world.changes
        if each.what is What.SIGN_UP and each.region == away and each.who.startswith("new")
    ]
    same = sum(
        let_in(world, world.home, person, _AT_HOME) == world.subs[person.username] for person in new
    )
    return Claim(
        "whoever is new from the outage gets in at home, as the same person",
        same == len(new),
        f"{same} of {len(new)}",
    )


SCENE = Failback()
