"""The estimate follows what the benches count, and what has no figure costs nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_standby.operator.domain import cost
from cognito_standby.operator.domain.cost import ACTIVE_USERS, Source, UsageError, Use, estimate
from cognito_standby.reconciliation.domain import prices
from tests.bench.calls import count_calls

USE = Use(500_000, 5_000)


def test_a_change_takes_the_requests_that_the_bench_counts() -> None:
    counted = [each for each in count_calls() if each.change == "attribute"]
    assert sum(each.transitions for each in counted) == cost.TRANSITIONS_A_CHANGE
    assert sum(each.calls.total() for each in counted) == cost.CALLS_A_CHANGE
    reads = writes = 0
    for each in counted:
        for call, number in each.calls.items():
            reads += number * (call in ("dynamodb.BatchGetItem", "dynamodb.GetItem"))
            writes += number * (call in ("dynamodb.UpdateItem", "dynamodb.PutItem"))
    assert (reads, writes) == (cost.READS_A_CHANGE, cost.WRITES_A_CHANGE)


def test_who_changes_ten_times_is_billed_once() -> None:
    assert estimate(Use(10, 1_000)).active_in_standby == pytest.approx(10)
    assert estimate(Use(1_000_000, 1)).active_in_standby == pytest.approx(30, abs=0.01)
    lite = estimate(replace(USE, plan="Lite")).of(ACTIVE_USERS)
    rate = prices.ACTIVE_USER["Essentials"] / prices.ACTIVE_USER["Lite"]
    assert estimate(USE).of(ACTIVE_USERS) == pytest.approx(lite * rate)


def test_what_a_run_really_cost_takes_the_models_place() -> None:
    found = estimate(USE, {"us-east-1": 0.5})
    runs = {line.item: line for line in found.lines if line.part == cost.RECONCILIATION}
    measured = runs["runs of us-east-1"]
    assert measured.usd == pytest.approx(15)
    assert measured.source is Source.MEASURED
    assert runs["runs"].number == cost.DAYS, "the other Region has no report yet"
    both = estimate(USE, {"us-east-1": 0.5, "us-west-2": 0.25})
    assert both.of(cost.RECONCILIATION) == pytest.approx(22.5)


def test_an_empty_pool_costs_what_stands_and_its_runs() -> None:
    found = estimate(Use(0, 0))
    assert found.of(cost.CHANGES) == found.of(ACTIVE_USERS) == found.of(cost.SIGN_INS) == 0
    assert found.usd == pytest.approx(found.of(cost.STANDING) + found.of(cost.RECONCILIATION))


@given(
    st.builds(
        Use,
        users=st.integers(0, 10**8),
        changes_a_day=st.floats(0, 10**7),
        runs_a_day=st.floats(0, 24),
        memberships=st.integers(0, 10**8),
        sign_ins_a_day=st.floats(0, 10**8),
        plan=st.sampled_from(sorted(prices.ACTIVE_USER)),
        share=st.floats(0.05, 1),
    )
)
def test_more_of_anything_never_costs_less(use: Use) -> None:
    found = estimate(use)
    assert all(line.usd >= 0 for line in found.lines)
    assert found.active_in_standby <= use.users + 1e-6
    for more in (
        replace(use, changes_a_day=use.changes_a_day * 2 + 1),
        replace(use, runs_a_day=use.runs_a_day + 1),
        replace(use, memberships=use.memberships + 1000),
        replace(use, sign_ins_a_day=use.sign_ins_a_day + 1000),
        replace(use, share=use.share / 2),
    ):
        assert estimate(more).usd >= found.usd - 1e-9


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"users": -1}, "users cannot be below 0"),
        ({"changes_a_day": -0.5}, "changes a day cannot be below 0"),
        ({"plan": "Gold"}, "plan 'Gold' is none of"),
        ({"share": 0.0}, "share"),
        ({"share": 1.5}, "share"),
    ],
)
def test_what_no_pool_can_have_is_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Use(**{"users": 1, "changes_a_day": 1, **wrong})  # type: ignore[arg-type]
