"""What people and administrators do, by a seed, and what must be true of each in the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from local.demo.people import Crowd, Person

GROUPS = ("editors", "readers", "beta", "staff")


@dataclass
class Expected:
    """One life: the sub, and what the pool must show of it."""

    person: Person
    sub: str = ""
    deleted: bool = False
    enabled: bool = True
    attributes: dict[str, str] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)


class Life:
    """One person's story: a sign-up, then changes, one after the other."""

    def __init__(self, crowd: Crowd, number: int, seed: int, known: Callable[[str], bool]) -> None:
        self._crowd, self._rng = crowd, random.Random(f"{seed}/{number}")
        self._known = known
        self._name = f"chaos{number:03d}"
        self.lives: list[Expected] = []

    @property
    def now(self) -> Expected:
        """The present life."""
        return self.lives[-1]

    def begin(self) -> None:
        """Sign up."""
        email, name = f"{self._name}@example.org", f"Name of {self._name}"
        person = Person(self._name, email, name)
        life = Expected(person, attributes={"email": email, "name": name})
        life.sub = self._crowd.sign_up(person)
        self.lives.append(life)

    def change(self) -> None:
        """One thing happens."""
        if self.now.deleted:
            self.begin()
            return
        happenings: list[tuple[Callable[[], None], int]] = [
            (self._rename, 4),
            (self._write_own, 2),
            (self._move_address, 1),
            (self._drop_nickname, 1),
            (self._join_or_leave, 5),
            (self._switch, 3),
            (self._delete, 1),
        ]
        functions, weights = zip(*happenings, strict=True)
        self._rng.choices(functions, weights)[0]()

    def _write(self, **attributes: str) -> None:
        self._crowd.set_attributes(self.now.person, attributes)
        self.now.attributes |= attributes

    def _number(self) -> str:
        return str(self._rng.randrange(10_000))

    def _rename(self) -> None:
        self._write(**{"name": f"Name {self._number()}", "custom:plan": f"plan{self._number()}"})

    def _write_own(self) -> None:
        if not self.now.enabled:
            return
        wanted = {"nickname": f"Nick {self._number()}"}
        self._crowd.set_own_attributes(self.now.person, wanted)
        self.now.attributes |= wanted

    def _move_address(self) -> None:
        email = f"{self._name}.{self._number()}@example.org"
        self._write(email=email, email_verified="true")

    def _drop_nickname(self) -> None:
        if "nickname" in self.now.attributes:
            names = {"UserAttributeNames": ["nickname"]}
            self._crowd.admin("admin_delete_user_attributes", self.now.person, **names)
            del self.now.attributes["nickname"]

    def _join_or_leave(self) -> None:
        group = self._rng.choice(GROUPS)
        leaves = group in self.now.groups
        operation = "admin_remove_user_from_group" if leaves else "admin_add_user_to_group"
        self._crowd.admin(operation, self.now.person, GroupName=group)
        self.now.groups ^= {group}

    def _switch(self) -> None:
        operation = "admin_disable_user" if self.now.enabled else "admin_enable_user"
        self._crowd.admin(operation, self.now.person)
        self.now.enabled = not self.now.enabled

    def _delete(self) -> None:
        """Only who is known: for one who goes before they were captured, a hint of their sign-up
        is believed for two minutes."""
        if not self._known(self.now.sub):
            self._switch()
            return
        self._crowd.admin("admin_delete_user", self.now.person)
        self.now.deleted = True
