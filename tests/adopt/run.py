"""The course of an adoption, with traffic from before the installation until after it is gone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.control import RIGHTS, read_state
from tests.adopt.empty_aws import EmptyAws
from tests.adopt.installing import Adoption
from tests.adopt.outcome import Outcome, Standing, standing, unasked
from tests.adopt.people import Earlier
from tests.adopt.traffic import Traffic

_SETTLE_SECONDS = 900.0
_LOOK_SECONDS = 3.0
_OURS = ("post_confirmation", "pre_sign_up", "pre_token_generation")
"""What does something in an installation without a fence."""


@dataclass(frozen=True)
class Size:
    """users   in the active pool, before
    pause   seconds between two people of an app's worker
    few     sign-ups that are waited for in each phase
    rounds  of detaching and attaching again under a rush
    """

    users: int
    pause: float
    few: int
    rounds: int


class Run:
    """Call it once."""

    def __init__(
        self, aws: EmptyAws, folder: Path, size: Size, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._size, self._say, self._began = size, say, time.monotonic()
        self._seconds: dict[str, float] = {}
        self._adoption = Adoption(aws, folder)
        self._traffic = Traffic(self._adoption.active, [], pause=size.pause)

    def __call__(self) -> Outcome:
        """From an account without the installation to one without it. AssertionError: a command of
        the operator's failed, or somebody's call."""
        adoption, settings = self._adoption, self._settings()
        with self._phase("filling"):
            earlier = Earlier(adoption.active).fill(self._size.users)
        self._traffic = Traffic(adoption.active, earlier, pause=self._size.pause)
        with self._traffic.running():
            self._adopted()
            self._left(settings)
        with self._phase("settling"):
            late, found = self._settled()
            lost, refused = found.missing(self._traffic.seen), self._refused()
        with self._traffic.running():
            stayed = self._uninstalled()
        asked, twice = unasked(adoption.active.calls(), self._traffic.seen)
        seen = self._traffic.seen
        return Outcome(
            before=len(earlier),
            seen=seen,
            phases=Counter(each.phase for each in seen.sign_ups),
            seconds=self._seconds,
            late=late,
            lost=lost,
            unasked=asked,
            twice=twice,
            differing=found.problems,
            changed=[*self._changed(settings)],
            refused=refused,
            stayed=stayed,
            compared=len(found.comparison.rows),
        )

    def _adopted(self) -> None:
        few, adoption = self._size.few, self._adoption
        with self._phase("deploying"):
            adoption.deploy()
            self._traffic.more(few)
        with self._phase("attaching post_confirmation"), self._traffic.rush():
            adoption.says("attach", "--only", "post_confirmation", "--yes")
            assert adoption.holds("post_confirmation")
        with self._phase("seeding"):
            adoption.says("reconcile", "--seed", "--yes")
            self._traffic.more(few)
        with self._phase("attaching the rest"), self._traffic.rush():
            adoption.says("attach", "--yes")
            assert adoption.holds(*_OURS)
        with self._phase("attached"):
            self._traffic.more(4 * few)

    def _left(self, settings: list[Any]) -> None:
        adoption = self._adoption
        for _ in range(self._size.rounds):
            with self._phase("detaching"), self._traffic.rush():
                adoption.says("detach", "--yes")
            assert self._settings() == settings
            with self._phase("attaching again"), self._traffic.rush():
                adoption.says("attach", "--yes")
            assert adoption.holds(*_OURS)
        with self._phase("detaching"), self._traffic.rush():
            adoption.says("detach", "--yes")
        assert self._settings() == settings
        with self._phase("detached"):
            self._traffic.more(self._size.few)

    def _settled(self) -> tuple[int, Standing]:
        """How many sign-ups a reconciliation had to bring, and how it stands after it."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        while (found := standing(self._adoption)).problems and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
        late = len(found.missing(self._traffic.seen))
        if found.problems:
            for line in found.problems[:20]:
                self._say(f"before the reconciliation: {line}")
            self._adoption.says("reconcile", "--wait")
            found = standing(self._adoption)
        return late, found

    def _uninstalled(self) -> str:
        """What was said of a stack that the pools still called."""
        few, adoption = self._size.few, self._adoption
        with self._phase("attaching again"), self._traffic.rush():
            adoption.says("attach", "--yes")
        with self._phase("refused to go"):
            stayed = adoption.refuses_to_go()
            assert adoption.holds(*_OURS)
            self._traffic.more(few)
        with self._phase("detaching"), self._traffic.rush():
            adoption.says("detach", "--yes")
        with self._phase("uninstalling"):
            adoption.uninstall()
        with self._phase("uninstalled"):
            self._traffic.more(few)
        return stayed

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self._traffic.phase, began = name, time.monotonic()
        try:
            yield
        finally:
            took = time.monotonic() - began
            self._seconds[name] = self._seconds.get(name, 0.0) + took
            people = len(self._traffic.seen.sign_ups)
            self._say(f"{time.monotonic() - self._began:7.0f} s  {name}: {took:.0f} s, {people}")

    def _refused(self) -> list[str]:
        """What the functions lacked a right to, while the stacks stood whole."""
        judged = read_state(self._adoption.aws.endpoint, RIGHTS)
        return [f"{each['who']}: {each['action']}" for each in judged["refusals"]]

    def _settings(self) -> list[Any]:
        return [owner.settings() for owner in self._adoption.owners]

    def _changed(self, settings: list[Any]) -> Iterator[str]:
        for owner, before in zip(self._adoption.owners, settings, strict=True):
            if owner.settings() != before:
                yield owner.pool
