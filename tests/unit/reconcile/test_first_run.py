"""A schedule fires as soon as it is made: it fills no pool that nobody asked to fill."""

from __future__ import annotations

import json

import pytest

from cognito_standby.domain.run_request import run_request
from cognito_standby.services.reconcile.opening import waits_for_somebody
from tests.unit.reconcile.crowd import filled


def test_a_pool_with_users_waits_for_a_person() -> None:
    assert waits_for_somebody(filled(3).context())


def test_a_pool_that_is_still_empty_waits_for_nobody() -> None:
    assert not waits_for_somebody(filled(0).context())


@pytest.mark.parametrize("content", [json.dumps({"users": 0}), "no JSON"])
def test_a_pool_that_was_compared_once_waits_no_more(content: str) -> None:
    stage = filled(3)
    pool = stage.side.context.user_pool_id
    stage.files.write(f"runs/pools/{pool}.json", content.encode(), "application/json")
    assert not waits_for_somebody(stage.context())


def test_only_a_schedule_says_that_it_is_one() -> None:
    assert run_request({"scheduled": True}).scheduled
    assert not run_request({}).scheduled
