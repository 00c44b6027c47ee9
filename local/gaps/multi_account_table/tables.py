"""All multi-account global tables of a local AWS: members, writes under way, and the time."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from local.gaps.multi_account_table.group import Group, Hindrance, Looked, Member, looked
from local.protocol import Reply

logger = logging.getLogger(__name__)
Find = Callable[[Member, tuple[Member, ...]], Hindrance | None]
Item = dict[str, Any] | None
_written: ContextVar[int] = ContextVar("written", default=0)


@dataclass(frozen=True)
class Write:
    """One write on its way. `stamp` orders all writes: of two of one item the later one stays."""

    home: Member
    to: Member
    item: tuple[str, ...]
    before: Item
    after: Item
    stamp: int


class MultiAccountTables:
    """May be used from any thread. `hindrance` says what keeps a replica from replicating, `apply`
    writes to one, `mark` tells tables who their replicas are; `clock` tells seconds since 1970."""

    def __init__(
        self,
        hindrance: Find,
        apply: Callable[[Write], None],
        mark: Callable[[tuple[Member, ...]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._hindrance, self._apply, self._mark, self._clock = hindrance, apply, mark, clock
        self._groups: list[Group] = []
        self._waiting: list[Write] = []
        self._newest: dict[tuple[Member, tuple[str, ...]], int] = {}
        self._stamps, self._ahead = itertools.count(1), 0.0
        self._lock = threading.RLock()

    def advance(self, hours: float) -> None:
        """Let time pass, for what waits for it."""
        with self._lock:
            self._ahead += hours * 3600
        self.look()

    async def told(self, _: dict[str, Any]) -> Reply:
        """The state, to whoever asks over HTTP."""
        return Reply.of(self.state())

    async def turned(self, asked: dict[str, Any]) -> Reply:
        """Time passes for whoever asks over HTTP: `hours`."""
        self.advance(float(asked["hours"]))
        return Reply.of(self.state())

    def state(self) -> dict[str, Any]:
        """As JSON data: who replicates with whom, who cannot, and how much waits."""
        self.look()
        with self._lock:
            return {
                "groups": [
                    {each.arn: _status(group, each) for each in group.members}
                    for group in self._groups
                ],
                "waiting": len(self._waiting),
                "hours_ahead": self._ahead / 3600,
            }

    def group_of(self, member: Member) -> Group | None:
        """As it stands after a look; None: the table stands alone."""
        self.look()
        with self._lock:
            return self._found(member)

    def join(self, source: Member, replica: Member) -> None:
        """A replica more."""
        with self._lock:
            group = self._found(source) or Group((source,), {})
            self._groups = [each for each in self._groups if each is not group]
            joined = Group((*group.members, replica), group.lost)
            self._groups.append(joined)
            self._mark(joined.members)

    def leave(self, member: Member) -> None:
        """It is a table of its own from now on, or gone. What was under way to or from it is lost;
        a group of one is none."""
        with self._lock:
            group = self._found(member)
            if group is None:
                return
            left = group.without(member)
            self._groups = [each for each in self._groups if each is not group]
            self._mark((member,))
            self._mark(left.members)
            if len(left.members) > 1:
                self._groups.append(left)
            self._waiting = [each for each in self._waiting if member not in (each.home, each.to)]

    @contextmanager
    def writing(self, home: Member, item: tuple[str, ...]) -> Iterator[None]:
        """A write of somebody to a member: the newest of the item there, until another comes."""
        with self._lock:
            stamp = next(self._stamps)
            self._newest[home, item] = stamp
        token = _written.set(stamp)
        try:
            yield
        finally:
            _written.reset(token)

    def send(
        self, home: Member, region: str, item: tuple[str, ...], change: tuple[Item, Item]
    ) -> None:
        """Bring a write to the replica in a Region, now or when it may."""
        with self._lock:
            self.look()
            group = self._found(home)
            to = (
                next((m for m in group.others(home) if m.region == region), None) if group else None
            )
            if to is not None:
                self._waiting.append(Write(home, to, item, *change, _written.get()))
                self._deliver()

    def look(self) -> None:
        """Who cannot replicate now, who has parted, and what can arrive."""
        with self._lock:
            for group in tuple(self._groups):
                hindered = {
                    each: why
                    for each in group.members
                    if (why := self._hindrance(each, group.members))
                }
                self._settle(group, looked(group, hindered, self._clock() + self._ahead))
            self._deliver()

    def _settle(self, group: Group, found: Looked) -> None:
        for member in found.parted:
            logger.warning("replication: %s has parted for good", member.arn)
            self.leave(member)
        if not found.parted:
            self._groups[self._groups.index(group)] = found.group

    def _deliver(self) -> None:
        """In the order of the writes; what is older than what is there is not written."""
        left, self._waiting = self._waiting, []
        for write in left:
            group = self._found(write.home)
            if group is None or not group.reach(write.home, write.to):
                self._waiting.append(write)
            elif write.stamp > self._newest.get((write.to, write.item), 0):
                self._newest[write.to, write.item] = write.stamp
                self._apply(write)

    def _found(self, member: Member) -> Group | None:
        return next((each for each in self._groups if member in each.members), None)


def _status(group: Group, member: Member) -> str:
    lost = group.lost.get(member)
    return lost.why.value if lost else "ACTIVE"
