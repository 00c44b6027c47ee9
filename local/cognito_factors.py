"""The emulator's records of pools and users as the rules of factors see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cognito_rules.exclusions import FACTOR_BLOCKS
from local.cognito_rules.factors import (
    CONTACT_OF,
    First,
    Mfa,
    PoolFactors,
    Second,
    UserFactors,
    blocked_for_recovery,
)
from local.cognito_store import Pool, User

ENABLED, PREFERRED = "_mfa_enabled", "_preferred_mfa"
SECRET, PASSKEYS = "_totp_secret", "_passkeys"
_SMS = "SmsConfiguration"


def pool_factors(pool: Mapping[str, Any]) -> PoolFactors:
    """What a pool offers; a pool that can send SMS offers them as a factor."""
    seconds = {factor for name, factor in FACTOR_BLOCKS.items() if _on(factor, pool.get(name))}
    if pool.get(_SMS):
        seconds.add(Second.SMS)
    return PoolFactors(
        mfa=Mfa(pool.get("MfaConfiguration") or Mfa.OFF),
        seconds=frozenset(seconds),
        firsts=allowed_firsts(pool) or (First.PASSWORD,),
        recovery=_recovery(pool),
    )


def allowed_firsts(settings: Mapping[str, Any]) -> tuple[First, ...]:
    """`AllowedFirstAuthFactors` of a pool or of a request; none where there is no policy."""
    policy = (settings.get("Policies") or {}).get("SignInPolicy") or {}
    return tuple(First(name) for name in policy.get("AllowedFirstAuthFactors") or ())


def user_factors(user: Mapping[str, Any]) -> UserFactors:
    """What a person has."""
    values = {a["Name"]: str(a.get("Value", "")) for a in user.get("Attributes", ())}
    contacts = frozenset(contact for contact in CONTACT_OF.values() if values.get(contact))
    marked = (c for c in contacts if values.get(f"{c}_verified", "").lower() == "true")
    preferred = user.get(PREFERRED)
    return UserFactors(
        enabled=frozenset(Second(name) for name in user.get(ENABLED) or ()),
        preferred=Second(preferred) if preferred else None,
        contacts=contacts,
        verified=frozenset(marked),
        token=bool(user.get(SECRET)),
        password=bool(user.get("_password")),
        passkeys=int(user.get(PASSKEYS) or 0),
        federated=user.get("UserStatus") == "EXTERNAL_PROVIDER",
    )


def blocked(pool: Pool, user: User) -> frozenset[str]:
    """Contacts that recover no password, for they are the person's second factor."""
    held = (pool.raw.get("_users") or {}).get(user.username)
    return blocked_for_recovery(pool_factors(pool.raw), user_factors(held)) if held else frozenset()


def write(user: dict[str, Any], factors: UserFactors) -> None:
    """Note the second factors that a person turned on, and the preferred one."""
    user[ENABLED] = [str(each) for each in Second if each in factors.enabled]
    user[PREFERRED] = str(factors.preferred or "")


def _on(factor: Second, block: Any) -> bool:
    if factor is Second.TOKEN:
        return bool((block or {}).get("Enabled"))
    return block is not None


def _recovery(pool: Mapping[str, Any]) -> tuple[str, ...]:
    setting = (pool.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or ()
    order = sorted(setting, key=lambda one: int(one.get("Priority", 1)))
    return tuple(str(one["Name"]).removeprefix("verified_") for one in order)
