"""Settings of a pool that exclude each other. Pure.

Sources: API reference, SetUserPoolMfaConfig, CreateUserPool, SignInPolicyType. The texts are AWS's,
as measured by the maintainers of cdkd and Floci (August 2026) and reported to Terraform's provider;
where none was found the docstring says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cognito_rules.factors import CONTACT_OF, ONE_TIME, First, Mfa, PoolFactors, Second

FACTOR_BLOCKS = {
    "SmsMfaConfiguration": Second.SMS,
    "SoftwareTokenMfaConfiguration": Second.TOKEN,
    "EmailMfaConfiguration": Second.EMAIL,
}
LITE = "LITE"
VERIFYING_PASSKEYS = "MULTI_FACTOR_WITH_USER_VERIFICATION"


def mfa_refusal(pool: PoolFactors, params: Mapping[str, Any], *, own_sender: bool) -> str:
    """Why SetUserPoolMfaConfig is refused, or "".

    A mode that is not given is OFF, and the presence of a factor's block counts, not its value.
    `own_sender`: Cognito sends the pool's mails itself.
    """
    mode = Mfa(params.get("MfaConfiguration") or Mfa.OFF)
    blocks = [factor for name, factor in FACTOR_BLOCKS.items() if params.get(name) is not None]
    if mode is Mfa.OFF:
        text = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
        return text if blocks else ""
    if not blocks:
        return (
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be "
            "enabled."
        )
    passkeys = params.get("WebAuthnConfiguration") or {}
    verifying = passkeys.get("FactorConfiguration") == VERIFYING_PASSKEYS
    refusal = _required(pool, verifying=verifying) if mode is Mfa.ON else ""
    return refusal or _recovery(pool, blocks) or _sender(blocks, own_sender=own_sender)


def policy_refusal(factors: tuple[First, ...], mfa: Mfa) -> str:
    """Why a pool cannot have these `AllowedFirstAuthFactors`, or ""."""
    if factors and First.PASSWORD not in factors:
        return "PASSWORD should be configured as one of the allowed first auth factors."
    return _one_time_codes(factors) if mfa is Mfa.ON else ""


def plan_refusal(params: Mapping[str, Any], tier: str, firsts: tuple[First, ...]) -> str:
    """A setting that the feature plan LITE does not have, or "" (our text).

    API reference, SignInPolicyType, EmailMfaConfigType; guide, "Pre token generation Lambda
    trigger": versions 2 and 3 need Essentials or Plus.
    """
    config = (params.get("LambdaConfig") or {}).get("PreTokenGenerationConfig") or {}
    lacking = {
        "Access Token Customization": config.get("LambdaVersion") in ("V2_0", "V3_0"),
        "Choice Based Sign-In": bool(set(firsts) - {First.PASSWORD}),
        "Email MFA": params.get("EmailMfaConfiguration") is not None,
    }
    names = ", ".join(name for name, wanted in lacking.items() if wanted)
    if tier != LITE or not names:
        return ""
    return f"The following features are not available in the {LITE} pricing tier: {names}"


def triggers_refusal(config: Mapping[str, Any]) -> str:
    """API reference, LambdaConfigType: the two fields of PreTokenGeneration name one function."""
    first = config.get("PreTokenGeneration")
    second = (config.get("PreTokenGenerationConfig") or {}).get("LambdaArn")
    if first and second and first != second:
        return "PreTokenGeneration and PreTokenGenerationConfig must have the same LambdaArn."
    return ""


def _required(pool: PoolFactors, *, verifying: bool) -> str:
    if First.WEB_AUTHN in pool.firsts and not verifying:
        return (
            "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and "
            "WebAuthn is an allowed first auth factor"
        )
    return _one_time_codes(pool.firsts)


def _one_time_codes(factors: tuple[First, ...]) -> str:
    if not set(factors) & set(ONE_TIME):
        return ""
    return (
        "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is "
        "enabled"
    )


def _recovery(pool: PoolFactors, blocks: list[Second]) -> str:
    """A factor cannot be the only way of recovery, too (text: of SMS reported, of e-mail by
    analogy; Terraform's users report the refusal)."""
    for factor in blocks:
        contact = CONTACT_OF.get(factor)
        if contact and pool.recovery == (contact,):
            name = "SMS" if factor is Second.SMS else "Email"
            return (
                "Invalid account recovery setting parameter. Account Recovery Setting cannot use "
                f"verified_{contact} as a recovery mechanism when {name} MFA is configured."
            )
    return ""


def _sender(blocks: list[Second], *, own_sender: bool) -> str:
    """Guide, "SMS and email message MFA": e-mail MFA needs the pool's own SES (our text)."""
    if Second.EMAIL in blocks and own_sender:
        return "Email MFA requires an email configuration of DEVELOPER."
    return ""
