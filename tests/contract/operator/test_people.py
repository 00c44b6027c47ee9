"""Contract of People: a pool searched for one person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.pools import PoolGroup, UserStatus
from cognito_standby.core.domain.sign_in import Channel
from cognito_standby.operator.adapters.people import CognitoPeople
from cognito_standby.operator.ports import People
from tests.contract.backends import Pool
from tests.contract.pool.boto_pool import BotoPool
from tests.contract.pools import EMAIL, NEVER, PLAIN, MakePool, create
from tests.twins.operator.people import InMemoryPeople


def people(pool: Pool) -> People:
    if isinstance(pool.api, BotoPool):
        return CognitoPeople(pool.api._client, pool.api.pool_id)
    return InMemoryPeople(pool.api)


def test_by_each_of_their_names(pool: Pool) -> None:
    ann = create(pool.directory, "ann", preferred_username="annie", phone_number="+15550100")
    create(pool.directory, "ben")
    for name in (ann.username, ann.sub, "ann@example.org", "annie", "+15550100"):
        (found,) = people(pool).named(name)
        assert found.user.sub == ann.sub, name
    assert people(pool).named("nobody") == []
    assert people(pool).named(NEVER) == []


def test_a_name_that_no_filter_takes_finds_nobody(pool: Pool) -> None:
    create(pool.directory, "ann")
    for name in ('a"b\\c', "x" * 2000, "a\tb", 'ann" or "x" = "x'):
        assert people(pool).named(name) == [], name


def test_an_address_that_several_have(make_pool: MakePool) -> None:
    pool = make_pool(PLAIN)
    subs = {
        pool.directory.create_user(name, {"email": "team@example.org"}).sub
        for name in ("ann", "ben")
    }
    assert {each.user.sub for each in people(pool).named("team@example.org")} == subs


def test_with_groups_state_and_settings(pool: Pool) -> None:
    ann = create(pool.directory, "ann")
    pool.directory.put_group(PoolGroup("staff"))
    pool.directory.join_group(ann.username, "staff")
    seen = people(pool).by_sub(ann.sub)
    assert seen is not None
    assert (seen.user.status, seen.user.enabled) == (UserStatus.FORCE_CHANGE_PASSWORD, True)
    assert seen.user.groups == ("staff",)
    assert seen.standing.verified == {Channel.EMAIL}
    assert people(pool).by_sub(NEVER) is None
    facts = people(pool).facts()
    assert set(facts.rules.recovery) == set(Channel)
    # Which roles are mapped is told to who writes groups, and nobody writes by this.
    assert facts.schema == replace(pool.directory.schema(), group_roles=frozenset())


@pytest.mark.parametrize("case_sensitive", [False, True])
def test_case_counts_as_in_the_pool(make_pool: MakePool, case_sensitive: bool) -> None:
    pool = make_pool(replace(EMAIL, case_sensitive=case_sensitive))
    create(pool.directory, "ann")
    assert people(pool).facts().case_sensitive is case_sensitive
    assert len(people(pool).named("Ann@Example.org")) == (0 if case_sensitive else 1)
