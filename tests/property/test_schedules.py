"""Long random schedules in a bigger world, shrunk when they show something wrong."""

from __future__ import annotations

import os
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import Subject
from tests.property.actors import FAULTS
from tests.property.bounds.sync import ANN, BEN, CYD, GROUP
from tests.property.environment import Model, describe
from tests.property.people import Op
from tests.property.properties import check_rest
from tests.property.states import Bounds, Edge, State
from tests.property.world import WrongError, username_pool

EXAMPLES = int(os.environ.get("STANDBY_SCHEDULES", "10"))
MANY = max(EXAMPLES, 160)
_LIMIT = 3_000
"""Steps to a rest, when chosen at random among what the system does by itself."""

_ADDRESSES = ("ann@x.org", "ben@x.org", "Cyd@x.org", "free@x.org")
_PALETTE = tuple(
    op
    for region in (0, 1)
    for person in ("ann", "ben", "cyd", "dan")
    for op in (
        *(Op(region, "email", person, address) for address in _ADDRESSES),
        *(Op(region, "sign up", person, address) for address in _ADDRESSES[2:]),
        Op(region, "set", person, "v"),
        Op(region, "set", person, "w", "nickname"),
        Op(region, "delete", person),
        Op(region, "disable", person),
        Op(region, "enable", person),
        Op(region, "join", person, "g"),
        Op(region, "leave", person, "g"),
    )
)


def _bounds(name: str, **settings_: object) -> Bounds:
    return Bounds(
        name,
        (_PALETTE,) * 7,
        (ANN, BEN, CYD, GROUP),
        claims=2,
        faults=5,
        kinds=(*FAULTS, "ghost", "unsure"),
        strays=1,
        expiries=2,
        partitions=2,
        visits=3,
        workers=4,
        contain=True,
        **settings_,  # type: ignore[arg-type]
    )


MODELS = {
    "addresses": Model(_bounds("addresses")),
    "aliases": Model(_bounds("aliases", pool=username_pool())),
}


@cache
def _start(name: str) -> Any:
    return MODELS[name].start()


Label = tuple[Any, ...]

_choices = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 199)), max_size=160)


_SETTINGS = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_any_schedule = given(st.sampled_from(sorted(MODELS)), _choices, st.integers(0, 2**16))


@_SETTINGS
@_any_schedule
def test_any_schedule_ends_well(name: str, choices: list[tuple[int, int]], seed: int) -> None:
    ends_well(name, choices, seed)


@pytest.mark.full
@settings(_SETTINGS, max_examples=MANY)
@_any_schedule
def test_any_of_many_schedules_ends_well(
    name: str, choices: list[tuple[int, int]], seed: int
) -> None:
    ends_well(name, choices, seed)


def ends_well(name: str, choices: list[tuple[int, int]], seed: int) -> None:
    model, state = MODELS[name], _start(name)
    schedule: list[Label] = []
    for kind, number in choices:
        edges = [edge for edge in model.steps(state) if edge.state != state]
        world = [edge for edge in edges if not edge.system]
        state = _take(
            model, state, _pick(world if kind == 0 and world else edges, number), schedule
        )
    try:
        rest = _rest(model, state, Random(seed), schedule)
        event("a conflict for a human" if rest is None else "at rest")
        if rest is not None:
            check_rest(model, rest)
    except WrongError as error:
        steps = "\n".join(describe(model, label) for label in schedule)
        raise AssertionError(f"{error}\n{steps}") from error


def _pick(edges: list[Edge], number: int) -> Edge | None:
    return edges[number % len(edges)] if edges else None


def _take(model: Model, state: State, edge: Edge | None, schedule: list[Label]) -> State:
    if edge is None:
        return state
    schedule.append(edge.label)
    return edge.state


def _rest(model: Model, state: State, random: Random, schedule: list[Label]) -> State | None:
    """Let the system run, in any order, until it has nothing to do."""
    for _ in range(_LIMIT):
        edges = [edge for edge in model.quiet_steps(state) if edge.state != state]
        if not edges:
            return state
        state = _take(model, state, random.choice(edges), schedule)
    if _contested(model, state):
        return None
    raise WrongError("it does not come to rest")


def _contested(model: Model, state: State) -> bool:
    """Whether two living users have one address, signed up or taken on either side of a
    partition: a conflict for a human, until when one of them waits."""
    model.twins.look(state.parts, "table", 0)
    origins = [origin for _, origin in model.envs[state.env].people]
    for store in model.twins.stores:
        winners = (resolve(store.read(Subject.user(origin))[0]) for origin in origins)
        held = [w.state.get("attr:email", "").casefold() for w in winners if w and w.state]
        if len(set(held)) < len(held):
            return True
    return False
