"""What a pool's settings say of getting in: channels, factors, and what excludes what. Pure.

Sources: API reference, SetUserPoolMfaConfig, AccountRecoverySettingType, SignInPolicyType,
AdminSetUserMFAPreference, AdminGetUserAuthFactors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """Where a code can go: the attribute's name."""

    EMAIL = "email"
    PHONE = "phone_number"


class Factor(StrEnum):
    """A second factor, as UserMFASettingList names it."""

    TOTP = "SOFTWARE_TOKEN_MFA"
    SMS = "SMS_MFA"
    EMAIL = "EMAIL_OTP"


PASSKEY = "WEB_AUTHN"
"""A first factor that is somebody's own, as AdminGetUserAuthFactors names it."""

CODES_GO_TO = {Factor.EMAIL: Channel.EMAIL, Factor.SMS: Channel.PHONE}
"""Factors that an administrator can turn on: the others hold a secret of the person's."""


class MfaMode(StrEnum):
    """Cognito's MfaConfiguration."""

    OFF = "OFF"
    OPTIONAL = "OPTIONAL"
    ON = "ON"


class FirstFactor(StrEnum):
    """Cognito's AllowedFirstAuthFactors."""

    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a factor
    EMAIL_OTP = "EMAIL_OTP"
    SMS_OTP = "SMS_OTP"
    WEB_AUTHN = "WEB_AUTHN"


@dataclass(frozen=True)
class SignInRules:
    """What a pool's settings say of getting in.

    recovery      channels of a password reset; none: only administrators reset
    factors       second factors that the pool offers
    first_factors what begins a sign-in
    exclusive     a second factor's channel resets no password. False where the pool has no
                  AccountRecoverySetting: then the older behaviour asks nobody (API reference,
                  AccountRecoverySettingType; CDK's AccountRecovery.PHONE_AND_EMAIL, which leaves
                  the setting out to allow it)
    """

    recovery: tuple[Channel, ...] = (Channel.PHONE, Channel.EMAIL)
    mfa: MfaMode = MfaMode.OFF
    factors: frozenset[Factor] = frozenset()
    first_factors: frozenset[FirstFactor] = frozenset({FirstFactor.PASSWORD})
    exclusive: bool = True

    @property
    def offers_codes(self) -> bool:
        """Whether a one-time code can begin a sign-in."""
        return bool(self.first_factors & {FirstFactor.EMAIL_OTP, FirstFactor.SMS_OTP})

    @property
    def offers_passkeys(self) -> bool:
        """Whether a passkey can."""
        return FirstFactor.WEB_AUTHN in self.first_factors
