"""A layer: settings of a pool that exclude each other are refused (`cognito_rules.exclusions`).

A mode that SetUserPoolMfaConfig is not given is OFF, and OFF takes the factors' settings away
(measured by the maintainers of cdkd and Floci).
"""

from __future__ import annotations

from dataclasses import replace

from local.cognito_factors import allowed_firsts, pool_factors
from local.cognito_rules.exclusions import (
    FACTOR_BLOCKS,
    check_mfa,
    check_plan,
    check_policy,
    check_triggers,
)
from local.cognito_rules.factors import Mfa
from local.cognito_rules.refusals import CognitoError
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
        try:
            return await forward(_checked(call, pool))
        except CognitoError as refused:
            return Reply.refusal(refused.code, refused.message)


def _checked(call: Call, pool: Pool | None) -> Call:
    """The call as the emulator should see it. CognitoError."""
    firsts = allowed_firsts(call.params)
    check_plan(call.params, _tier(call, pool), firsts)
    if call.operation == _SETS:
        return _setting(call, pool) if pool else call
    held = pool.setting("MfaConfiguration") if pool else None
    check_policy(firsts, Mfa(call.params.get("MfaConfiguration") or held or Mfa.OFF))
    check_triggers(call.params.get("LambdaConfig") or {})
    return call


def _setting(call: Call, pool: Pool) -> Call:
    sending = (pool.setting("EmailConfiguration") or {}).get("EmailSendingAccount")
    check_mfa(pool_factors(pool.raw), call.params, own_sender=sending != "DEVELOPER")
    mode = call.params.get("MfaConfiguration") or Mfa.OFF
    gone = dict.fromkeys(FACTOR_BLOCKS) if mode == Mfa.OFF else {}
    return replace(call, params={**call.params, "MfaConfiguration": str(mode), **gone})


def _tier(call: Call, pool: Pool | None) -> str:
    """A plan that is not given stays, or is Essentials (API reference, CreateUserPool)."""
    held = pool.setting("UserPoolTier") if pool else None
    return str(call.params.get("UserPoolTier") or held or "ESSENTIALS")
