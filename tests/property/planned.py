"""Planned failovers: Regions stand down, drain, take over and open again by the very services that
the machines call. Claims in an outage are here, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cognito_standby.core.domain import roles
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.recovery.domain.requests import (
    FailoverMode,
    FailoverRequest,
    StandDownRequest,
)
from cognito_standby.recovery.domain.steps import Step
from cognito_standby.recovery.domain.surveys import Seen
from cognito_standby.recovery.services import claiming, surveying
from tests.property.states import Edge, Env, State
from tests.property.world import REGIONS
from tests.twins.stores.claims import InMemoryClaimItems, InMemoryRecordSurvey
from tests.twins.stores.records import GlobalTable

if TYPE_CHECKING:
    from tests.property.environment import Model

PLANNED, OUTAGE = FailoverRequest(FailoverMode.PLANNED), FailoverRequest(FailoverMode.OUTAGE)


def claim(table: GlobalTable, region: str) -> None:
    """A claim in an outage."""
    _claimed(table, region, OUTAGE)


def door_is_open(model: Model, state: State, region: int) -> bool:
    """Whether the fence lets people in, who sees the claims of its own replica."""
    model.twins.look(state.parts, "table", 0)
    active = model.twins.stores[region].read_active()
    return roles.door_of(REGIONS[region], active, None, REGIONS[0]).is_open


def steps(model: Model, state: State) -> Iterator[Edge]:
    """What can be done towards a planned failover: draining and taking over come by themselves."""
    env, bounds = model.envs[state.env], model.bounds
    for region, name in enumerate(REGIONS):
        table = model.twins.look(state.parts, "table", 0)
        standing = InMemoryClaimItems(table, name).standing()
        own = standing.own_or_implicit
        if not standing.active:
            most = 1 + bounds.planned + bounds.claims  # claims, however a rule is broken
            fresh = standing.claims.highest().number < most
            if fresh and _may_take_over(model, state, region, table):
                yield _edge(model, state, "take over", region, lambda t, n: _claimed(t, n, PLANNED))
            continue
        more = env._replace(downs=env.downs + 1)
        if not own.stood_down and env.downs < bounds.planned:
            yield _edge(model, state, "stand down", region, _mark, more)
        if own.stood_down and own.drained is None and _calm(model, state, region):
            yield _edge(model, state, "drain", region, _drain)
        more = env._replace(aborts=env.aborts + 1)
        if own.stood_down and env.aborts < bounds.aborts:
            yield _edge(model, state, "abort", region, _reopen, more)


def _may_take_over(model: Model, state: State, region: int, table: GlobalTable) -> bool:
    plan = claiming.plan_failover(InMemoryClaimItems(table, REGIONS[region]), PLANNED, "")
    if plan.next.step is not Step.SURVEY or not _calm(model, state, region):
        return False
    seen = _survey(table, REGIONS[region], plan.standing.other)
    return surveying.has_arrived(seen, plan.wanted)


def _calm(model: Model, state: State, region: int) -> bool:
    """As `settle_region` sees it: nothing runs, no hint waits, no failure is left."""
    running = any(model.actors[number].region == region for number in state.actors)
    waiting = any(model.triggers[number].region == region for number in state.triggers)
    return not running and not waiting


def _survey(table: GlobalTable, region: str, of: str) -> Seen:
    pages = InMemoryRecordSurvey(table, region)
    return surveying.survey(pages, of, "", Seen(), left=lambda: 1.0)[0]


def _claimed(table: GlobalTable, region: str, request: FailoverRequest) -> None:
    highest: Epoch | None = _survey(table, region, region).highest
    claiming.claim_region(InMemoryClaimItems(table, region), request, "", highest)


def _mark(table: GlobalTable, region: str) -> None:
    _stand_down(table, region, draining=False)


def _drain(table: GlobalTable, region: str) -> None:
    _stand_down(table, region, draining=True)


def _stand_down(table: GlobalTable, region: str, *, draining: bool) -> None:
    other = table.installation.other(region)
    drained = _survey(table, region, region).tally if draining else None
    request = StandDownRequest(other)
    items = InMemoryClaimItems(table, region)
    claiming.stand_down(items, request, drained)


def _reopen(table: GlobalTable, region: str) -> None:
    claiming.reopen(InMemoryClaimItems(table, region))


def _edge(
    model: Model,
    state: State,
    what: str,
    region: int,
    act: Callable[[GlobalTable, str], None],
    counted: Env | None = None,
) -> Edge:
    """`counted`: what the environment has done with it; None: it comes by itself."""

    def effect() -> None:
        act(model.twins.table, REGIONS[region])

    parts, _ = model.twins.change(state.parts, "table", 0, (what, region), effect)
    env = state.env if counted is None else model.envs.of(counted)
    return Edge((what, REGIONS[region]), state._replace(parts=parts, env=env), counted is None)
