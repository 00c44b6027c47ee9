"""What puts absences in doubt: a pool that is replaced, or recovered to a point in time, and a
records table that is another one.

A replaced pool, or table, keeps its id here, and what is noted of the former one gets another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import ENABLED, Subject
from tests.property.model import System
from tests.property.people import Change, Op, People
from tests.property.states import Edge, State
from tests.property.world import REGIONS, Trigger, WrongError
from tests.twins.stores.frozen import EMPTY

FORMER = "former"
"""Id of the pool, or the table, that was there before."""

MOMENT = "moment"

MARKS = ("mark", "mark table")
"""Verbs of the set-up: what a recovery, or another table, goes back to."""

BY_ITSELF = ("end", "cancel", "reconcile", "right table")
"""Verbs of what comes sooner or later: a recovery lasts 24 hours at most, and operators act."""


class Doubts(System):
    """The acts of `Bounds.doubts`, in their order and at any time."""

    people: People

    def active(self, parts: Any, region: int, origin: str) -> bool:
        """Whether a Region is active for a user, by its own view."""
        raise NotImplementedError

    def drained(self, state: State) -> bool:
        """Nothing is under way anywhere."""
        raise NotImplementedError

    def mark(self, state: State, op: Op) -> State:
        """Remember this moment of a pool or of the table."""
        env = self.envs[state.env]
        if op.verb == "mark table":
            return state._replace(env=self.envs.of(env._replace(mark=state.parts.table)))
        return self._pool_act(state, op, lambda pool: pool.mark(MOMENT))

    def doubt(self, state: State) -> Iterator[Edge]:
        """The next act, if it can be done now. WrongError: somebody believed what is in doubt."""
        env = self.envs[state.env]
        self._check(state)
        if env.doubts == len(self.bounds.doubts):
            return
        op = self.bounds.doubts[env.doubts]
        if not self._may(state, op):
            return
        acts = {
            "begin": self._begin,
            "end": self._end,
            "cancel": self._cancel,
            "reconcile": self._reconcile,
            "replace pool": self._replace_pool,
            "other table": self._other_table,
            "right table": self._right_table,
        }
        after = acts[op.verb](state, op)
        more = self.envs[after.env]._replace(doubts=env.doubts + 1)
        yield Edge(
            (op.verb, REGIONS[op.region]), after._replace(env=self.envs.of(more)), self._comes(op)
        )

    def is_excused(self, state: State, region: int, origin: str, winner: Record | None) -> bool:
        """Whether the pool of an active Region rightly differs until an operator decides: who is
        missing in a new pool, or was deleted and came back by a recovery."""
        if winner is None or not self.active(state.parts, region, origin):
            return False
        self.twins.look(state.parts, "pool", region)
        shown = self.people.fields(region, origin)
        if region in self.envs[state.env].replaced and not shown and not winner.deleted:
            return True
        recoveries = self.twins.pools[region].snapshot().recoveries
        back = winner.deleted and not winner.erased and bool(shown)
        return back and any(each.completed for each in recoveries)

    @staticmethod
    def _comes(op: Op) -> bool:
        return op.verb in BY_ITSELF

    def _may(self, state: State, op: Op) -> bool:
        """A pool or table is replaced in a calm, and a preview takes longer than a function."""
        if op.verb in ("replace pool", "other table"):
            return self.drained(state)
        if op.verb in ("end", "right table"):
            return not any(self.actors[number].answers for number in state.actors)
        return True

    def _begin(self, state: State, op: Op) -> State:
        return self._pool_act(state, op, lambda pool: pool.initiate_point_in_time_recovery(MOMENT))

    def _cancel(self, state: State, op: Op) -> State:
        def cancel(pool: Any) -> None:
            pool.cancel_point_in_time_recovery(pool.snapshot().recoveries[-1].id)

        return self._pool_act(state, op, cancel)

    def _end(self, state: State, op: Op) -> State:
        """The users are as they were. Whom the active pool shows as they were before is as if
        somebody had changed them; who was seen to be deleted is let in by nobody."""

        def start(pool: Any) -> None:
            pool.start_point_in_time_recovery(pool.snapshot().recoveries[-1].id)

        before = self._shown(state, op.region)
        state = self._pool_act(state, op, start)
        after, env = self._shown(state, op.region), self.envs[state.env]
        moved = [pair for pair in env.people if before[pair[1]] != after[pair[1]]]
        taken = {(op.region, origin) for _, origin in moved if not after[origin]}
        back = [p for p in moved if after[p[1]] and not self._is_buried(state, op.region, p[1])]
        env = env._replace(taken=env.taken | taken)
        state = state._replace(env=self.envs.of(env))
        return self._as_changes(state, op.region, back, before, after)

    def _reconcile(self, state: State, op: Op) -> State:
        """A run looks at everybody, and an operator has said yes to who is gone."""
        ledger = self.twins.ledgers[op.region]
        pool = self.twins.look(state.parts, "pool", op.region)
        done = frozenset(each.id for each in pool.snapshot().recoveries if each.completed)
        parts, _ = self.twins.change(
            state.parts, "ledger", op.region, op, lambda: ledger.note_reconciled(done)
        )
        state, env = state._replace(parts=parts), self.envs[state.env]
        shown = self._shown(state, op.region)
        gone = [p for p in env.people if (op.region, p[1]) in env.taken and not shown[p[1]]]
        before = {origin: self._said(state, op.region, origin) for _, origin in gone}
        state = state._replace(env=self.envs.of(env._replace(taken=frozenset())))
        changed = self._as_changes(state, op.region, gone, before, shown)
        return self._visited(changed, op.region)

    def _replace_pool(self, state: State, op: Op) -> State:
        """An empty pool under the same name; the installation is told of it, and seeds it."""
        pool, ledger = self.twins.pools[op.region], self.twins.ledgers[op.region]

        def empty(pool: Any) -> None:
            was = pool.snapshot()
            pool.restore(was._replace(accounts=frozenset(), groups=frozenset()))

        def rename() -> None:
            rows, origins, conflicts, noted = ledger.snapshot()
            renamed = frozenset((s, replace(row, user_pool_id=FORMER)) for s, row in rows)
            ledger.restore((renamed, origins, conflicts, replace(noted, first_pool=FORMER)))

        state = self._pool_act(state, op, empty)
        parts, _ = self.twins.change(state.parts, "ledger", op.region, op, rename)
        table = self.twins.table

        def forget() -> None:
            table.restore(_renamed(table.snapshot(), REGIONS[op.region], pool.config.pool_id))

        parts, _ = self.twins.change(parts, "table", 0, op, forget)
        env = self.envs[state.env]
        more = self.envs.of(env._replace(replaced=env.replaced | {op.region}))
        return self._visited(state._replace(parts=parts, env=more), op.region)

    def _other_table(self, state: State, op: Op) -> State:
        env = self.envs[state.env]
        env = env._replace(saved=state.parts.table, facts=self._facts(state))
        parts = self._noted(state, FORMER)._replace(table=env.mark)
        return self._visited(state._replace(parts=parts, env=self.envs.of(env)), 0, 1)

    def _right_table(self, state: State, op: Op) -> State:
        env = self.envs[state.env]
        table_ids = self.twins.table.ids
        parts = self._noted(state, *table_ids.values())._replace(table=env.saved)
        more = self.envs.of(env._replace(saved=-1, facts=frozenset()))
        return self._visited(state._replace(parts=parts, env=more), 0, 1)

    def _noted(self, state: State, *ids: str) -> Any:
        parts = state.parts
        for region, table_id in zip((0, 1), (*ids, *ids), strict=False):
            ledger = self.twins.ledgers[region]

            def note(ledger: Any = ledger, table_id: str = table_id) -> None:
                ledger.noted = replace(ledger.noted, table_id=table_id)

            parts, _ = self.twins.change(parts, "ledger", region, ("table", table_id), note)
        return parts

    def _check(self, state: State) -> None:
        env = self.envs[state.env]
        for region, origin in env.taken:
            self.twins.look(state.parts, "table", 0)
            winner = resolve(self.twins.stores[region].read(Subject.user(origin))[0])
            if winner is not None and winner.deleted and winner.region == REGIONS[region]:
                raise WrongError("whom only a recovery took away is recorded as deleted")
        if env.saved >= 0 and self._facts(state) != env.facts:
            raise WrongError("another table's word makes, removes or lets in somebody")

    def _facts(self, state: State) -> frozenset[tuple[int, str, str]]:
        """Who is in which pool, and whether they may sign in."""
        return frozenset(
            (region, origin, fields[ENABLED])
            for region in (0, 1)
            for origin, fields in self._shown(state, region).items()
            if fields
        )

    def _shown(self, state: State, region: int) -> dict[str, Any]:
        """Origin -> what the pool shows."""
        self.twins.look(state.parts, "pool", region)
        return {o: self.people.fields(region, o) for _, o in self.envs[state.env].people}

    def _said(self, state: State, region: int, origin: str) -> Any:
        own = self._own(state, region, origin)
        return EMPTY if own is None else own.state

    def _is_buried(self, state: State, region: int, origin: str) -> bool:
        own = self._own(state, region, origin)
        return own is not None and own.deleted

    def _own(self, state: State, region: int, origin: str) -> Record | None:
        """A Region's own record of a user."""
        self.twins.look(state.parts, "table", 0)
        return self.twins.stores[region].read(Subject.user(origin))[0].own

    def _as_changes(self, state: State, region: int, moved: Any, before: Any, after: Any) -> State:
        """What a recovery did to the active pool counts as people's changes; in a standby it is
        nobody's."""
        env = self.envs[state.env]
        self.twins.look(state.parts, "table", 0)
        claim = self.twins.stores[region].read_claims().of(REGIONS[region])
        changes = []
        for person, origin in moved:
            if self.active(state.parts, region, origin):
                was, now = before[origin], after[origin]
                touched = frozenset(n for n in {*was, *now} if was.get(n) != now.get(n))
                changes.append(Change(person, claim, now, touched, False, False))
        more = self.envs.of(env._replace(history=(*env.history, *changes)))
        return state._replace(env=more)

    def _visited(self, state: State, *regions: int) -> State:
        hints = [
            Trigger(region, Hint(origin_sub=origin))
            for region in regions
            for _, origin in self.envs[state.env].people
        ]
        return self.with_triggers(state, tuple(hints))

    def _pool_act(self, state: State, op: Op, act: Callable[[Any], Any]) -> State:
        pool = self.twins.pools[op.region]
        parts, _ = self.twins.change(state.parts, "pool", op.region, op, lambda: act(pool))
        return state._replace(parts=parts)


def _renamed(part: Any, region: str, pool_id: str) -> Any:
    """The same part of a table in which a Region's records name the former pool."""
    if isinstance(part, Record):
        ours = part.region == region and part.user_pool_id == pool_id
        return replace(part, user_pool_id=FORMER) if ours else part
    if isinstance(part, frozenset):
        return frozenset(_renamed(each, region, pool_id) for each in part)
    if type(part) is tuple:
        return tuple(_renamed(each, region, pool_id) for each in part)
    return part
