"""States, steps and bounds of an exploration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.property.actors import FAULTS
from tests.property.people import COMES, PROVIDER, Change, Op
from tests.property.world import Parts, email_pool
from tests.twins.pool.config import PoolConfig

LONG_AGO = "2020-01-01T00:00:00+00:00"


class Env(NamedTuple):
    """What the environment has done."""

    position: int = 0
    claims: int = 0
    faults: int = 0
    strays: int = 0
    expiries: int = 0
    partitions: int = 0
    visits: int = 0
    chores: int = 0
    comings: int = 0
    people: tuple[tuple[str, str], ...] = ()
    history: tuple[Change, ...] = ()
    recovered: frozenset[tuple[str, str]] = frozenset()
    doubts: int = 0
    taken: frozenset[tuple[int, str]] = frozenset()
    """(Region, origin) of those whom only a recovery took away, until somebody has looked."""
    replaced: frozenset[int] = frozenset()
    mark: int = -1
    saved: int = -1
    downs: int = 0
    aborts: int = 0
    facts: frozenset[tuple[int, str, str]] = frozenset()
    """While the table is another: the moment that it shows, the right one, and the pools."""


class State(NamedTuple):
    """Numbers of everything: compared and hashed millions of times."""

    parts: Parts
    triggers: tuple[int, ...]
    actors: tuple[int, ...]
    env: int


class Edge(NamedTuple):
    """One step. `system`: it happens by itself sooner or later. A label of a word and a number
    alone is about the trigger or actor of that number."""

    label: tuple[Any, ...]
    state: State
    system: bool = True


@dataclass(frozen=True)
class Bounds:
    """How much the environment may do, and with what.

    script      each item offers alternatives, done in order at any time
    setup       done first, each settled before the next
    prelude     then done while the Regions were apart, captured but still to arrive
    claims      failovers
    faults      calls that go wrong, in one of `kinds`
    strays      changes in a Region that is not active
    expiries    leases that a living but slow execution loses
    partitions  times that the Regions lose sight of each other
    visits      late duplicates of hints, which are visits of a reconciliation too
    chores      purges and strips, of anybody at any time
    tidy        which of these, or undeletes, or what an operator asks about who is awaited
    workers     executions at a time in a Region
    at          methods whose calls can go wrong; None: all
    newest      of several writes of a record on their way only the newest arrives
    drain       a Region that was active before is drained before it claims again
    late        methods whose calls can come after the lease has run out
    planned     times that an active Region stands down, whereupon the other one takes over; people
                then act only where the door is open
    aborts      times that a mark is taken back
    on_demand   times that somebody comes to the backup's pool, which is filled on demand
    erased      everybody is on the list of erasures, and the records are those of a copy
    misnamed    the former pool knows somebody else by each name
    outdated    everybody has set another password since, in the other Region than the former pool
    doubts      replaced pools and tables, and recoveries, done in order at any time
    fine        every call is a step of its own, even where it commutes with all others
    """

    name: str
    script: tuple[tuple[Op, ...], ...]
    setup: tuple[Op, ...] = ()
    prelude: tuple[Op, ...] = ()
    claims: int = 0
    planned: int = 0
    aborts: int = 0
    faults: int = 0
    kinds: tuple[str, ...] = FAULTS
    strays: int = 0
    expiries: int = 0
    partitions: int = 0
    visits: int = 0
    chores: int = 0
    tidy: tuple[str, ...] = ("purge", "strip")
    workers: int = 2
    contain: bool = False
    fine: bool = False
    newest: bool = False
    drain: bool = True
    late: frozenset[str] = frozenset()
    at: frozenset[str] | None = None
    pool: PoolConfig = field(default_factory=email_pool)
    backup_pool: PoolConfig | None = None
    on_demand: int = 0
    erased: bool = False
    misnamed: bool = False
    outdated: bool = False
    doubts: tuple[Op, ...] = ()

    @property
    def providers(self) -> tuple[str, ...]:
        """Those of both pools, where people come through one."""
        acts = (*self.setup, *self.prelude, *sum(self.script, ()))
        return (PROVIDER,) if any(op.verb == COMES for op in acts) else ()

    @property
    def groups(self) -> bool:
        """Whether group definitions move as well."""
        return any(not op.person for op in (*self.setup, *self.prelude, *sum(self.script, ())))

    @property
    def asks(self) -> bool:
        """Whether somebody may ask for who is awaited."""
        return bool(self.chores) and not {"fill", "admin update"}.isdisjoint(self.tidy)

    @property
    def administers(self) -> bool:
        """Whether an administrator changes somebody."""
        return bool(self.chores) and any(verb.startswith("admin ") for verb in self.tidy)

    @property
    def undeletes(self) -> bool:
        """Whether somebody may be undeleted, or restored."""
        return bool(self.chores) and not {"undelete", "restore"}.isdisjoint(self.tidy)
