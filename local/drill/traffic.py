"""People who come and go on their own, while the drill does something else."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from local.demo.people import Crowd, Person
from local.drill.figures import What
from local.drill.world import POLL_SECONDS, World
from local.outputs import RegionOutputs

GROUPS = ("editors", "readers")
_AT_ONCE = 3
_TRIGGER = "UserLambdaValidationException"


@dataclass(frozen=True)
class Act:
    """What somebody is about to do."""

    person: Person
    what: What
    field: str = ""
    value: str = ""


def acts(people: list[Person], strangers: Iterator[Person], seed: int, count: int) -> list[Act]:
    """`count` acts, drawn from the seed: sign-ups of strangers, and changes of people, of whom
    nobody changes the same thing twice."""
    rng = random.Random(f"traffic {seed}")  # noqa: S311 - reproducible
    changes = [
        Act(person, what, name, value)
        for number, person in enumerate(people)
        for what, name, value in (
            (What.PROFILE, "nickname", f"Nick {seed}-{number}"),
            (What.PROFILE, "custom:plan", f"plan-{seed}-{number}"),
            (What.JOIN, "", GROUPS[number % len(GROUPS)]),
        )
    ]
    rng.shuffle(changes)
    found = []
    for _ in range(count):
        if changes and rng.random() < 0.6:  # noqa: PLR2004 - more changes than sign-ups
            found.append(changes.pop())
        else:
            found.append(Act(next(strangers), What.SIGN_UP))
    return found


def strangers(seed: int, name: str) -> Iterator[Person]:
    """People who have not been here before, some with names outside ASCII."""
    rng = random.Random(f"{name} {seed}")  # noqa: S311 - reproducible
    given, family = ("Ada", "Chloé", "Gül", "Олег", "Priya"), ("Abe", "García", "Ito", "Müller")
    for number in itertools.count(1):
        who = f"{name}{number:03d}"
        told = f"{rng.choice(given)} {rng.choice(family)}"
        yield Person(who, f"{who}@example.org", told)


@dataclass
class Traffic:
    """Does the acts in their order, a few at a time, until they are done or everybody is refused.
    `cut`: called once, when `cut_after` of them have been acknowledged."""

    world: World
    region: RegionOutputs
    plan: list[Act]
    cut_after: int
    cut: Callable[[], None]
    acknowledged: int = 0
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def run(self) -> None:
        """To its end."""
        waiting = iter(self.plan)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for each in [pool.submit(self._work, waiting) for _ in range(_AT_ONCE)]:
                each.result()

    def _work(self, waiting: Iterator[Act]) -> None:
        while (act := self._next(waiting)) is not None:
            try:
                self._do(act)
            except (BotoCoreError, ClientError):
                with self._lock:
                    self.refused += 1
                self.world.timeline.refuse(self.region.region, self.world.clock())
                return
            with self._lock:
                self.acknowledged += 1
                if self.acknowledged == self.cut_after:
                    self.cut()

    def _next(self, waiting: Iterator[Act]) -> Act | None:
        with self._lock:
            return next(waiting, None)

    def _do(self, act: Act) -> None:
        world, region = self.world, self.region
        if act.what is What.SIGN_UP:
            self._sign_up(act.person)
        elif act.what is What.JOIN:
            world.join(act.person, region, act.value)
        else:
            world.write(act.person, region, act.field, act.value)

    def _sign_up(self, person: Person) -> None:
        """Whoever is refused between the sign-up and its code has signed up by half."""
        crowd = self.world.crowd(self.region)
        self.world.known(person, crowd.begin_sign_up(person))
        try:
            crowd.confirm_sign_up(person)
        except (BotoCoreError, ClientError):
            self.world.day.half.append(person)
            raise
        self.world.noted(What.SIGN_UP, person, self.region)


def confirm_late(crowd: Crowd, person: Person) -> None:
    """The code of a sign-up that was cut off; it may have been taken, and the answer lost."""
    try:
        crowd.confirm_sign_up(person)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotAuthorizedException":
            raise


def stands_by(error: ClientError) -> bool:
    """Whether the fence refused."""
    told = error.response["Error"]
    return told["Code"] == _TRIGGER and "stands by" in told["Message"]


class Knocking:
    """Somebody who tries again and again, in a thread of their own, until `act` succeeds.

    `at`: when it did; `told`: what it gave; `refusals`: how often the fence said no before.
    """

    def __init__(self, world: World, region: RegionOutputs, act: Callable[[], str]) -> None:
        self._world, self._region, self._act = world, region, act
        self.at: float | None = None
        self.told, self.refusals, self.trouble = "", 0, ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="knocking", daemon=True)

    def __enter__(self) -> Knocking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=30)

    def wait(self) -> bool:
        """Until it succeeded; False: not within the patience, and `trouble` tells the last no."""
        deadline = time.monotonic() + self._world.patience
        while self.at is None and self._thread.is_alive() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        return self.at is not None

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self.told = self._act()
                self.at = self._world.clock()
                return
            except ClientError as error:
                self.refusals += stands_by(error)
                self.trouble = str(error)
                self._world.timeline.refuse(self._region.region, self._world.clock())
            except BotoCoreError as error:
                self.trouble = str(error)
            self._over.wait(POLL_SECONDS)
