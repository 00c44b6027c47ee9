"""What the world does to the system: people, operators, partitions, late duplicates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cognito_standby.core.domain.epochs import Claims, Epoch, is_active
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Confirmation, Intent
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import PRESENT, Subject
from tests.property import changing, coming, flow, planned
from tests.property.actors import Actor
from tests.property.doubts import MARKS, Doubts
from tests.property.people import Op, People
from tests.property.states import Bounds, Edge, Env, State
from tests.property.tape import Call
from tests.property.world import REGIONS, Parts, Trigger

CHORES = {
    "purge": flow.PURGE,
    "strip": flow.STRIP,
    "undelete": flow.UNDELETE,
    "restore": flow.RESTORE,
    "fill": flow.FILL,
    **dict.fromkeys(changing.KINDS, changing.SNAPSHOT),
}


class Model(Doubts):
    """The whole transition system of one set of bounds."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(bounds)
        self.people = People(self.twins)
        self._claims: dict[tuple[int, int], Claims] = {}

    def start(self) -> State:
        """The first state: the set-up has settled."""
        state = State(self.twins.start(), (), (), self.envs.of(Env()))
        for op in self.bounds.setup:
            changed = self._set_up(state, op)
            assert changed is not None, op
            state = self.settled(changed)
        if self.bounds.prelude:
            state = self._prelude(state)
        env = self.envs[state.env]._replace(position=0, strays=0, faults=0, expiries=0)
        return state._replace(env=self.envs.of(env))

    def _set_up(self, state: State, op: Op) -> State | None:
        if op.verb in MARKS:
            return self.mark(state, op)
        if op.verb in CHORES:
            origin = dict(self.envs[state.env].people)[op.person]
            return self._chore(state, op.region, op.verb, origin)
        return self._changed(state, op, stray=True)

    def _prelude(self, state: State) -> State:
        """Acts of a partition that has just ended: all is captured, nothing has arrived."""
        table = self.twins.look(state.parts, "table", 0)
        table.partitioned = True
        state = state._replace(
            parts=state.parts._replace(table=self.twins.snapshots.of(table.snapshot()))
        )
        for op in self.bounds.prelude:
            changed = self._changed(state, op, stray=True)
            assert changed is not None, op
            state = self.settled(changed)
        table = self.twins.look(state.parts, "table", 0)
        table.partitioned = False
        return state._replace(
            parts=state.parts._replace(table=self.twins.snapshots.of(table.snapshot()))
        )

    def settled(self, state: State, limit: int = 2000) -> State:
        """What becomes of a state when only the system acts, one step after the other."""
        for _ in range(limit):
            moves = (edge for edge in self.moves(state) if edge.system and edge.state != state)
            edge = next(moves, None)
            if edge is None:
                return state
            state = edge.state
        raise AssertionError("the set-up does not settle")

    def steps(self, state: State) -> Iterator[Edge]:
        """Everything that can happen next."""
        yield from self.moves(state)
        env, bounds = self.envs[state.env], self.bounds
        if env.position < len(bounds.script):
            for op in bounds.script[env.position]:
                changed = self._changed(state, op)
                if changed is not None:
                    yield Edge(("person", op), changed, False)
        for region in (0, 1):
            if env.claims < bounds.claims and self._may_claim(state, region):
                yield self._claim(state, region)
        yield from self._partition(state, env)
        if bounds.planned:
            yield from planned.steps(self, state)
        if bounds.doubts:
            yield from self.doubt(state)
        if env.comings < bounds.on_demand:
            yield from coming.comings(self, state)
        if env.visits < bounds.visits:
            yield from self._visit(state, env)
        if env.chores < bounds.chores:
            yield from self._tidy(state, env)

    def quiet_steps(self, state: State) -> Iterator[Edge]:
        """What happens by itself, healing of a partition included."""
        doubts = self.doubt(state) if self.bounds.doubts else ()
        ways = planned.steps(self, state) if self.bounds.planned else ()
        edges = (*self.moves(state), *self._heal(state), *doubts, *ways)
        return (edge for edge in edges if edge.system)

    def shown(self, state: State) -> tuple[Any, ...]:
        """Both pools and the replicas, without what a test cannot care about."""
        pools = [self.twins.snapshots[number].accounts for number in state.parts.pools]
        users = (frozenset((a.attributes, a.enabled, a.groups) for a in pool) for pool in pools)
        return tuple(users)

    def claims(self, parts: Parts, region: int) -> Claims:
        """The claims as a Region sees them."""
        key = (parts.table, region)
        if key not in self._claims:
            self.twins.look(parts, "table", 0)
            self._claims[key] = self.twins.stores[region].read_claims()
        return self._claims[key]

    def active(self, parts: Parts, region: int, origin: str) -> bool:
        """Whether a Region is active for a user, by its own view."""
        epochs: list[Epoch] = []
        if origin:
            self.twins.look(parts, "table", 0)
            epochs = self.twins.stores[region].read(Subject.user(origin))[0].epochs
        return is_active(REGIONS[region], self.claims(parts, region), epochs)

    def _known(self, parts: Parts, region: int, origin: str) -> bool:
        """Whether a Region has a record or a ledger row of a user."""
        if not origin:
            return False
        self.twins.look(parts, "table", 0)
        subject = Subject.user(origin)
        if self.twins.stores[region].read(subject)[0].records:
            return True
        return bool(self.twins.look(parts, "ledger", region).read(subject).was_here)

    def _behind(self, parts: Parts, region: int, origin: str, claim: Epoch) -> bool:
        """Whether the other Region has claimed, whether this one knows or not, and has confirmed
        the user: of a provider's, not only that nobody is there yet."""
        other = 1 - region
        if not origin or self.claims(parts, other).of(REGIONS[other]) < claim:
            return False
        row = self.twins.look(parts, "ledger", other).read(Subject.user(origin))
        return row.confirmed_version is not None and PRESENT not in row.skipped

    def _changed(self, state: State, op: Op, *, stray: bool = False) -> State | None:
        """A person or an administrator does something; None when it is not possible."""
        env = self.envs[state.env]
        if self.bounds.planned and not planned.door_is_open(self, state, op.region):
            return None
        people = dict(env.people)
        foreign = not self.active(state.parts, op.region, people.get(op.person, ""))
        if foreign and not stray and env.strays >= self.bounds.strays:
            return None
        claim = self.claims(state.parts, op.region).of(REGIONS[op.region])
        writing = self._writing(state, op.region)
        person = (state.parts, op.region, people.get(op.person, ""))
        done = self.people.do(
            *(state.parts, op, people, claim),
            stray=foreign,
            excused=writing,
            known=not foreign or self._known(*person),
            behind=not foreign and self._behind(*person, claim),
        )
        if done is None:
            return None
        if done.origin:
            people[op.person] = done.origin
        env = env._replace(
            position=env.position + 1,
            strays=env.strays + foreign,
            people=tuple(sorted(people.items())),
            history=(*env.history, done.change) if done.change else env.history,
            recovered=env.recovered
            | ({(op.person, people[op.person])} if op.verb == "recover" else set()),
        )
        after = state._replace(parts=done.parts, env=self.envs.of(env))
        return self.with_triggers(after, tuple(Trigger(op.region, hint) for hint in done.hints))

    def _writing(self, state: State, region: int) -> bool:
        """Whether somebody is between the last check of a pool entry and its writes.

        Cognito has no conditional write: a person's own change within these milliseconds can be
        lost. That is an assumption, not a finding.
        """
        actors = (self.actors[number] for number in state.actors)
        return any(self.runner.writing(a) for a in actors if a.region == region and not a.failed)

    def _may_claim(self, state: State, region: int) -> bool:
        """In an outage anybody; but a Region that was active before is drained first."""
        claims = self.claims(state.parts, region)
        if claims.highest().region == REGIONS[region]:
            return False
        first = claims.of(REGIONS[region]).number == 0
        return first or not self.bounds.drain or self.drained(state)

    def drained(self, state: State) -> bool:
        """Nothing is under way anywhere."""
        apart, pending = self.pending(state.parts.table)
        return not (state.triggers or state.actors or apart or pending)

    def _claim(self, state: State, region: int) -> Edge:
        def effect() -> None:
            planned.claim(self.twins.table, REGIONS[region])

        parts, _ = self.twins.change(state.parts, "table", 0, ("claim", region), effect)
        env = self.envs[state.env]
        more = self.envs.of(env._replace(claims=env.claims + 1))
        return Edge(("claim", REGIONS[region]), state._replace(parts=parts, env=more), False)

    def _heal(self, state: State) -> Iterator[Edge]:
        if self.pending(state.parts.table)[0]:
            yield from self._partition(state, self.envs[state.env])

    def _partition(self, state: State, env: Env) -> Iterator[Edge]:
        apart, _ = self.pending(state.parts.table)
        if not apart and env.partitions >= self.bounds.partitions:
            return

        def effect() -> None:
            self.twins.table.partitioned = not apart

        parts, _ = self.twins.change(state.parts, "table", 0, ("partition", apart), effect)
        more = self.envs.of(env._replace(partitions=env.partitions + (not apart)))
        yield Edge(("heal" if apart else "partition",), State(parts, *state[1:3], more), apart)

    def _tidy(self, state: State, env: Env) -> Iterator[Edge]:
        """A reconciliation finds somebody to be due, rightly or not."""
        more = self.envs.of(env._replace(chores=env.chores + 1))
        for _, origin in env.people:
            for region in (0, 1):
                busy = sum(self.actors[number].region == region for number in state.actors)
                for verb in self.bounds.tidy if busy < self.bounds.workers else ():
                    after = self._chore(state, region, verb, origin)
                    yield Edge((verb, region, origin), after._replace(env=more), False)

    def _chore(self, state: State, region: int, verb: str, origin: str) -> State:
        holder = self._free_holder(state, region)
        subject, hint = Subject.user(origin), Hint(origin_sub=origin)
        note = changing.asked(verb) if verb in changing.KINDS else ""
        actor = self.actors.of(Actor(region, holder, CHORES[verb], hint, subject, note=note))
        return state._replace(actors=tuple(sorted((*state.actors, actor))))

    def _visit(self, state: State, env: Env) -> Iterator[Edge]:
        more = self.envs.of(env._replace(visits=env.visits + 1))
        for _, origin in env.people:
            for region in (0, 1):
                after = self.with_triggers(state, (Trigger(region, Hint(origin_sub=origin)),))
                if after != state:
                    yield Edge(("visit", region, origin), after._replace(env=more), False)


