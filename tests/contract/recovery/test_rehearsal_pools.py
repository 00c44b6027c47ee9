"""The pools of an account, as a rehearsal makes, finds, fills and removes them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.domain.errors import RefusedByPoolError
from cognito_standby.core.ports import UserDirectory
from cognito_standby.recovery.adapters.rehearsal_pools import CognitoRehearsalPools
from cognito_standby.recovery.domain.rehearsal_marks import TAG
from cognito_standby.recovery.domain.rehearsal_pool import client_of
from cognito_standby.recovery.ports import RehearsalPools
from tests.contract.backends import AwsBackend, Backend
from tests.twins.clock import ManualClock
from tests.twins.rehearsal_pools import STANDBY, PoolsOfAccount

PASSWORD = "Aa1!" + "x" * 20
OURS = {TAG: "alpha"}


@pytest.fixture
def pools(backend: Backend) -> RehearsalPools:
    if not isinstance(backend, AwsBackend):
        return PoolsOfAccount(ManualClock(), "alpha")
    return CognitoRehearsalPools(backend._client("cognito-idp"))


def directory(pools: RehearsalPools, pool: str) -> UserDirectory:
    if isinstance(pools, PoolsOfAccount):
        return pools.directory(pool)
    assert isinstance(pools, CognitoRehearsalPools)
    return CognitoUserDirectory(pools._client, pool)


def made(pools: RehearsalPools, **more: object) -> tuple[str, str]:
    name = f"alpha-drill-{uuid4().hex[:12]}"
    asked = {n: STANDBY[n] for n in ("UserPoolTier", "UsernameConfiguration", "Schema")}
    return name, pools.create({**asked, "PoolName": name, "UserPoolTags": OURS, **more})


def test_a_pool_is_found_by_its_name_and_gone_for_good(pools: RehearsalPools) -> None:
    name, pool = made(pools)
    (seen,) = pools.named(name)
    assert (seen.id, seen.name, dict(seen.tags or {})) == (pool, name, OURS)
    assert not seen.protected
    assert pools.look(pool) == seen
    assert pools.describe(pool)["Name"] == name
    assert pools.named(name + "x") == []
    pools.delete(pool)
    pools.delete(pool)
    assert pools.look(pool) is None
    assert pools.named(name) == []


def test_a_protected_one_is_refused(pools: RehearsalPools) -> None:
    _, pool = made(pools, DeletionProtection="ACTIVE")
    seen = pools.look(pool)
    assert seen
    assert seen.protected
    with pytest.raises(RefusedByPoolError):
        pools.delete(pool)


def test_whoever_is_enabled_signs_in_and_nobody_else(pools: RehearsalPools) -> None:
    _, pool = made(pools)
    client = pools.create_client(pool, client_of(pools.describe(pool)))
    users = directory(pools, pool)
    given = {"email": "success+1@simulator.amazonses.com", "email_verified": "true"}
    user = users.create_user("ann", {**given, "custom:plan": "gold"})
    users.set_permanent_password(user.username, PASSWORD)
    told = pools.sign_in(pool, client, "ann", PASSWORD)
    assert told.asked == ""
    assert (told.claims["sub"], told.claims["custom:plan"]) == (user.sub, "gold")
    assert told.claims["email_verified"] is True
    assert pools.sign_in(pool, client, "ann", "Aa1!wrong").asked == "NotAuthorizedException"
    users.set_enabled(user.username, False)
    assert pools.sign_in(pool, client, "ann", PASSWORD).asked == "NotAuthorizedException"
