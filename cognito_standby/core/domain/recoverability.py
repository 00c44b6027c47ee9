"""Whether and how somebody gets into a pool without a password that works there. Pure.

No password travels between pools: after a failover people come back by a reset, a one-time code
or their provider, or not at all. The same decision serves one person and a count of all.

Sources: Amazon Cognito developer guide, "Passwords, account recovery, and password policies", "Add
MFA to a user pool", "SMS and email message MFA"; API reference, ForgotPassword,
AccountRecoverySettingType: with the setting "SMS doesn't qualify for a valid password recovery
mechanism if the user also has SMS multi-factor authentication (MFA) activated", nor e-mail where
e-mail MFA is. So a factor that is asked for at sign-in resets no password.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.sign_in import (
    CODES_GO_TO,
    Channel,
    Factor,
    FirstFactor,
    MfaMode,
    SignInRules,
)


class Way(StrEnum):
    """By what they come in."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 - a way in
    ONE_TIME_CODE = "one_time_code"
    PROVIDER = "provider"
    NONE = "none"


class Reason(StrEnum):
    """Why that way, or why there is none."""

    VERIFIED_EMAIL = "verified_email"
    VERIFIED_PHONE = "verified_phone"
    MFA_NEEDS_ENROLMENT = "mfa_needs_enrolment"
    PROVIDER_ONLY = "provider_only"
    PAIRWISE_SUBJECT = "pairwise_subject"
    """They come in by their provider as somebody else, for whom the other pool knows another
    subject."""
    NOT_IN_POOL = "not_in_pool"
    DISABLED = "disabled"
    UNCONFIRMED = "unconfirmed"
    TEMPORARY_PASSWORD = "temporary_password"  # noqa: S105 - a reason
    OPAQUE_STATUS = "opaque_status"
    NO_VERIFIED_CONTACT = "no_verified_contact"
    ONLY_ADMINISTRATORS_RESET = "only_administrators_reset"
    FACTOR_IS_RECOVERY = "factor_is_recovery"
    MFA_CANNOT_BE_ENROLLED = "mfa_cannot_be_enrolled"


@dataclass(frozen=True)
class Standing:
    """What a pool shows of somebody. `reachable`: channels with an address, `verified`: those of
    them whose flag is set; `factors`: second factors that they have there; `linked`: a provider
    lets them in, too; `pairwise`: the one that made them tells each pool another subject."""

    status: UserStatus
    enabled: bool
    reachable: frozenset[Channel] = frozenset()
    verified: frozenset[Channel] = frozenset()
    factors: frozenset[Factor] = frozenset()
    linked: bool = False
    pairwise: bool = False


@dataclass(frozen=True)
class Recoverability:
    """The way in, and why."""

    way: Way
    reason: Reason

    @property
    def possible(self) -> bool:
        """Whether they get in by themselves."""
        return self.way is not Way.NONE


_BLOCKED_BY = {channel: factor for factor, channel in CODES_GO_TO.items()}
_BY_CHANNEL = {Channel.EMAIL: Reason.VERIFIED_EMAIL, Channel.PHONE: Reason.VERIFIED_PHONE}
_CODES = (
    (FirstFactor.EMAIL_OTP, Channel.EMAIL),
    (FirstFactor.SMS_OTP, Channel.PHONE),
)


def recoverability(standing: Standing | None, rules: SignInRules) -> Recoverability:
    """How somebody gets in who has no password that works in this pool; None: not in it."""
    if standing is None:
        return _none(Reason.NOT_IN_POOL)
    if not standing.enabled:
        return _none(Reason.DISABLED)
    match standing.status:
        case UserStatus.UNCONFIRMED:
            return _none(Reason.UNCONFIRMED)
        case UserStatus.FORCE_CHANGE_PASSWORD:
            # ForgotPassword is refused, and nobody knows the temporary password of a replay.
            by_provider = Recoverability(Way.PROVIDER, Reason.PROVIDER_ONLY)
            return by_provider if standing.linked else _none(Reason.TEMPORARY_PASSWORD)
        case UserStatus.ARCHIVED | UserStatus.COMPROMISED | UserStatus.UNKNOWN:
            return _none(Reason.OPAQUE_STATUS)
        case UserStatus.EXTERNAL_PROVIDER:
            pairwise = Reason.PAIRWISE_SUBJECT if standing.pairwise else Reason.PROVIDER_ONLY
            return Recoverability(Way.PROVIDER, pairwise)
        case UserStatus.CONFIRMED | UserStatus.RESET_REQUIRED:
            return _of_local(standing, rules)
        case _ as never:
            assert_never(never)


def locks_out(standing: Standing, factor: Factor, rules: SignInRules) -> bool:
    """Whether nobody who stands so gets in any more once this factor is turned on. Whoever gets in
    by no means is not locked out by it."""
    after = recoverability(replace(standing, factors=standing.factors | {factor}), rules)
    if after.reason is Reason.FACTOR_IS_RECOVERY:
        return True
    return recoverability(standing, rules).possible and not after.possible


def _of_local(standing: Standing, rules: SignInRules) -> Recoverability:
    if FirstFactor.PASSWORD in rules.first_factors:
        by_reset = _by_reset(standing, rules)
        if by_reset.possible:
            return by_reset
        return _by_code(standing, rules) or by_reset
    return _by_code(standing, rules) or _none(Reason.NO_VERIFIED_CONTACT)


def _by_reset(standing: Standing, rules: SignInRules) -> Recoverability:
    if not rules.recovery:
        return _none(Reason.ONLY_ADMINISTRATORS_RESET)
    verified = [channel for channel in rules.recovery if channel in standing.verified]
    if not verified:
        return _none(Reason.NO_VERIFIED_CONTACT)
    asked = _asked(standing, rules) if rules.exclusive else frozenset()
    free = [each for each in verified if _BLOCKED_BY[each] not in asked]
    if not free:
        return _none(Reason.FACTOR_IS_RECOVERY)
    if rules.mfa is MfaMode.ON and not _asked(standing, rules) & rules.factors:
        if not _can_enrol(rules.factors):
            return _none(Reason.MFA_CANNOT_BE_ENROLLED)
        return Recoverability(Way.PASSWORD_RESET, Reason.MFA_NEEDS_ENROLMENT)
    return Recoverability(Way.PASSWORD_RESET, _BY_CHANNEL[free[0]])


def _by_code(standing: Standing, rules: SignInRules) -> Recoverability | None:
    """A code as first factor excludes a second one."""
    if rules.mfa is MfaMode.ON or standing.factors or standing.status is not UserStatus.CONFIRMED:
        return None
    for factor, channel in _CODES:
        if factor in rules.first_factors and channel in standing.verified:
            return Recoverability(Way.ONE_TIME_CODE, _BY_CHANNEL[channel])
    return None


def _asked(standing: Standing, rules: SignInRules) -> frozenset[Factor]:
    """What a sign-in asks for: what somebody has turned on; where MFA is required and nothing is
    turned on, whatever can be used without a set-up ("SMS and email message MFA")."""
    if standing.factors or rules.mfa is not MfaMode.ON:
        return standing.factors
    usable = (each for each, to in CODES_GO_TO.items() if to in standing.reachable)
    return rules.factors & frozenset(usable)


def _can_enrol(factors: Collection[Factor]) -> bool:
    """Whether a factor can be set up on the way in: of a code only the address could be, which
    nobody can add before they are in."""
    return Factor.TOTP in factors


def _none(reason: Reason) -> Recoverability:
    return Recoverability(Way.NONE, reason)
