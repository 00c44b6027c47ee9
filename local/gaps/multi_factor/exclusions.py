"""A layer: settings of a pool that exclude each other are refused (`cognito_rules.exclusions`).

A mode that SetUserPoolMfaConfig is not given is OFF, and OFF takes the factors' settings away
(measured by the maintainers of cdkd and Floci).
"""

from __future__ import annotations

from dataclasses import replace

from local.cognito_factors import allowed_firsts, pool_factors
from local.cognito_rules.exclusions import (
    FACTOR_BLOCKS,
    mfa_refusal,
    plan_refusal,
    policy_refusal,
    triggers_refusal,
)
from local.cognito_rules.factors import Mfa
from local.cognito_store import CognitoStore, Pool
from local.gateway import Forward
from local.protocol import Call, Reply

_SETS, _CREATES, _UPDATES = "SetUserPoolMfaConfig", "CreateUserPool", "UpdateUserPool"


class ExclusiveSettings:
    """Looks at the three operations that set what a pool offers."""

    def __init__(self, store: CognitoStore) -> None:
        self._store = store

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Refuse, or let the call happen."""
        if call.operation not in (_SETS, _CREATES, _UPDATES):
            return await forward(call)
        pool = self._store.pool_of(call) if call.operation != _CREATES else None
        firsts = allowed_firsts(call.params)
        unavailable = plan_refusal(call.params, _tier(call, pool), firsts)
        if unavailable:
            return Reply.refusal("FeatureUnavailableInTierException", unavailable)
        if call.operation == _SETS:
            return await self._set(call, pool, forward)
        held = pool.setting("MfaConfiguration") if pool else None
        mode = Mfa(call.params.get("MfaConfiguration") or held or Mfa.OFF)
        refusal = policy_refusal(firsts, mode)
        refusal = refusal or triggers_refusal(call.params.get("LambdaConfig") or {})
        if refusal:
            return Reply.refusal("InvalidParameterException", refusal)
        return await forward(call)

    @staticmethod
    async def _set(call: Call, pool: Pool | None, forward: Forward) -> Reply:
        if pool is None:
            return await forward(call)
        sending = (pool.setting("EmailConfiguration") or {}).get("EmailSendingAccount")
        offers = pool_factors(pool.raw)
        refusal = mfa_refusal(offers, call.params, own_sender=sending != "DEVELOPER")
        if refusal:
            return Reply.refusal("InvalidParameterException", refusal)
        mode = call.params.get("MfaConfiguration") or Mfa.OFF
        gone = dict.fromkeys(FACTOR_BLOCKS) if mode == Mfa.OFF else {}
        params = {**call.params, "MfaConfiguration": str(mode), **gone}
        return await forward(replace(call, params=params))


def _tier(call: Call, pool: Pool | None) -> str:
    """A plan that is not given stays, or is Essentials (API reference, CreateUserPool)."""
    held = pool.setting("UserPoolTier") if pool else None
    return str(call.params.get("UserPoolTier") or held or "ESSENTIALS")
