"""People and administrators who go on whatever is deployed, and what must be seen of them."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import uuid4

from local.demo.people import Crowd
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.chaos.look import both
from tests.chaos.people import Expected, Life
from tests.e2e.admin_client import AdminClient, Answer
from tests.e2e.conftest import until
from tests.e2e.world import person, records

_PAUSE = 0.5
"""Seconds between two things that happen, at least."""

_BEHIND = 20
"""How many executions may be at work in a Region before people wait: so it can follow, however slow
the machine is."""

_MOST = 40
_NEWCOMERS = 0.3
_ENDED = ("completed", "refused", "compensated", "failed")


class Traffic:
    """Sign-ups and changes of people, and changes by the Admin API, in the primary Region."""

    def __init__(self, stage: RemoteStage, seed: int = 1) -> None:
        self._stage, self._seed, self._numbers = stage, seed, count()
        self._over = threading.Event()
        self.crowd = Crowd(stage, stage.outputs.primary, "username")
        self._api = AdminClient(stage, stage.outputs.primary)
        self._lives: list[Life] = []
        self.others: list[Expected] = []
        """Who was made for a purpose."""
        self.people, self.changes = 0, 0
        """How much people did, and how many changes by the API were completed."""

    @property
    def expected(self) -> list[Expected]:
        """Everybody."""
        return [each for life in self._lives for each in life.lives] + self.others

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """As long as this lasts. Whatever fails for one of them fails here."""
        self._over.clear()
        acts: list[Callable[[], None]] = [self._people, self._people, self._administrator]
        with ThreadPoolExecutor() as pool:
            running = [pool.submit(act) for act in acts]
            try:
                yield
            finally:
                self._over.set()
        for one in running:
            one.result()

    def goes_on(self, people: int = 8, changes: int = 2) -> None:
        """Wait until so much more has happened, or has failed."""
        wanted = self.people + people, self.changes + changes
        until(
            "people and administrators go on",
            lambda: (self.people >= wanted[0] and self.changes >= wanted[1]) or self._over.is_set(),
        )

    def add(self, name: str) -> Expected:
        """Somebody made for a purpose."""
        who = person(name)
        made = Expected(who, attributes={"email": who.email, "name": who.name})
        made.sub = self.crowd.sign_up(who)
        self.others.append(made)
        return made

    def ask(self, who: Expected, **changed: Any) -> Answer:
        """Begin a change by the API; each is one, however often it is sent."""
        key, path = {"Idempotency-Key": str(uuid4())}, f"/users/{who.person.username}"
        answer = self._api.call("PATCH", path, changed, headers=key)
        assert answer.status in (200, 202), answer.text
        return answer

    def end(self, answer: Answer) -> None:
        """Wait for its end, which must be the one that was asked for."""
        change = answer.json.get("change_id") or answer.json["id"]

        def ended() -> Any:
            told = self._api.call("GET", f"/changes/{change}").json
            return told["status"] in _ENDED and told

        told = until("the change ended", ended)
        assert told["status"] == "completed", told

    def _people(self) -> None:
        mine, rng = list[Life](), random.Random(f"{self._seed}/{next(self._numbers)}")
        with self._telling():
            while not self._over.wait(_PAUSE):
                if self._far_behind():
                    continue
                if not mine or (rng.random() < _NEWCOMERS and len(self._lives) < _MOST):
                    mine.append(self._life())
                    mine[-1].begin()
                else:
                    rng.choice(mine).change()
                self.people += 1

    def _far_behind(self) -> bool:
        return any(self._at_work(region) == _BEHIND for region in both(self._stage))

    def _at_work(self, region: RegionOutputs) -> int:
        running = self._stage.client("stepfunctions", region.region).list_executions(
            stateMachineArn=region.state_machines["sync_user"],
            statusFilter="RUNNING",
            maxResults=_BEHIND,
        )
        return len(running["executions"])

    def _life(self) -> Life:
        """Nobody is deleted before they were captured: a hint of a sign-up is believed for long."""
        known = lambda sub: bool(records(self._stage, sub))  # noqa: E731
        life = Life(self.crowd, next(self._numbers), self._seed, known)
        self._lives.append(life)
        return life

    def _administrator(self) -> None:
        with self._telling():
            who = self.add(f"asked-{next(self._numbers)}")
            while not self._over.wait(_PAUSE):
                name = f"Name {next(self._numbers)}"
                self.end(self.ask(who, attributes={"name": name}))
                who.attributes["name"] = name
                self.changes += 1

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Whoever fails ends the traffic, so that nobody waits for it."""
        try:
            yield
        except BaseException:
            self._over.set()
            raise
