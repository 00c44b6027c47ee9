"""Which factors a sign-in asks for. Pure.

Sources: Amazon Cognito developer guide, "Adding MFA to a user pool", "SMS and email message MFA",
"Authentication flows"; API reference, SetUserPoolMfaConfig, AdminSetUserMFAPreference,
AccountRecoverySettingType, SignInPolicyType, GetUserAuthFactors. Where the service was measured by
others, the docstring says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from local.cognito_rules.refusals import invalid


class Mfa(StrEnum):
    """A pool's `MfaConfiguration`."""

    OFF = "OFF"
    OPTIONAL = "OPTIONAL"
    ON = "ON"


class Second(StrEnum):
    """Second factors, by their challenges, in the order in which they are offered."""

    SMS = "SMS_MFA"
    TOKEN = "SOFTWARE_TOKEN_MFA"  # noqa: S105 - a challenge's name
    EMAIL = "EMAIL_OTP"


class First(StrEnum):
    """First factors, as `AllowedFirstAuthFactors` and GetUserAuthFactors name them."""

    PASSWORD = "PASSWORD"  # noqa: S105 - a factor's name
    PASSWORD_SRP = "PASSWORD_SRP"  # noqa: S105 - a challenge's name; PASSWORD allows it
    EMAIL_OTP = "EMAIL_OTP"
    SMS_OTP = "SMS_OTP"
    WEB_AUTHN = "WEB_AUTHN"
    SOFTWARE_TOKEN = "SOFTWARE_TOKEN"  # noqa: S105 - told of, never asked for first


CONTACT_OF = {Second.SMS: "phone_number", Second.EMAIL: "email"}
ONE_TIME = {First.EMAIL_OTP: "email", First.SMS_OTP: "phone_number"}
SETUP, SELECT = "MFA_SETUP", "SELECT_MFA_TYPE"


@dataclass(frozen=True)
class PoolFactors:
    """What a pool offers.

    seconds   second factors that are configured
    firsts    `AllowedFirstAuthFactors`; PASSWORD alone where no policy was given
    recovery  contacts by which passwords are recovered, in order; none: no setting was given
    """

    mfa: Mfa = Mfa.OFF
    seconds: frozenset[Second] = frozenset()
    firsts: tuple[First, ...] = (First.PASSWORD,)
    recovery: tuple[str, ...] = ()


@dataclass(frozen=True)
class UserFactors:
    """What one person has.

    enabled   second factors that were turned on, by the person or an administrator
    preferred one of them, or None
    contacts  `email`, `phone_number`: those that are there
    verified  those of them that are verified
    token     an authenticator was registered and verified
    federated comes through a provider and has no way of its own
    """

    enabled: frozenset[Second] = frozenset()
    preferred: Second | None = None
    contacts: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()
    token: bool = False
    password: bool = True
    passkeys: int = 0
    federated: bool = False


@dataclass(frozen=True)
class Asked:
    """What follows a password: a challenge's name, and what can be chosen or set up there."""

    challenge: str = ""
    choices: tuple[Second, ...] = ()


def active(pool: PoolFactors, user: UserFactors) -> tuple[Second, ...]:
    """The second factors that a sign-in asks of this person, in order.

    Where MFA is optional, those that were turned on. Where it is required and nothing was turned
    on, whatever can be used at once: an address or a number needs no set-up ("SMS and email message
    MFA"), and a registered authenticator is asked for.
    """
    if pool.mfa is Mfa.OFF or user.federated:
        return ()
    found = user.enabled
    if pool.mfa is Mfa.ON and not found:
        found = frozenset(each for each in pool.seconds if usable(each, user))
    return tuple(each for each in Second if each in found)


def usable(factor: Second, user: UserFactors) -> bool:
    """Whether the person has what the factor needs; an address need not be verified."""
    contact = CONTACT_OF.get(factor)
    return contact in user.contacts if contact else user.token


def second_factor(pool: PoolFactors, user: UserFactors) -> Asked:
    """The challenge after a right password; none: tokens follow.

    API reference, AdminSetUserMFAPreference: the preferred factor, else, of several, a challenge to
    choose one. Guide, "Adding MFA": where it is required, who has none is asked to set one up.
    """
    factors = active(pool, user)
    if user.preferred in factors:
        return Asked(str(user.preferred))
    if len(factors) > 1:
        return Asked(SELECT, factors)
    if factors:
        return Asked(str(factors[0]))
    if pool.mfa is Mfa.ON:
        return Asked(SETUP, tuple(each for each in Second if each in pool.seconds))
    return Asked()


