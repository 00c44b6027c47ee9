"""How a listing is divided among the workers there are."""

from __future__ import annotations

import pytest

from cognito_standby.reconciliation.domain.work_items import WorkPlan
from cognito_standby.reconciliation.services.context import RunSettings
from cognito_standby.reconciliation.services.probing import bundled, item_size


@pytest.mark.parametrize(
    ("items", "most", "width"),
    [(0, 16, 1), (5, 16, 5), (16, 16, 16), (17, 16, 9), (26, 16, 13), (1000, 16, 16), (3, 1, 1)],
)
def test_waves_are_even(items: int, most: int, width: int) -> None:
    assert WorkPlan(done=False, count=items).width(most) == width


@pytest.mark.parametrize(
    ("users", "size"), [(0, 600), (5_000, 600), (100_000, 6_250), (40_000_000, 20_000)]
)
def test_a_pool_is_divided_among_all_workers_as_far_as_it_pays(users: int, size: int) -> None:
    settings = RunSettings(concurrency=16, item_users=20_000, least_users=600)
    assert item_size(settings, users) == size


def test_sixteen_workers_get_a_digit_each() -> None:
    chains = [(digit, 6_250.0) for digit in "0123456789abcdef"]
    assert len(bundled(chains, 6_250.0)) == 16
