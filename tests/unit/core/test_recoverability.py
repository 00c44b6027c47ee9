"""Who gets in after a failover, by what, and who does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.recoverability import Reason, Standing, Way, recoverability
from cognito_standby.core.domain.sign_in import Channel, Factor, FirstFactor, MfaMode, SignInRules

MAIL, PHONE = Channel.EMAIL, Channel.PHONE
BOTH = frozenset({MAIL, PHONE})
ANN = Standing(UserStatus.CONFIRMED, True, frozenset({MAIL}), frozenset({MAIL}))
DAN = Standing(UserStatus.CONFIRMED, True, BOTH, BOTH)
NOBODY = replace(ANN, reachable=frozenset(), verified=frozenset())
POOL = SignInRules()
BY_MAIL = SignInRules(recovery=(MAIL,))
CODES = SignInRules(first_factors=frozenset(FirstFactor))
REQUIRED = SignInRules(mfa=MfaMode.ON, factors=frozenset({Factor.TOTP}))
SMS_REQUIRED = SignInRules(mfa=MfaMode.ON, factors=frozenset({Factor.SMS}))

ROWS: list[tuple[str, Standing | None, SignInRules, Way, Reason]] = [
    ("a verified address", ANN, POOL, Way.PASSWORD_RESET, Reason.VERIFIED_EMAIL),
    ("both, in the pool's order", DAN, POOL, Way.PASSWORD_RESET, Reason.VERIFIED_PHONE),
    ("both, by mail alone", DAN, BY_MAIL, Way.PASSWORD_RESET, Reason.VERIFIED_EMAIL),
    (
        "a reset that is required",
        replace(ANN, status=UserStatus.RESET_REQUIRED),
        *(POOL, Way.PASSWORD_RESET, Reason.VERIFIED_EMAIL),
    ),
    (
        "a number that MFA asks for, where it is required",
        replace(DAN, verified=frozenset({PHONE})),
        *(SMS_REQUIRED, Way.NONE, Reason.FACTOR_IS_RECOVERY),
    ),
    (
        "the same without a setting of recovery: the older behaviour asks nobody",
        replace(DAN, verified=frozenset({PHONE})),
        *(replace(SMS_REQUIRED, exclusive=False), Way.PASSWORD_RESET, Reason.VERIFIED_PHONE),
    ),
    (
        "a provider that tells each pool another subject",
        replace(ANN, status=UserStatus.EXTERNAL_PROVIDER, pairwise=True),
        *(POOL, Way.PROVIDER, Reason.PAIRWISE_SUBJECT),
    ),
    (
        "a temporary password, and a linked identity",
        replace(ANN, status=UserStatus.FORCE_CHANGE_PASSWORD, linked=True),
        *(POOL, Way.PROVIDER, Reason.PROVIDER_ONLY),
    ),
    ("no address", NOBODY, POOL, Way.NONE, Reason.NO_VERIFIED_CONTACT),
    (
        "an address nobody verified",
        replace(ANN, verified=frozenset()),
        *(POOL, Way.NONE, Reason.NO_VERIFIED_CONTACT),
    ),
    (
        "a verified number where mail recovers",
        replace(DAN, verified=frozenset({PHONE})),
        *(BY_MAIL, Way.NONE, Reason.NO_VERIFIED_CONTACT),
    ),
    (
        "administrators reset",
        ANN,
        SignInRules(recovery=()),
        *(Way.NONE, Reason.ONLY_ADMINISTRATORS_RESET),
    ),
    ("not there", None, POOL, Way.NONE, Reason.NOT_IN_POOL),
    ("disabled", replace(ANN, enabled=False), POOL, Way.NONE, Reason.DISABLED),
    (
        "never confirmed",
        replace(ANN, status=UserStatus.UNCONFIRMED),
        *(POOL, Way.NONE, Reason.UNCONFIRMED),
    ),
    (
        "a temporary password",
        replace(ANN, status=UserStatus.FORCE_CHANGE_PASSWORD),
        *(CODES, Way.NONE, Reason.TEMPORARY_PASSWORD),
    ),
    *(
        (f"{status} is opaque", replace(ANN, status=status), POOL, Way.NONE, Reason.OPAQUE_STATUS)
        for status in (UserStatus.ARCHIVED, UserStatus.COMPROMISED, UserStatus.UNKNOWN)
    ),
    (
        "of a provider, with whatever address",
        replace(ANN, status=UserStatus.EXTERNAL_PROVIDER),
        *(POOL, Way.PROVIDER, Reason.PROVIDER_ONLY),
    ),
    (
        "the number is the second factor as well",
        replace(DAN, verified=frozenset({PHONE}), factors=frozenset({Factor.SMS})),
        *(SignInRules(mfa=MfaMode.OPTIONAL), Way.NONE, Reason.FACTOR_IS_RECOVERY),
    ),
    (
        "and the mail is not",
        replace(DAN, factors=frozenset({Factor.SMS})),
        *(SignInRules(mfa=MfaMode.OPTIONAL), Way.PASSWORD_RESET, Reason.VERIFIED_EMAIL),
    ),
    (
        "the mail is the second factor as well",
        replace(ANN, factors=frozenset({Factor.EMAIL})),
        *(SignInRules(mfa=MfaMode.OPTIONAL), Way.NONE, Reason.FACTOR_IS_RECOVERY),
    ),
    (
        "MFA required, none enrolled",
        ANN,
        *(REQUIRED, Way.PASSWORD_RESET, Reason.MFA_NEEDS_ENROLMENT),
    ),
    (
        "MFA required and enrolled",
        replace(ANN, factors=frozenset({Factor.TOTP})),
        *(REQUIRED, Way.PASSWORD_RESET, Reason.VERIFIED_EMAIL),
    ),
    (
        "MFA by SMS required, no number",
        ANN,
        *(SMS_REQUIRED, Way.NONE, Reason.MFA_CANNOT_BE_ENROLLED),
    ),
    (
        "MFA by SMS required, a number is enough",
        replace(DAN, verified=frozenset({MAIL})),
        *(SMS_REQUIRED, Way.PASSWORD_RESET, Reason.VERIFIED_EMAIL),
    ),
    (
        "a code where administrators reset",
        ANN,
        replace(CODES, recovery=()),
        *(Way.ONE_TIME_CODE, Reason.VERIFIED_EMAIL),
    ),
    (
        "a pool without passwords",
        replace(DAN, verified=frozenset({PHONE})),
        SignInRules(first_factors=frozenset({FirstFactor.SMS_OTP})),
        *(Way.ONE_TIME_CODE, Reason.VERIFIED_PHONE),
    ),
    (
        "a pool without passwords, no address",
        NOBODY,
        SignInRules(first_factors=frozenset({FirstFactor.SMS_OTP})),
        *(Way.NONE, Reason.NO_VERIFIED_CONTACT),
    ),
    (
        "a code excludes MFA",
        replace(ANN, factors=frozenset({Factor.TOTP})),
        replace(CODES, recovery=(), mfa=MfaMode.OPTIONAL),
        *(Way.NONE, Reason.ONLY_ADMINISTRATORS_RESET),
    ),
]


@pytest.mark.parametrize(
    ("standing", "rules", "way", "reason"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_way_in(
    standing: Standing | None, rules: SignInRules, way: Way, reason: Reason
) -> None:
    decided = recoverability(standing, rules)
    assert (decided.way, decided.reason) == (way, reason)
    assert decided.possible == (way is not Way.NONE)


def test_every_reason_and_way_is_reached() -> None:
    assert {row[4] for row in ROWS} == set(Reason)
    assert {row[3] for row in ROWS} == set(Way)