def first_factors(pool: PoolFactors, user: UserFactors) -> tuple[First, ...]:
    """What USER_AUTH offers a person (`AvailableChallenges`).

    Guide, "Authentication flows": a one-time code as first factor excludes MFA, so that whoever has
    a second factor is offered passwords alone, and so is everybody where MFA is required.
    Guide, "Adding MFA": who comes through a provider is asked by the provider alone.
    """
    offered: list[First] = []
    if user.federated:
        return ()
    if First.PASSWORD in pool.firsts and user.password:
        offered += [First.PASSWORD, First.PASSWORD_SRP]
    if pool.mfa is Mfa.ON or active(pool, user):
        return tuple(offered)
    for code, contact in ONE_TIME.items():
        if code in pool.firsts and contact in user.verified:
            offered.append(code)
    if First.WEB_AUTHN in pool.firsts and user.passkeys:
        offered.append(First.WEB_AUTHN)
    return tuple(offered)


def configured(user: UserFactors) -> tuple[First, ...]:
    """`ConfiguredUserAuthFactors`: what the person has, whatever the pool allows (measured by the
    maintainers of Floci on AWS)."""
    found = {
        First.PASSWORD: user.password,
        First.EMAIL_OTP: "email" in user.verified,
        First.SMS_OTP: "phone_number" in user.verified,
        First.WEB_AUTHN: user.passkeys > 0,
        First.SOFTWARE_TOKEN: user.token,
    }
    return tuple(factor for factor, there in found.items() if there)


def listed(pool: PoolFactors, user: UserFactors) -> tuple[Second, ...]:
    """`UserMFASettingList`: what was turned on, and a registered authenticator where MFA is
    required (measured by Floci's maintainers)."""
    token = pool.mfa is Mfa.ON and user.token
    shown = user.enabled | ({Second.TOKEN} if token else set())
    return tuple(each for each in Second if each in shown)


def blocked_for_recovery(pool: PoolFactors, user: UserFactors) -> frozenset[str]:
    """Contacts that recover no password because they are the person's second factor.

    API reference, AccountRecoverySettingType and CreateUserPool (AccountRecoverySetting): with the
    setting SMS does not qualify for whoever has SMS MFA, nor e-mail for whoever has e-mail MFA;
    without it the older behaviour asks nobody.
    """
    if not pool.recovery:
        return frozenset()
    return frozenset(CONTACT_OF[each] for each in active(pool, user) if each in CONTACT_OF)


def check_preference(
    pool: PoolFactors, user: UserFactors, wanted: Mapping[Second, Mapping[str, object]]
) -> None:
    """What a pool's settings refuse of (Admin)SetUserMFAPreference. InvalidParameterException.

    API reference, SMSMfaSettingsType and SoftwareTokenMfaSettingsType: where MFA is required, SMS
    MFA and TOTP MFA cannot be turned off; EmailMfaSettingsType says nothing of that kind. Guide,
    "Adding MFA to a user pool": a pool with MFA off asks nobody, so that a factor that it does not
    offer cannot be turned on (that it is refused, and the texts, are readings of ours).
    """
    for factor, settings in wanted.items():
        if settings.get("Enabled") and factor not in pool.seconds:
            raise invalid(f"{factor} is not enabled for the user pool.")
        turned_off = settings.get("Enabled") is False and factor in user.enabled
        if pool.mfa is Mfa.ON and turned_off and factor is not Second.EMAIL:
            raise invalid(f"{factor} cannot be turned off where MFA is required.")


def preferring(user: UserFactors, wanted: Mapping[Second, Mapping[str, object]]) -> UserFactors:
    """The person after a call of (Admin)SetUserMFAPreference. InvalidParameterException.

    What is not given stays. The first text is as users of the service report it; that two
    preferences, or one for a factor that is off, are refused was measured by Floci's maintainers.
    """
    enabled, preferred = set(user.enabled), user.preferred
    chosen: list[Second] = []
    for factor, settings in wanted.items():
        if settings.get("Enabled") and not usable(factor, user):
            raise invalid(f"User does not have delivery config set to turn on {factor}")
        if settings.get("Enabled"):
            enabled.add(factor)
        elif settings.get("Enabled") is False:
            enabled.discard(factor)
        if settings.get("PreferredMfa"):
            chosen.append(factor)
        elif settings.get("PreferredMfa") is False and preferred is factor:
            preferred = None
    if len(chosen) > 1:
        raise invalid("Only one MFA method can be preferred.")
    preferred = chosen[0] if chosen else preferred
    if chosen and preferred not in enabled:
        raise invalid(f"{preferred} is not activated and cannot be preferred.")
    kept = preferred if preferred in enabled else None
    return replace(user, enabled=frozenset(enabled), preferred=kept)
