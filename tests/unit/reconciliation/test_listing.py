"""Listing: nobody is lost, whatever the pages and tokens are like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.reconciliation.domain.work_items import WorkItem
from cognito_standby.reconciliation.ports import ListingExpiredError, PoolListing, UserPage
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.planning import plan_listing
from tests.twins.pool.listing import HostileListing, Hostility
from tests.twins.pool.quota import Category, Quotas
from tests.unit.reconciliation.crowd import everybody, filled, listed, opened
from tests.unit.reconciliation.stage import SETTINGS, stage
from tests.unit.world import World


def test_a_worker_puts_its_work_down_in_time_and_another_goes_on() -> None:
    at = filled(1500)
    at.settings = replace(SETTINGS, least_users=10_000)
    at.seconds, at.rates = 10.0, {"UserList": 1.0}
    run = opened(at)
    item = WorkItem.from_dict(at.items(plan_listing(at.context(), run, 0).items_file)[0])
    began = at.clock.now()
    part = list_part(at.context(), run, item)
    assert not part.done
    assert 0 < part.users < 1500
    assert (at.clock.now() - began).total_seconds() <= 10
    at.list_all(run)
    assert sorted(listed(at, run)) == everybody(at)


def test_throttling_slows_a_run_and_never_fails_it() -> None:
    at = filled(1500)
    at.side.pool.quotas = Quotas(at.clock, {**dict.fromkeys(Category, 5.0), Category.USER_LIST: 2})
    at.rates = {"UserList": 30.0, "UserPoolResourceRead": 5.0, "UserPoolRead": 5.0}
    run = opened(at)
    at.list_all(run)
    assert at.side.pool.meter.throttled["ListUsers"] > 0
    assert sorted(listed(at, run)) == everybody(at)
    plan_comparison(at.context(), run)
    assert at.context().store(run).totals().failed == ()


def test_a_share_of_the_quota_is_kept() -> None:
    at = filled(1500)
    at.side.pool.quotas = Quotas(at.clock)
    at.rates = {"UserList": 3.0, "UserPoolResourceRead": 5.0, "UserPoolRead": 5.0}
    run = opened(at)
    began = at.clock.now()
    at.list_all(run)
    calls = at.side.pool.meter.calls["ListUsers"]
    seconds = (at.clock.now() - began).total_seconds()
    assert not at.side.pool.meter.throttled
    workers = len(at.context().store(run).parts()) + 2  # each one's first request is free
    assert (calls - workers) / 3.0 <= seconds <= calls / 3.0


class _Broken:
    """A listing of which one method is replaced."""

    def __init__(self, real: PoolListing, call: Callable[[str, str], UserPage]) -> None:
        self._real, self._call = real, call

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def list_users(self, prefix: str, token: str) -> UserPage:
        return self._call(prefix, token)


def test_an_old_token_begins_the_item_anew() -> None:
    at = filled(300)
    at.settings = replace(SETTINGS, least_users=10_000)
    at.seconds, at.rates = 8.0, {"UserList": 1.0}
    run = opened(at)
    item = WorkItem.from_dict(at.items(plan_listing(at.context(), run, 0).items_file)[0])
    list_part(at.context(), run, item)
    at.pass_time(minutes=51)
    at.list_all(run)
    assert sorted(listed(at, run)) == everybody(at)
    assert any("/g1-" in name for name in at.files.bodies)


def test_a_listing_that_expires_every_time_is_named_and_the_rest_goes_on() -> None:
    at = filled(1500)
    real = at.listing

    def call(prefix: str, token: str) -> UserPage:
        if prefix.startswith("3") and token:
            raise ListingExpiredError
        return real.list_users(prefix, token)

    at.listing = _Broken(real, call)  # type: ignore[assignment]
    run = opened(at)
    at.list_all(run)
    plan_comparison(at.context(), run)
    totals = at.context().store(run).totals()
    assert any(prefix.startswith("3") for prefix in totals.not_listed)
    assert "refused" in totals.failed[0]
    missed = set(everybody(at)) - set(listed(at, run))
    assert all(sub.startswith(totals.not_listed) for sub in missed)
    assert len(set(listed(at, run))) > 1200


def test_a_worker_that_never_comes_on_is_named_and_the_rest_goes_on() -> None:
    at = filled(1500)
    real = at.listing

    def call(prefix: str, token: str) -> UserPage:
        if prefix.startswith("3") and at.runs and "now" in broken:
            raise ServiceUnavailableError("a time-out")
        return real.list_users(prefix, token)

    broken: set[str] = set()
    at.listing = _Broken(real, call)  # type: ignore[assignment]
    run = opened(at)
    plan_listing(at.context(), run, 0)
    broken.add("now")
    at.list_all(run)
    plan_comparison(at.context(), run)
    assert "came no further in 3 rounds" in at.context().store(run).totals().failed[0]


def test_a_worker_that_came_on_before_a_fault_keeps_what_it_has() -> None:
    at = filled(300)
    at.settings = replace(SETTINGS, least_users=10_000)
    real, calls = at.listing, [0]

    def call(prefix: str, token: str) -> UserPage:
        calls[0] += 1
        if calls[0] % 3 == 0:
            raise ServiceUnavailableError("a time-out")
        return real.list_users(prefix, token)

    at.listing = _Broken(real, call)  # type: ignore[assignment]
    run = opened(at)
    at.list_all(run)
    assert sorted(listed(at, run)) == everybody(at)


def test_groups_are_listed_to_the_last_member() -> None:
    world = World()
    for number in range(7):
        world.primary.pool.create_group(PoolGroup(f"g{number}"))
    for number in range(130):
        world.sign_up(f"u{number}", {"email": f"u{number}@x.org"})
        world.primary.pool.admin_add_user_to_group(f"u{number}", f"g{number % 3}")
    at = stage(world, world.primary)
    judgement, _ = at.compare()
    assert (judgement.tally.groups, judgement.tally.memberships) == (7, 130)


@pytest.mark.parametrize("seed", range(6))
def test_a_hostile_listing_loses_nobody(seed: int) -> None:
    at = filled(600)
    how = Hostility(empty=0.1, short=0.3, shuffled=0.5, repeated=0.2, expired=0.01)
    at.listing = HostileListing(at.listing, how, Random(seed))
    run = opened(at)
    at.list_all(run)
    plan_comparison(at.context(), run)
    totals = at.context().store(run).totals()
    missed = set(everybody(at)) - set(listed(at, run))
    assert all(sub.startswith(totals.not_listed) for sub in missed) if missed else True
    assert totals.failed or not missed


def test_pages_in_circles_are_left() -> None:
    at = filled(300)
    at.settings = replace(SETTINGS, least_users=10_000)
    real = at.listing

    def call(prefix: str, token: str) -> UserPage:
        page = real.list_users(prefix, "")
        return UserPage(page.users, page.token or "again")

    at.listing = _Broken(real, call)  # type: ignore[assignment]
    run = opened(at)
    at.list_all(run)
    plan_comparison(at.context(), run)
    assert "circles" in at.context().store(run).totals().failed[0]


def test_groups_are_listed_although_one_operation_has_a_quarter_of_its_category() -> None:
    world = World()
    for number in range(700):
        world.primary.pool.create_group(PoolGroup(f"g{number}"))
    at = stage(world, world.primary, item_groups=50)
    at.side.pool.quotas = Quotas(at.clock)
    at.rates = {"UserList": 30.0, "UserPoolResourceRead": 20.0, "UserPoolRead": 15.0}
    judgement, _ = at.compare()
    assert at.side.pool.meter.throttled["ListGroups"] > 0
    assert (judgement.tally.groups, judgement.not_listed) == (700, ())
