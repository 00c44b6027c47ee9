"""The part of the config about second factors and one-time codes of created pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from cognito_standby.core.domain.after_failover import AfterFailover
from stacks.config.messages import Email, Sms
from stacks.config.parts import ConfigPart
from stacks.config.sign_in import SignIn
from stacks.config.triggers import Plan

SecondFactor = Literal["sms", "email", "totp"]
Code = Literal["email", "sms"]
Policy = Literal["reset", "otp", "as_in_source"]

AWS_NAMES: Mapping[SecondFactor, str] = {
    "sms": "SMS_MFA",
    "email": "EMAIL_OTP",
    "totp": "SOFTWARE_TOKEN_MFA",
}
FIRST_FACTORS: Mapping[Code, str] = {"email": "EMAIL_OTP", "sms": "SMS_OTP"}
_CONTACT_OF = {"email": "email", "sms": "phone_number"}


class Factors(ConfigPart):
    """What created pools ask for beside, or instead of, a password."""

    mfa: Literal["off", "optional", "required"] = Field(
        default="off", description="Whether a second factor is asked for. Both pools."
    )
    second: tuple[SecondFactor, ...] = Field(
        default=(),
        description="Second factors that both pools offer. `sms` needs `sms`; `email` needs "
        "`email` and not the plan lite.",
    )
    codes: tuple[Code, ...] = Field(
        default=(),
        description="One-time codes as first factor in the primary Region's pool; what the backup "
        "Region's offers `after_failover` says. Not with MFA that is required, nor on lite.",
    )


def codes_in(
    factors: Factors, policy: Policy, known_by: SignIn, *, primary: bool
) -> tuple[str, ...]:
    """Cognito's names of the codes that a Region's created pool takes as first factor."""
    codes: tuple[Code, ...] = factors.codes
    if not primary:
        match AfterFailover(policy):
            case AfterFailover.RESET:
                codes = ()
            case AfterFailover.OTP:
                codes = factors.codes or _possible(known_by)
            case AfterFailover.AS_IN_SOURCE:
                pass
    return tuple(FIRST_FACTORS[code] for code in codes)


def check_factors(
    factors: Factors,
    policy: Policy,
    known_by: SignIn,
    plan: Plan | None,
    *,
    creates: bool,
    email: Email | None,
    sms: Sms | None,
) -> None:
    """ValueError: Cognito has no such pool, or the policy asks for what the pool cannot do."""
    if not creates:
        if factors != Factors():
            raise ValueError(
                "factors are for created pools; existing ones keep their own: remove them"
            )
        return
    if (factors.mfa == "off") != (not factors.second):
        raise ValueError("factors: mfa that is not off needs factors.second, and they need it")
    if policy == "otp":
        _check_otp(factors, plan)
    _check_codes(factors, plan)
    _check_second(factors, known_by, plan, email)
    needed = {"sms"} & {*factors.second, *factors.codes}
    if needed and sms is None:
        raise ValueError("factors: codes go to phones, so sms is needed")


def _check_otp(factors: Factors, plan: Plan | None) -> None:
    if factors.mfa == "required":
        raise ValueError(
            "after_failover otp: a one-time code as first factor excludes MFA, and factors.mfa "
            "requires it; take reset or as_in_source, or make mfa optional"
        )
    if plan == "lite":
        raise ValueError(
            "after_failover otp: one-time codes need the plan essentials or plus, not lite"
        )


def _check_codes(factors: Factors, plan: Plan | None) -> None:
    if not factors.codes:
        return
    if factors.mfa == "required":
        raise ValueError("factors: codes exclude MFA, which mfa requires")
    if plan == "lite":
        raise ValueError("factors: codes need the plan essentials or plus, not lite")


def _check_second(
    factors: Factors, known_by: SignIn, plan: Plan | None, email: Email | None
) -> None:
    for factor in factors.second:
        if factor == "totp":
            continue
        if known_by.contacts == (_CONTACT_OF[factor],):
            # SetUserPoolMfaConfig refuses it: nobody with the factor could recover.
            raise ValueError(
                f"factors.second {factor}: passwords are reset by {_CONTACT_OF[factor]} alone, and "
                "a second factor's channel resets none; let people have another contact (aliases)"
            )
    if "email" in factors.second and plan == "lite":
        raise ValueError("factors.second email needs the plan essentials or plus, not lite")
    if "email" in factors.second and email is None:
        raise ValueError("factors.second email: e-mail MFA needs an SES identity (email)")


def _possible(known_by: SignIn) -> tuple[Code, ...]:
    """By what people are known that a code can go to."""
    codes: tuple[Code, ...] = ("email", "sms")
    return tuple(code for code in codes if _CONTACT_OF[code] in known_by.contacts)
