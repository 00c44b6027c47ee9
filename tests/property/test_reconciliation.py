"""Reconciliation over random worlds: it misses nothing, and where nothing is wrong it does
nothing."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.hints import Hint
from cognito_standby.reconciliation.domain.reconciliation import Housekeeping, Suspect
from cognito_standby.replication.services.look import identify
from tests.property.reconcile_world import (
    POOL_ACTS,
    SYSTEM_ACTS,
    VANDAL_ACTS,
    Act,
    Playground,
    quiet,
)
from tests.unit.world import Side

EXAMPLES = int(os.environ.get("STANDBY_WORLDS", "8"))
MANY = max(EXAMPLES, 60)
_all = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_few = settings(_all, max_examples=min(EXAMPLES, 3))
_many = settings(_all, max_examples=MANY)
_numbers = st.integers(0, 7)


def _acts(*kinds: str) -> st.SearchStrategy[list[Act]]:
    return st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(kinds), _numbers, _numbers), max_size=25
    )


_any_acts = given(_acts(*POOL_ACTS, *SYSTEM_ACTS, *VANDAL_ACTS))
_harmless_acts = given(_acts(*POOL_ACTS, *SYSTEM_ACTS))


def _played(acts: list[Act], *, on_demand: bool = False) -> Playground:
    playground = Playground(on_demand=on_demand)
    for act in acts:
        playground.act(act)
    for side in playground.sides:
        side.context.clock.advance(600)  # type: ignore[attr-defined]
    return playground


def _keys(side: Side, suspects: list[Suspect]) -> set[str]:
    """Whom the visits are about."""
    return {
        suspect.key or identify(side.context, Hint(local_sub=suspect.local_sub)).key
        for suspect in suspects
    }


@_all
@_any_acts
def test_whoever_a_sync_would_act_on_is_a_suspect(acts: list[Act]) -> None:
    whoever_a_sync_would_act_on_is_a_suspect(acts)


@_all
@_harmless_acts
def test_at_rest_nothing_is_found_and_nothing_written(acts: list[Act]) -> None:
    at_rest_nothing_is_found_and_nothing_written(acts)


@_all
@_any_acts
def test_visits_heal_and_remove_nobody(acts: list[Act]) -> None:
    visits_heal_and_remove_nobody(acts)


@_few
@_any_acts
def test_both_where_people_are_awaited(acts: list[Act]) -> None:
    both_where_people_are_awaited(acts)


@pytest.mark.full
@_many
@_any_acts
def test_both_where_people_are_awaited_in_many_worlds(acts: list[Act]) -> None:
    both_where_people_are_awaited(acts)


def both_where_people_are_awaited(acts: list[Act]) -> None:
    """In a pool that is filled on demand, by what SYNC says of it."""
    whoever_a_sync_would_act_on_is_a_suspect(acts, on_demand=True)
    harmless = [act for act in acts if act[1] not in VANDAL_ACTS]
    at_rest_nothing_is_found_and_nothing_written(harmless, on_demand=True)


@pytest.mark.full
@_many
@_any_acts
def test_whoever_a_sync_would_act_on_is_a_suspect_in_many_worlds(acts: list[Act]) -> None:
    whoever_a_sync_would_act_on_is_a_suspect(acts)


@pytest.mark.full
@_many
@_harmless_acts
def test_at_rest_nothing_is_found_and_nothing_written_in_many_worlds(acts: list[Act]) -> None:
    at_rest_nothing_is_found_and_nothing_written(acts)


@pytest.mark.full
@_many
@_any_acts
def test_visits_heal_and_remove_nobody_in_many_worlds(acts: list[Act]) -> None:
    visits_heal_and_remove_nobody(acts)


def whoever_a_sync_would_act_on_is_a_suspect(acts: list[Act], *, on_demand: bool = False) -> None:
    playground = _played(acts, on_demand=on_demand)
    for stage in playground.stages:
        side = stage.side
        _, suspects = stage.dry_run()
        known = _keys(side, suspects)
        hints = {key: {"origin_sub": key} for key in playground.keys(side)}
        for account in list(side.pool._accounts):
            key = identify(side.context, Hint(local_sub=account.sub)).key
            hints.setdefault(key, {"local_sub": account.sub})
        for key, hint in hints.items():
            if playground.would_change(side, hint):
                event("a sync would act")
                assert key in known, (key, suspects)


def at_rest_nothing_is_found_and_nothing_written(
    acts: list[Act], *, on_demand: bool = False
) -> None:
    playground = _played(acts, on_demand=on_demand)
    playground.everything()
    for stage in playground.stages:
        side = stage.side
        side.context.clock.advance(600)  # type: ignore[attr-defined]
        unsettled = {
            row.subject.key
            for row in side.ledger.rows()
            if playground.would_change(side, {"origin_sub": row.subject.key})
            or row.state in ("failed", "applying")
        }
        before = playground.state(side)
        _, suspects = stage.compare()
        left = [s for s in suspects if not isinstance(s.kind, Housekeeping)]
        event(f"{len(unsettled)} unsettled")
        assert {suspect.key for suspect in left} <= unsettled
        assert playground.state(side) == before


def visits_heal_and_remove_nobody(acts: list[Act]) -> None:
    playground = _played(acts)
    for _ in range(6):
        found = 0
        for stage in playground.stages:
            _, suspects = stage.compare()
            drift = [s for s in suspects if not isinstance(s.kind, Housekeeping)]
            found += len(drift)
            for suspect in drift:
                hint = {"origin_sub": suspect.key} if suspect.key else {}
                before = set(stage.side.pool._accounts._by_sub)
                playground.run(stage.side, hint or {"local_sub": suspect.local_sub})
                for gone in before - set(stage.side.pool._accounts._by_sub):
                    assert not playground.lives(stage.side, gone)
            playground.world.table.replicate_all()
        if not found:
            event("healed")
            return
    _left_for_a_reason(playground)


def _left_for_a_reason(playground: Playground) -> None:
    """What is left is what SYNC itself does not bring to rest."""
    for stage in playground.stages:
        _, suspects = stage.compare()
        for suspect in suspects:
            if isinstance(suspect.kind, Housekeeping):
                continue
            with quiet():
                hint = {"origin_sub": suspect.key} if suspect.key else {}
                answer = playground.run(stage.side, hint or {"local_sub": suspect.local_sub})
            event("left")
            assert answer is None, suspect
