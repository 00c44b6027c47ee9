"""The lost Region comes back: cut off from the other one at first, and taking changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from botocore.exceptions import ClientError

from cognito_standby.replication.domain.canary import NAME as CANARY
from local.demo.people import PASSWORD
from local.drill.figures import Change, Ended, What
from local.drill.scene import Claim, SceneError
from local.drill.timeline import Band
from local.drill.traffic import confirm_late, stands_by, strangers
from local.drill.world import World


@dataclass(frozen=True)
class Back:
    """The fifth scene."""

    name: str = "The Region returns, with changes of its own"
    shows: str = (
        "The lost Region comes back, does not know of the failover, and takes changes, until the "
        "way between the Regions is open. Then the higher epoch wins, user by user; what was in "
        "flight arrives; what lost is listed; nothing is lost silently, and nothing oscillates."
    )

    def run(self, world: World) -> Iterator[Claim]:
        """Back behind the partition, changes there, and the way open again."""
        home, day = world.home, world.day
        parted = world.part()
        world.faults.clear(day.dark)
        now = world.clock()
        world.timeline.end(Band.DARK, home.region, now)
        world.timeline.begin(Band.PARTED, home.region, now)
        world.timeline.mark(now, home.region, f"{home.region} is back, cut off from the other")
        yield self._goes_on(world)
        world.faults.clear(parted)
        day.healed = world.clock()
        world.timeline.end(Band.PARTED, home.region, day.healed)
        world.timeline.mark(day.healed, home.region, "the way between the Regions is open again")
        yield _closed(world)
        _redriven(world)
        compared = world.until_equal()
        yield Claim("both pools agree on everybody", compared.agree, f"{len(compared.rows)} users")
        _listed(world)
        yield from _accounted(world)

    def _goes_on(self, world: World) -> Claim:
        """People act there, one by one against what the standby did meanwhile."""
        home, first = world.home, world.first
        # As the failover told to do. Whose sign-up was acknowledged while the light went out has no
        # hint on its way: neither the bus nor the queue behind the trigger took it.
        world.operator.run("reconcile", "--region", home.region, "--wait", good=(0, 1))
        # Whoever is deleted before their last change was captured has it in no record.
        _until_captured(world, [each for each in world.changes if each.region == home.region])
        before = len(world.changes)
        merged, overridden, deleted = first[5], first[1], first[2]
        world.sign_up(next(islice(strangers(world.seed, "there"), 1)), home)
        world.write(merged, home, "name", f"{merged.name}, cut off")
        world.write(overridden, home, "name", f"{overridden.name}, cut off")
        world.delete(deleted, home)
        for person in world.day.half:
            confirm_late(world.crowd(home), person)
            world.noted(What.SIGN_UP, person, home)
        made = world.changes[before:]
        _until_captured(world, made)
        return Claim(
            "cut off, the Region goes on as if it were active",
            True,
            f"{len(made)} changes: {', '.join(sorted({each.what.value for each in made}))}",
        )


def _until_captured(world: World, changes: Sequence[Change]) -> None:
    """Until the Region's records say it; what gave up in the dark is redriven. SceneError."""
    left = list(changes)

    def done() -> bool:
        left[:] = [each for each in left if not world.captured(world.home, each)]
        if left and world.letters(world.home):
            _redriven(world)
        return not left

    try:
        world.until(f"{world.home.region} records its own changes", done)
    except SceneError as error:
        told = ", ".join(f"{each.what} of {each.who}" for each in left[:5])
        raise SceneError(f"{error}; not recorded: {told}") from None


def _closed(world: World) -> Claim:
    """The fence of the returning Region, as soon as it sees the other one's claim."""
    person = world.first[-1]

    def refused() -> str:
        try:
            world.crowd(world.home).sign_in(person, PASSWORD)
        except ClientError as error:
            return error.response["Error"]["Message"] if stands_by(error) else ""
        return ""

    told = world.until("the fence of the returning Region sees the claim", refused)
    return Claim("the returning Region lets nobody in any more", True, told)


def _redriven(world: World) -> None:
    """What gave up in the dark is a dead letter, which an operator redrives."""
    waiting = [region.region for region in (world.home, world.away) if world.letters(region)]
    if waiting:
        world.say(f"dead letters in {', '.join(waiting)}: redriven")
        world.operator.run("redrive", "--all", "--yes", good=(0, 1))


def _listed(world: World) -> None:
    """The list, without the canary, which both Regions changed: it is nobody."""
    told = world.conflicts()
    nobody = {sub for sub, user in world.users(world.away).items() if user.username == CANARY}
    found = [(region, each) for region, each in told if each["subject"] not in nobody]
    world.day.conflicts = [
        (each["subject"], each["kind"], ", ".join(sorted(each["fields"]))) for _, each in found
    ]
    world.day.listed_in = {(each["subject"], each["kind"]): region for region, each in found}


def _accounted(world: World) -> Iterator[Claim]:
    """Each acknowledged change is in both pools, or on the list; and nothing else is listed."""
    day, changes = world.day, world.changes
    shown = world.shown(world.home, changes) & world.shown(world.away, changes)
    listed = frozenset(each.number for each in changes if _is_listed(day.conflicts or (), each))
    day.ended = Ended(shown, listed)
    lost = [each for each in changes if each.number not in shown | listed]
    yield Claim(
        "each acknowledged change is in both pools, or on the list of conflicts",
        not lost,
        f"{len(shown)} in both pools, {len(listed - shown)} on the list, {len(lost)} lost"
        + "".join(f"; lost: {each.what} of {each.who}" for each in lost[:5]),
    )
    yield _exactly(world)


def _exactly(world: World) -> Claim:
    """The list holds who must be on it, and nobody of whom nothing lost or came late."""
    first = world.first
    must = {world.subs[person.username] for person in (first[1], first[2], first[5])}
    arrived, home = world.day.arrived or frozenset(), world.home.region
    may = must | {
        each.sub for each in world.changes if each.region == home and each.number not in arrived
    }
    found = {subject for subject, _, _ in world.day.conflicts or ()}
    strange, missing = found - may, must - found
    return Claim(
        "listed are those whose change lost or came late, and nobody else",
        not strange and not missing,
        f"{len(found)} listed; missing {len(missing)}, not expected {len(strange)}",
    )


def _is_listed(conflicts: Iterable[tuple[str, str, str]], change: Change) -> bool:
    """A deletion that is listed stands for all that was done to the person before it."""
    return any(
        subject == change.sub and {"present", change.field} & set(fields.split(", "))
        for subject, _, fields in conflicts
    )


SCENE = Back()
