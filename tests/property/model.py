"""States of the whole system, and what the system itself does next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import execution_of
from cognito_standby.core.domain.subjects import CLAIM_KEY
from tests.property import flow
from tests.property.actors import Actor, Moved, Quiet, Runner
from tests.property.states import LONG_AGO, Bounds, Edge, Env, State
from tests.property.tape import Call
from tests.property.world import REGIONS, Numbers, Parts, Trigger, Twins
from tests.twins.stores.records import ItemKey


class System:
    """The steps that need no environment."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.twins = Twins(
            *(bounds.pool, bounds.backup_pool),
            doubted=bool(bounds.doubts),
            providers=bounds.providers,
            undeletes=bounds.undeletes,
            asks=bounds.asks,
            on_demand=bool(bounds.on_demand),
            erased=bounds.erased,
            outdated=bounds.outdated,
        )
        self.runner = Runner(self.twins, fine=bounds.fine)
        self.actors: Numbers[Actor] = Numbers()
        self.triggers: Numbers[Trigger] = Numbers()
        self.envs: Numbers[Env] = Numbers()
        self._steps: dict[Any, tuple[Parts, int, tuple[int, ...]]] = {}
        self._pending: dict[int, tuple[bool, tuple[tuple[int, ItemKey, bool], ...]]] = {}
        self._leases: dict[int, tuple[Any, ...]] = {}
        self._quiet: dict[tuple[int, int, int], Quiet] = {}

    def moves(self, state: State) -> Iterator[Edge]:
        """Everything that happens by itself."""
        yield from self._run_actors(state)
        yield from self._start_actors(state)
        yield from self._replicate(state)
        yield from self._expire(state)
        yield from self._age(state)

    def pending(self, table: int) -> tuple[bool, tuple[tuple[int, ItemKey, bool], ...]]:
        """Whether the Regions are apart, and what can arrive where (and whether as one)."""
        if table not in self._pending:
            twin = self.twins.table
            twin.restore(self.twins.snapshots[table])
            waiting = []
            for region, name in enumerate(REGIONS):
                queue = dict(dict(twin.snapshot()[2])[name])
                for key, writes in sorted(queue.items()):
                    waiting += [(region, key, True)] if len(writes) > 1 else []
                    if len(writes) == 1 or not self.bounds.newest:
                        waiting.append((region, key, False))
            self._pending[table] = (twin.partitioned, tuple(waiting))
        return self._pending[table]

    def leases(self, ledger: int, region: int) -> tuple[tuple[Any, str, bool], ...]:
        """(subject, holder, expired) of every lease."""
        if ledger not in self._leases:
            twin = self.twins.ledgers[region]
            twin.restore(self.twins.snapshots[ledger])
            rows = [row for row in twin.rows() if row.lease is not None]
            self._leases[ledger] = tuple(
                sorted(
                    ((r.subject, r.lease.holder, r.lease.expires_at <= 0) for r in rows if r.lease),
                    key=str,
                )
            )
        return self._leases[ledger]

    def with_triggers(self, state: State, more: Iterator[Trigger] | tuple[Trigger, ...]) -> State:
        """Hints wait to start executions; equal ones are one."""
        numbers = {*state.triggers, *(self.triggers.of(trigger) for trigger in more)}
        return state._replace(triggers=tuple(sorted(numbers)))

    def _run_actors(self, state: State) -> Iterator[Edge]:
        env = self.envs[state.env]
        for number in state.actors:
            actor = self.actors[number]
            if actor.failed:
                redriven = self.actors.of(actor.redriven())
                yield Edge(("redrive", number), _swap(state, number, redriven))
                if self.bounds.contain and not actor.contained:
                    yield from self._contain(state, number, actor)
                continue
            if self._waits_for_an_answer(state, actor):
                continue
            yield Edge(("step", number), self._step(state, number))
            if env.faults < self.bounds.faults and self._may_fail(actor):
                worse = self.envs.of(env._replace(faults=env.faults + 1))
                for kind, moved in self.runner.faults(state.parts, actor, self.bounds.kinds):
                    after = self._after(state, number, moved)._replace(env=worse)
                    yield Edge((kind, number), after, False)
                for kind in {"ghost", "unsure"} & set(self.bounds.kinds) if actor.answers else ():
                    again = self.actors.of(actor._replace(answers=(), failed=kind == "ghost"))
                    ghost = self.actors.of(actor._replace(ghost=kind))
                    after = _swap(state, number, again, ghost)._replace(env=worse)
                    yield Edge((kind, number), after, False)

    def _waits_for_an_answer(self, state: State, actor: Actor) -> bool:
        """Whether an earlier invocation may still run: the policy `unsure` is longer than that."""
        if actor.ghost or "unsure" not in self.bounds.kinds:
            return False
        others = (self.actors[number] for number in state.actors)
        return any(other.ghost == "unsure" and other.lease == actor.lease for other in others)

    def _may_fail(self, actor: Actor) -> bool:
        if actor.ghost:
            return False
        call = self.runner.next_of(actor)
        return self.bounds.at is None or (isinstance(call, Call) and call.method in self.bounds.at)

    def _start_actors(self, state: State) -> Iterator[Edge]:
        busy = [0, 0]
        for number in state.actors:
            actor = self.actors[number]
            busy[actor.region] += not actor.failed
        for number in state.triggers:
            trigger = self.triggers[number]
            if busy[trigger.region] >= self.bounds.workers:
                continue
            holder = self._free_holder(state, trigger.region)
            begun = self.actors.of(Actor(trigger.region, holder, flow.PLAN, trigger.hint))
            left = tuple(t for t in state.triggers if t != number)
            started = state._replace(triggers=left, actors=(*state.actors, begun))
            yield Edge(("start", number), self._step(started, begun))

    def _contain(self, state: State, number: int, failed: Actor) -> Iterator[Edge]:
        holder = f"contain-{failed.holder}"
        if any(self.actors[other].holder == holder for other in state.actors):
            return
        marked = self.actors.of(failed._replace(contained=True))
        actor = Actor(failed.region, holder, flow.CONTAIN, failed.hint, prey=failed.holder)
        after = _swap(state, number, marked, self.actors.of(actor))
        yield Edge(("contain", number), after)

    def _step(self, state: State, number: int) -> State:
        actor, parts = self.actors[number], state.parts
        region = actor.region
        quiet = self.quiet(state, region)
        key = (number, quiet, parts.table, parts.pools[region], parts.ledgers[region])
        known = self._steps.get(key)
        if known is None:
            moved = self.runner.step(parts, actor, quiet)
            after = -1 if moved.actor is None else self.actors.of(moved.actor)
            known = (moved.parts, after, tuple(self.triggers.of(t) for t in moved.triggers))
            self._steps[key] = known
        after_parts, after, triggers = known
        merged = Parts(
            after_parts.table,
            _pick(region, after_parts.pools, parts.pools),
            _pick(region, after_parts.ledgers, parts.ledgers),
        )
        waiting = tuple(sorted({*state.triggers, *triggers})) if triggers else state.triggers
        actors = _swapped(state.actors, number, *(() if after < 0 else (after,)))
        return State(merged, waiting, actors, state.env)

    def _after(self, state: State, number: int, moved: Moved) -> State:
        actors = () if moved.actor is None else (self.actors.of(moved.actor),)
        swapped = _swap(state._replace(parts=moved.parts), number, *actors)
        return self.with_triggers(swapped, moved.triggers)

    def quiet(self, state: State, region: int) -> Quiet:
        """What can no longer happen in a Region."""
        key = (state.env, state.parts.table, region)
        known = self._quiet.get(key)
        if known is None:
            known = self._quiet[key] = self._now_quiet(state, region)
        return known

    def _now_quiet(self, state: State, region: int) -> Quiet:
        env, bounds = self.envs[state.env], self.bounds
        if bounds.fine:
            return Quiet(False, False, False, False, False)
        _, pending = self.pending(state.parts.table)
        claims = any(to == region and key.partition == CLAIM_KEY for to, key, _ in pending)
        return Quiet(
            alone=len(env.people) < 2 and not (bounds.contain or bounds.groups or bounds.on_demand),
            people=(env.position, env.doubts) == (len(bounds.script), len(bounds.doubts))
            and not bounds.on_demand,
            claims=env.claims == bounds.claims and not (claims or bounds.planned),
            faults=env.faults == bounds.faults,
            leases=env.expiries == bounds.expiries,
        )

    def _free_holder(self, state: State, region: int) -> str:
        taken = {self.actors[number].holder for number in state.actors}
        taken |= {
            execution_of(holder)
            for _, holder, _ in self.leases(state.parts.ledgers[region], region)
        }
        return next(n for i in range(99) if (n := f"{REGIONS[region][0]}{i}") not in taken)

    def _replicate(self, state: State) -> Iterator[Edge]:
        apart, pending = self.pending(state.parts.table)
        for region, key, coalesce in () if apart else pending:
            yield self._arrive(state, region, key, coalesce)

    def _arrive(self, state: State, region: int, key: ItemKey, coalesce: bool) -> Edge:
        table, name = self.twins.table, REGIONS[region]

        def effect() -> bool:
            table.replicate(name, key, coalesce=coalesce)
            arrived = table.stream(name)
            for record in arrived:
                table.take(name, record)
            return bool(arrived)

        what = ("arrive", region, key, coalesce)
        parts, arrived = self.twins.change(state.parts, "table", 0, what, effect)
        after = state._replace(parts=parts)
        if arrived and key.partition != CLAIM_KEY:
            after = self.with_triggers(after, (Trigger(region, Hint(origin_sub=key.partition)),))
        return Edge(what, after)

    def _expire(self, state: State) -> Iterator[Edge]:
        """A lease whose holder is dead expires; a living one's only between two states, but for
        calls that may come late."""
        env = self.envs[state.env]
        for region in (0, 1):
            for subject, holder, expired in self.leases(state.parts.ledgers[region], region):
                if expired:
                    continue
                held_by = [a for n in state.actors if (a := self.actors[n]).lease == holder]
                living = [actor for actor in held_by if not actor.failed]
                if living and env.expiries >= self.bounds.expiries:
                    continue
                if any(a.answers and not self._may_be_late(a) for a in living):
                    continue
                parts = self._expired(state.parts, region, subject)
                more = env._replace(expiries=env.expiries + bool(living))
                after = state._replace(parts=parts, env=self.envs.of(more))
                yield Edge(("expire", region, subject.key), after, not living)

    def _may_be_late(self, actor: Actor) -> bool:
        call = self.runner.next_of(actor)
        return isinstance(call, Call) and call.method in self.bounds.late

    def _age(self, state: State) -> Iterator[Edge]:
        """Time passes for who waits for a user who was just made."""
        for number in state.actors:
            actor = self.actors[number]
            if actor.hint.hinted_at and not actor.answers:
                aged = self.actors.of(actor._replace(hint=replace(actor.hint, hinted_at=LONG_AGO)))
                yield Edge(("age", number), _swap(state, number, aged))

    def _expired(self, parts: Parts, region: int, subject: Any) -> Parts:
        ledger = self.twins.ledgers[region]

        def effect() -> None:
            rows, origins, conflicts, noted = ledger.snapshot()
            aged = [
                (s, replace(row, lease=replace(row.lease, expires_at=0.0)))
                if s == subject and row.lease is not None
                else (s, row)
                for s, row in rows
            ]
            ledger.restore((frozenset(aged), origins, conflicts, noted))

        return self.twins.change(parts, "ledger", region, ("expire", subject), effect)[0]


def _pick(region: int, new: tuple[int, int], old: tuple[int, int]) -> tuple[int, int]:
    return (new[0], old[1]) if region == 0 else (old[0], new[1])


def _swap(state: State, number: int, *instead: int) -> State:
    return State(state.parts, state.triggers, _swapped(state.actors, number, *instead), state.env)


def _swapped(actors: tuple[int, ...], number: int, *instead: int) -> tuple[int, ...]:
    return tuple(sorted([*(actor for actor in actors if actor != number), *instead]))
