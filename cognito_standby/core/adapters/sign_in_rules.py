"""What a pool's settings say of getting in, as Cognito tells them.

Sources: API reference of DescribeUserPool (AccountRecoverySetting, SignInPolicy) and
GetUserPoolMfaConfig.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_standby.core.domain.sign_in import (
    Channel,
    Factor,
    FirstFactor,
    MfaMode,
    SignInRules,
)

_CHANNELS = {"verified_email": Channel.EMAIL, "verified_phone_number": Channel.PHONE}
_OFFERED = {
    "SmsMfaConfiguration": Factor.SMS,
    "SoftwareTokenMfaConfiguration": Factor.TOTP,
    "EmailMfaConfiguration": Factor.EMAIL,
}

_FIRST = frozenset(each.value for each in FirstFactor)


def sign_in_rules(pool: Mapping[str, Any], mfa: Mapping[str, Any]) -> SignInRules:
    """Of what DescribeUserPool and GetUserPoolMfaConfig answer."""
    policy = (pool.get("Policies") or {}).get("SignInPolicy") or {}
    first = [each for each in policy.get("AllowedFirstAuthFactors") or () if each in _FIRST]
    offered = {factor for name, factor in _OFFERED.items() if _is_on(mfa.get(name))}
    return SignInRules(
        recovery=_recovery(pool),
        mfa=MfaMode(mfa.get("MfaConfiguration") or pool.get("MfaConfiguration") or "OFF"),
        factors=frozenset(offered),
        first_factors=frozenset(map(FirstFactor, first or ("PASSWORD",))),
        exclusive=bool((pool.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms")),
    )


def _recovery(pool: Mapping[str, Any]) -> tuple[Channel, ...]:
    """In the order of their priority; not set: by SMS before mail (AccountRecoverySetting)."""
    told = (pool.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or ()
    if not told:
        return (Channel.PHONE, Channel.EMAIL)
    ordered = sorted(told, key=lambda each: int(each.get("Priority", 1)))
    return tuple(_CHANNELS[each["Name"]] for each in ordered if each["Name"] in _CHANNELS)


def _is_on(told: Any) -> bool:
    """A factor is configured: its block is there, be it empty; of the authenticator apps it is told
    whether they are enabled."""
    return told is not None and told.get("Enabled", True) is True
