"""Settings of a pool that exclude each other. Pure.

Sources: API reference, SetUserPoolMfaConfig, CreateUserPool, SignInPolicyType. The texts are AWS's,
as measured by the maintainers of cdkd and Floci (August 2026) and reported to Terraform's provider;
where none was found the docstring says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cognito_rules.factors import CONTACT_OF, ONE_TIME, First, Mfa, PoolFactors, Second
from local.cognito_rules.refusals import CognitoError, invalid

FACTOR_BLOCKS = {
    "SmsMfaConfiguration": Second.SMS,
    "SoftwareTokenMfaConfiguration": Second.TOKEN,
    "EmailMfaConfiguration": Second.EMAIL,
}
LITE = "LITE"
VERIFYING_PASSKEYS = "MULTI_FACTOR_WITH_USER_VERIFICATION"


def check_mfa(pool: PoolFactors, params: Mapping[str, Any], *, own_sender: bool) -> None:
    """SetUserPoolMfaConfig. InvalidParameterException.

    A mode that is not given is OFF, and the presence of a factor's block counts, not its value.
    `own_sender`: Cognito sends the pool's mails itself.
    """
    mode = Mfa(params.get("MfaConfiguration") or Mfa.OFF)
    blocks = [factor for name, factor in FACTOR_BLOCKS.items() if params.get(name) is not None]
    if mode is Mfa.OFF:
        if blocks:
            raise invalid(
                "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
            )
        return
    if not blocks:
        raise invalid(
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be "
            "enabled."
        )
    passkeys = params.get("WebAuthnConfiguration") or {}
    verifying = passkeys.get("FactorConfiguration") == VERIFYING_PASSKEYS
    if mode is Mfa.ON:
        _check_required(pool, verifying=verifying)
    _check_recovery(pool, blocks)
    if Second.EMAIL in blocks and own_sender:
        # Guide, "SMS and email message MFA": e-mail MFA needs the pool's own SES. Our text.
        raise invalid("Email MFA requires an email configuration of DEVELOPER.")


def check_policy(factors: tuple[First, ...], mfa: Mfa) -> None:
    """`AllowedFirstAuthFactors`. InvalidParameterException."""
    if factors and First.PASSWORD not in factors:
        raise invalid("PASSWORD should be configured as one of the allowed first auth factors.")
    if mfa is Mfa.ON:
        _check_no_codes(factors)


def check_plan(params: Mapping[str, Any], tier: str, firsts: tuple[First, ...]) -> None:
    """The feature plan LITE lacks settings. FeatureUnavailableInTierException (our text).

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
    if tier == LITE and names:
        text = f"The following features are not available in the {LITE} pricing tier: {names}"
        raise CognitoError("FeatureUnavailableInTierException", text)


def check_triggers(config: Mapping[str, Any]) -> None:
    """API, LambdaConfigType: the two fields of PreTokenGeneration name one function.
    InvalidParameterException (our text)."""
    first = config.get("PreTokenGeneration")
    second = (config.get("PreTokenGenerationConfig") or {}).get("LambdaArn")
    if first and second and first != second:
        text = "PreTokenGeneration and PreTokenGenerationConfig must have the same LambdaArn."
        raise invalid(text)


def _check_required(pool: PoolFactors, *, verifying: bool) -> None:
    if First.WEB_AUTHN in pool.firsts and not verifying:
        raise invalid(
            "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and "
            "WebAuthn is an allowed first auth factor"
        )
    _check_no_codes(pool.firsts)


def _check_no_codes(factors: tuple[First, ...]) -> None:
    if set(factors) & set(ONE_TIME):
        raise invalid(
            "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA "
            "is enabled"
        )


def _check_recovery(pool: PoolFactors, blocks: list[Second]) -> None:
    """A factor cannot be the only way of recovery, too (text: of SMS reported, of e-mail by
    analogy; Terraform's users report the refusal)."""
    for factor in blocks:
        contact = CONTACT_OF.get(factor)
        if contact and pool.recovery == (contact,):
            name = "SMS" if factor is Second.SMS else "Email"
            raise invalid(
                "Invalid account recovery setting parameter. Account Recovery Setting cannot use "
                f"verified_{contact} as a recovery mechanism when {name} MFA is configured."
            )
