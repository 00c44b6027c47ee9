"""Who comes to the pool that is filled on demand, and when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import ATTRIBUTE, Subject
from cognito_standby.replication.services import on_demand
from tests.property.actors import Actor
from tests.property.on_demand import HERE, MEET
from tests.property.states import Edge, State
from tests.property.world import REGIONS

if TYPE_CHECKING:
    from tests.property.environment import Model


def comings(model: Model, state: State) -> Iterator[Edge]:
    """Somebody comes whom the pool does not know by the name that they were last known by."""
    env = model.envs[state.env]
    more = model.envs.of(env._replace(comings=env.comings + 1))
    for _, origin in env.people:
        name = _name(model, state, origin)
        pool = model.twins.look(state.parts, "pool", HERE)
        if not name or pool._accounts.find(name) is not None:
            continue
        holder = on_demand.holder_of(f"c{env.comings}").removesuffix("#0")
        known = {"name": name, "origin": _let_in(model, env.people, origin)}
        actor = Actor(HERE, holder, MEET, Hint(), note=json.dumps(known))
        actors = tuple(sorted((*state.actors, model.actors.of(actor))))
        yield Edge(("comes", REGIONS[HERE], origin), State(*state[:2], actors, more), False)


def _let_in(model: Model, people: Iterable[tuple[str, str]], origin: str) -> str:
    """Whom the former pool knows by the name of somebody."""
    others = (each for _, each in people if each != origin)
    return next(others, origin) if model.bounds.misnamed else origin


def _name(model: Model, state: State, origin: str) -> str:
    model.twins.look(state.parts, "table", 0)
    winner = resolve(model.twins.stores[HERE].read(Subject.user(origin))[0])
    return winner.fields.get(ATTRIBUTE + "email", "") if winner else ""
