"""A layer: settings of a pool that exclude each other are refused (`cognito_rules.pool_settings`).

A mode that SetUserPoolMfaConfig is not given is OFF, and OFF takes the factors' settings away
(measured by the maintainers of cdkd and Floci).
"""

from __future__ import annotations

from dataclasses import replace

from local.cognito_factors import allowed_firsts, pool_factors
from local.cognito_rules.factors import Mfa
from local.cognito_rules.pool_settings import FACTOR_BLOCKS, mfa_refusal, policy_refusal
from local.cognito_store import CognitoStore
from local.gateway import Forward
from local.protocol import Call, Reply

_SETS, _CREATES, _UPDATES = "SetUserPoolMfaConfig", "CreateUserPool", "UpdateUserPool"


class PoolSettings:
    """Looks at the three operations that set factors."""

    def __init__(self, store: CognitoStore) -> None:
        self._store = store

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Refuse, or let the call happen."""
        if call.operation == _SETS:
            return await self._set(call, forward)
        if call.operation in (_CREATES, _UPDATES):
            refusal = self._policy(call)
            if refusal:
                return Reply.refusal("InvalidParameterException", refusal)
        return await forward(call)

    async def _set(self, call: Call, forward: Forward) -> Reply:
        pool = self._store.pool_of(call)
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

    def _policy(self, call: Call) -> str:
        pool = self._store.pool_of(call) if call.operation == _UPDATES else None
        held = pool.setting("MfaConfiguration") if pool else None
        mode = Mfa(call.params.get("MfaConfiguration") or held or Mfa.OFF)
        return policy_refusal(allowed_firsts(call.params), mode)
