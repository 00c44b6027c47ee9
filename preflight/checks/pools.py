"""Existing user pools: there, and without triggers that keep replayed users out. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.core.domain.pool_triggers import ADVICE, CONSEQUENCES, bearing_on_replays
from preflight.findings import Finding, Severity

POOLS = "user-pools"


def judge_pool(region: str, pool: str, triggers: Mapping[str, str] | None) -> list[Finding]:
    """`triggers` None: there is no such pool."""
    look = f"aws cognito-idp describe-user-pool --user-pool-id {pool} --region {region}"
    if triggers is None:
        what, consequence = f"there is no user pool {pool}", "Nothing there can be replicated."
        return [Finding(POOLS, region, Severity.WARNS, what, consequence, look)]
    return [
        Finding(
            POOLS,
            region,
            Severity.WARNS,
            f"the user pool {pool} has a trigger {name} of its own ({triggers[name]})",
            f"{CONSEQUENCES[name].capitalize()}.",
            f"{look} --query UserPool.LambdaConfig",
            advice=ADVICE[name],
        )
        for name in bearing_on_replays(triggers)
    ]
