"""Planning: nobody is lost, whatever the pool's subs are like."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.work_items import WorkItem
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.planning import plan_listing
from tests.unit.reconciliation.crowd import everybody, filled, listed, opened
from tests.unit.reconciliation.stage import SETTINGS


@pytest.mark.parametrize("constant", ["", "3", "a7f", "0123456", "0123456789abc-d"])
@pytest.mark.parametrize("users", [0, 1, 60, 61, 900])
def test_everybody_is_listed_once(users: int, constant: str) -> None:
    at = filled(users, constant=constant[:8])
    run = opened(at)
    at.list_all(run)
    assert sorted(listed(at, run)) == everybody(at)
    plan_comparison(at.context(), run)
    totals = at.context().store(run).totals()
    assert (totals.users, totals.failed) == (users, ())


def test_a_small_pool_is_listed_by_its_probe() -> None:
    at = filled(40)
    run = opened(at)
    assert plan_listing(at.context(), run, 0).done
    assert at.side.pool.meter.calls["ListUsers"] == 1


def test_items_are_of_the_wanted_size() -> None:
    at = filled(2000)
    at.settings = replace(SETTINGS, item_users=200)
    run = opened(at)
    plan = plan_listing(at.context(), run, 0)
    sizes = []
    for raw in at.items(plan.items_file):
        item = WorkItem.from_dict(raw)
        sizes.append(sum(sub.startswith(item.values) for sub in everybody(at)))
    assert 8 <= len(sizes) <= 20
    assert max(sizes) <= 400


def test_a_constant_digit_costs_probes_and_no_evenness() -> None:
    at = filled(1000, constant="abcd")
    at.settings = replace(SETTINGS, item_users=100)
    run = opened(at)
    plan = plan_listing(at.context(), run, 0)
    assert plan.count >= 8
    assert at.side.pool.meter.calls["ListUsers"] <= 1 + 16 * 6


def test_a_round_that_was_planned_is_not_planned_anew() -> None:
    at = filled(1500)
    run = opened(at)
    plan = plan_listing(at.context(), run, 0)
    calls = at.side.pool.meter.calls["ListUsers"]
    assert plan_listing(at.context(), run, 0) == plan
    assert at.side.pool.meter.calls["ListUsers"] == calls


def test_planning_goes_on_where_its_time_ended() -> None:
    at = filled(1500)
    at.settings = replace(SETTINGS, item_users=5)
    at.seconds, at.rates = 20.0, {"UserList": 1.0}
    run = opened(at)
    plans = [plan_listing(at.context(), run, 0)]
    while len(plans) < 40 and json.loads(at.files.bodies[_plan(run, len(plans) - 1)])["to_split"]:
        plans.append(plan_listing(at.context(), run, len(plans)))
    assert len(plans) > 3
    at.seconds, at.rates = 240.0, {}
    at.list_all(run)
    assert sorted(listed(at, run)) == everybody(at)


def _plan(run: Run, number: int) -> str:
    return f"runs/{run.id}/listing/plan-{number:03d}.json"
