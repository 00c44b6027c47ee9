"""What a restore is estimated to take: floors, jobs, dollars, units."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.operator.domain import seeding
from cognito_standby.reconciliation.domain import prices
from cognito_standby.recovery.domain import restore_estimate as estimate
from cognito_standby.recovery.domain.restore_estimate import (
    Crowd,
    Strategy,
    estimates,
    jobs_of,
    minutes_if_all_come,
    minutes_of_jobs,
)
from cognito_standby.replication.services.pace import requests_of

ALL = Crowd(500_000, 500_000)


def test_the_requests_are_those_of_a_first_filling_and_of_the_line() -> None:
    assert estimate.CALLS_TO_CREATE == seeding.CALLS_TO_CREATE
    assert {estimate.CALLS_TO_JOIN: 1} == seeding.CALLS_TO_JOIN
    fields = {"present": "true", "enabled": "true", "username": "ann"}
    for extra, expected in (
        ({}, estimate.CALLS_TO_CONFIRM),
        ({"group:a": "true"}, {**estimate.CALLS_TO_COMPLETE, estimate.CALLS_TO_JOIN: 1}),
    ):
        record = Record(Subject.user("a"), "r", 1, 1, {**fields, **extra})
        assert requests_of(record, None, imported=True) == expected


def test_minutes_of_half_a_million() -> None:
    alone = estimates(Crowd(500_000), DEFAULTS, 1.0)[Strategy.ADMIN]
    assert (round(alone.minutes), alone.bottleneck) == (278, "UserAccountRecovery")
    costs = estimates(ALL, DEFAULTS, 0.5)
    admin, jobs = costs[Strategy.ADMIN], costs[Strategy.IMPORT]
    assert (round(admin.minutes), round(admin.floor), admin.bottleneck) == (667, 333, "UserUpdate")
    assert (round(jobs.minutes), round(jobs.floor)) == (1000, 500)
    assert jobs.bottleneck == "UserResourceRead"
    for rates, expected in (
        (DEFAULTS, (278, "UserRead")),
        ({**DEFAULTS, "UserRead": 240.0}, (245, "import jobs")),
    ):
        quick = estimates(Crowd(500_000), rates, 1.0)[Strategy.IMPORT]
        assert (round(quick.minutes), quick.bottleneck) == expected
    assert costs[Strategy.ON_DEMAND].minutes == 0
    assert round(minutes_if_all_come(500_000, DEFAULTS)) == 556


def test_a_restore_by_jobs_takes_its_steps_one_after_the_other() -> None:
    jobs = 500_000 / estimate.IMPORTED_A_SECOND / 60
    naming, confirming = 2 * 500_000 / 120 / 60, 500_000 / 50 / 0.5 / 60
    alone = minutes_of_jobs(Crowd(500_000), Crowd(500_000), DEFAULTS, 0.5)
    assert round(alone) == round(naming + jobs + confirming)
    half = minutes_of_jobs(Crowd(500_000), Crowd(250_000), DEFAULTS, 0.5)
    others = (3 + 2) * 250_000 / 120 / 0.5 / 60
    assert round(half) == round((naming + jobs) / 2 + others)


def test_jobs_have_so_many_rows_and_so_many_bytes() -> None:
    assert [jobs_of(users, 100) for users in (0, 1, 500_000, 500_001)] == [0, 1, 1, 2]
    assert jobs_of(500_000, 16_000) == 77


def test_dollars_are_of_the_price_list() -> None:
    costs = estimates(ALL, DEFAULTS, 1.0)
    for strategy in (Strategy.ADMIN, Strategy.IMPORT):
        assert costs[strategy].users_usd == prices.active_users_usd(500_000)
    assert costs[Strategy.ON_DEMAND].users_usd == prices.active_users_usd(0)
    more = costs[Strategy.IMPORT].usd - costs[Strategy.ADMIN].usd
    assert more == pytest.approx(500_000 * 4 * prices.STATE_TRANSITION)


def test_each_figure_has_a_unit() -> None:
    told = estimates(ALL, DEFAULTS, 0.5)[Strategy.ADMIN].told()
    assert ("requests, UserRead", 1_500_000, "requests") in told
    assert ("time, decided by UserUpdate", 666.7, "minutes") in told
    assert {unit for _, _, unit in told} == {"requests", "minutes", "jobs", "users", "USD"}


@pytest.mark.parametrize("share", [0.0, -1.0, 1.1])
def test_a_share_is_above_none_and_at_most_all(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        estimates(ALL, DEFAULTS, share)


def test_nobody_costs_nothing() -> None:
    for cost in estimates(Crowd(0), DEFAULTS, 1.0).values():
        assert (cost.minutes, cost.jobs, cost.active_users, cost.usd) == (0, 0, 0, 0)
        assert cost.requests == {}
