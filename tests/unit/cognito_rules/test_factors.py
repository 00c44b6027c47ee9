"""Which factors a sign-in asks for, by the rules alone."""

import pytest

from local.cognito_rules.factors import (
    Asked,
    First,
    Mfa,
    PoolFactors,
    Second,
    UserFactors,
    blocked_for_recovery,
    check_preference,
    first_factors,
    preferring,
    second_factor,
)
from local.cognito_rules.refusals import CognitoError
from local.gaps.multi_factor.sessions import Pending, SessionError, Sessions

ALL = frozenset(Second)
BOTH = frozenset({"email", "phone_number"})
CODES = (First.PASSWORD, First.EMAIL_OTP, First.SMS_OTP, First.WEB_AUTHN)


@pytest.mark.parametrize(
    ("mode", "user", "asked"),
    [
        (Mfa.OFF, UserFactors(enabled=ALL, contacts=BOTH), Asked()),
        (Mfa.OPTIONAL, UserFactors(contacts=BOTH, token=True), Asked()),
        (Mfa.OPTIONAL, UserFactors(enabled=frozenset({Second.SMS})), Asked("SMS_MFA")),
        (Mfa.ON, UserFactors(), Asked("MFA_SETUP", tuple(Second))),
        (Mfa.ON, UserFactors(contacts=frozenset({"email"})), Asked("EMAIL_OTP")),
        (Mfa.ON, UserFactors(token=True), Asked("SOFTWARE_TOKEN_MFA")),
        (
            Mfa.ON,
            UserFactors(contacts=BOTH),
            Asked("SELECT_MFA_TYPE", (Second.SMS, Second.EMAIL)),
        ),
        (
            Mfa.ON,
            UserFactors(enabled=ALL, preferred=Second.EMAIL, contacts=BOTH),
            Asked("EMAIL_OTP"),
        ),
        (Mfa.ON, UserFactors(enabled=ALL, federated=True), Asked("MFA_SETUP", tuple(Second))),
    ],
)
def test_what_follows_a_password(mode: Mfa, user: UserFactors, asked: Asked) -> None:
    assert second_factor(PoolFactors(mfa=mode, seconds=ALL), user) == asked


@pytest.mark.parametrize(
    ("mode", "user", "offered"),
    [
        (Mfa.OFF, UserFactors(), ["PASSWORD", "PASSWORD_SRP"]),
        (Mfa.OFF, UserFactors(password=False, verified=BOTH), ["EMAIL_OTP", "SMS_OTP"]),
        (Mfa.OFF, UserFactors(password=False, contacts=BOTH), []),
        (Mfa.OFF, UserFactors(password=False, passkeys=1), ["WEB_AUTHN"]),
        (Mfa.OFF, UserFactors(federated=True, verified=BOTH), []),
        (Mfa.ON, UserFactors(verified=BOTH), ["PASSWORD", "PASSWORD_SRP"]),
        (
            Mfa.OPTIONAL,
            UserFactors(verified=BOTH, enabled=frozenset({Second.TOKEN})),
            ["PASSWORD", "PASSWORD_SRP"],
        ),
    ],
)
def test_what_can_come_first(mode: Mfa, user: UserFactors, offered: list[str]) -> None:
    assert list(first_factors(PoolFactors(mfa=mode, firsts=CODES), user)) == offered


def test_a_second_factor_recovers_nothing_once_there_is_a_setting() -> None:
    user = UserFactors(enabled=frozenset({Second.EMAIL}), contacts=BOTH, verified=BOTH)
    pool = PoolFactors(mfa=Mfa.OPTIONAL, recovery=("email", "phone_number"))
    assert blocked_for_recovery(pool, user) == {"email"}
    assert blocked_for_recovery(PoolFactors(mfa=Mfa.OPTIONAL), user) == set()
    off = PoolFactors(recovery=("email", "phone_number"))
    assert blocked_for_recovery(off, user) == set()


def test_turning_a_factor_off_ends_its_preference() -> None:
    user = UserFactors(
        enabled=frozenset({Second.SMS, Second.EMAIL}), preferred=Second.SMS, contacts=BOTH
    )
    after = preferring(user, {Second.SMS: {"Enabled": False}})
    assert (after.enabled, after.preferred) == (frozenset({Second.EMAIL}), None)


def test_a_session_ends() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    session = sessions.begin(Pending("SMS_MFA", "p", "c", "ann"), 180)
    now[0] = 100
    found = sessions.find(session, "SMS_MFA")
    assert found
    following = sessions.follow(session, found)
    assert sessions.find(session) is None
    now[0] = 181
    with pytest.raises(SessionError, match="expired"):
        sessions.find(following)


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        (Mfa.OPTIONAL, {Second.EMAIL: {"Enabled": True}}),
        (Mfa.ON, {Second.SMS: {"Enabled": False}}),
    ],
)
def test_a_preference_that_the_pool_s_settings_refuse(
    mode: Mfa, wanted: dict[Second, dict[str, object]]
) -> None:
    pool = PoolFactors(mfa=mode, seconds=frozenset({Second.SMS}))
    user = UserFactors(enabled=frozenset({Second.SMS}), contacts=BOTH)
    with pytest.raises(CognitoError):
        check_preference(pool, user, wanted)
    check_preference(pool, user, {Second.SMS: {"Enabled": True, "PreferredMfa": True}})


@pytest.mark.parametrize(
    ("factor", "stays"), [(Second.SMS, 1), (Second.TOKEN, 1), (Second.EMAIL, 0)]
)
def test_what_is_turned_off_where_mfa_is_required(factor: Second, stays: bool) -> None:
    """Of messages by e-mail no page says that they cannot be."""
    everything = frozenset(Second)
    pool = PoolFactors(mfa=Mfa.ON, seconds=everything)
    user = UserFactors(enabled=everything, contacts=BOTH, token=True)
    wanted: dict[Second, dict[str, object]] = {factor: {"Enabled": False}}
    if stays:
        with pytest.raises(CognitoError, match="cannot be turned off"):
            check_preference(pool, user, wanted)
    else:
        check_preference(pool, user, wanted)
