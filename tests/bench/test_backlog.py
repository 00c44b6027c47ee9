"""The backlog at its smallest, for outcomes."""

from __future__ import annotations

from cognito_standby.core.domain.quotas import DEFAULTS
from stacks.config.replay import QUOTA_SHARE, SMALL_ACCOUNT_SHARE
from tests.bench.backlog import Backlog

CHANGES = 600


def test_a_backlog_drains_near_the_floor_and_refuses_nobody() -> None:
    figures = Backlog(CHANGES, QUOTA_SHARE).run()
    assert figures.given_up == 0
    assert figures.sign_ups > CHANGES / DEFAULTS["UserUpdate"], "the app was there all the time"
    assert figures.sign_ups_refused == 0
    assert not figures.refused
    # A turn is waited for in whole seconds, of which so small a backlog has few.
    assert figures.ratio > 0.88, figures
    assert figures.calls["AdminListGroupsForUser"] == CHANGES
    assert figures.calls["AdminGetUser"] == 3 * CHANGES


def test_without_a_line_cognito_refuses_most() -> None:
    backlog = Backlog(CHANGES, 1000.0)
    assert sum(backlog.run().refused.values()) > CHANGES


def test_a_small_account_is_left_most_of_its_concurrency() -> None:
    figures = Backlog(CHANGES // 4, SMALL_ACCOUNT_SHARE).run()
    assert figures.seconds > figures.changes / 5, "five a second"
    assert not figures.refused
