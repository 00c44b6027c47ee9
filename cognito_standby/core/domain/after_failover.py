"""How people come in after a failover, and what follows from it: an explicit policy. Pure.

A one-time code as first factor excludes MFA: a pool that requires MFA cannot offer it, and whoever
has a second factor cannot use it (API reference, SignInPolicyType; developer guide, "Authentication
flows"). So the pool of the backup Region is for one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import assert_never

from cognito_standby.core.domain.sign_in import MfaMode, SignInRules


class AfterFailover(StrEnum):
    """What the backup Region's pool is to offer."""

    RESET = "reset"
    OTP = "otp"
    AS_IN_SOURCE = "as_in_source"

    @property
    def carries_factors(self) -> bool:
        """Whether replays turn on second factors in the backup Region's pool."""
        return self is not AfterFailover.OTP


def carries_factors(policy: AfterFailover, region: str, *, primary_region: str) -> bool:
    """Whether replays turn on second factors in the pool of a Region: people who come home to the
    primary find what they had."""
    return region == primary_region or policy.carries_factors


def consequences(policy: AfterFailover) -> tuple[str, ...]:
    """What an operator has chosen, each as one sentence."""
    match policy:
        case AfterFailover.RESET:
            return (
                'People come back by "forgot password", 15 a second at most in an account '
                "(UserAccountRecovery, not adjustable).",
                "Second factors by SMS and mail are carried, unless they would lock somebody out "
                "of recovery; authenticator apps and passkeys are set up again.",
                "A created pool of the backup Region offers no one-time codes.",
            )
        case AfterFailover.OTP:
            return (
                "People sign in by a one-time code to a verified address: the mailbox or the "
                "number alone opens the account.",
                "No second factor is carried to the backup Region, and the records keep them for "
                "the way home; whoever sets one up there needs a password from then on.",
                "The backup Region's pool must not require MFA, and needs the plan Essentials or "
                "Plus; apps must know the flow USER_AUTH.",
            )
        case AfterFailover.AS_IN_SOURCE:
            return (
                "The backup Region's pool offers what the primary's does: one-time codes to "
                "whoever has no second factor, a password reset to everybody else.",
                "Second factors by SMS and mail are carried, unless they would lock somebody out; "
                "authenticator apps and passkeys are set up again.",
            )
        case _ as never:
            assert_never(never)


def contradictions(policy: AfterFailover, backup: SignInRules) -> tuple[str, ...]:
    """What the backup Region's pool does that the policy does not say, each as one sentence."""
    return tuple(_contradictions(policy, backup))


def _contradictions(policy: AfterFailover, backup: SignInRules) -> Iterator[str]:
    if policy is AfterFailover.OTP and backup.mfa is MfaMode.ON:
        yield "after_failover is otp, and the pool requires MFA: nobody signs in by a code there."
    if policy is AfterFailover.OTP and not backup.offers_codes:
        yield "after_failover is otp, and the pool offers no one-time code as first factor."
    if policy is AfterFailover.RESET and not backup.recovery:
        yield "after_failover is reset, and only administrators reset passwords in the pool."