def describe(model: Model, label: tuple[Any, ...]) -> str:
    """One line of a schedule."""
    match label:
        case ("start", int(number)):
            trigger = model.triggers[number]
            ids = {k: v for k, v in trigger.hint.to_dict().items() if k != "hinted_at"}
            return f"{REGIONS[trigger.region]}: starts on {ids}"
        case (str(kind), int(number)):
            actor = model.actors[number]
            asked = "" if actor.failed else _asked(model, actor)
            return f"{REGIONS[actor.region]} {actor.holder} {actor.step}: {kind} {asked}"
        case _:
            return " ".join(map(str, label))


def _asked(model: Model, actor: Any) -> str:
    call = model.runner.next_of(actor)
    assert isinstance(call, Call)
    return f"{call.port}.{call.method}({', '.join(map(_brief, call.args))})"


def _brief(value: Any) -> str:
    match value:
        case Subject():
            return value.id[:8]
        case Draft():
            state = "tombstone" if value.deleted else _brief(value.fields)
            return f"{state} @{value.epoch_number} over {value.expected_revision}"
        case Intent():
            return f"{len(value.base)} -> {len(value.target)} fields"
        case Confirmation():
            return _brief(value.fields) or "absent"
        case dict():
            return " ".join(f"{k}={v[:12]}" for k, v in value.items() if v != "true") or "{}"
        case _:
            return str(value)[:24]
