"""The strict pool's migrate-user trigger.

The rules are those of the local AWS (`local.cognito_rules.migrations`), where
`tests/local/test_user_migration.py` holds them against the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cognito_standby.core.domain.pools import UserStatus
from local.cognito_rules.factors import Mfa, Second
from local.cognito_rules.migrations import FORGOT, SIGN_IN
from local.cognito_rules.refusals import CognitoError
from tests.contract.pool.test_twin import made
from tests.contract.pools import CONTACT, PASSWORD, VERIFIED, confirmed, refused
from tests.twins.pool.config import PoolConfig
from tests.twins.pool.core import Purpose
from tests.twins.pool.pool import StrictPool

QUIET = {"messageAction": "SUPPRESS"}
CONFIRMED = {"userAttributes": VERIFIED, "finalUserStatus": "CONFIRMED", **QUIET}


def answering(response: Mapping[str, Any], **settings: Any) -> tuple[StrictPool, list[Any]]:
    pool, asked = made(PoolConfig(**settings)), []

    def migrate(*about: str) -> Mapping[str, Any]:
        asked.append(about)
        return response

    pool.migrate = migrate
    return pool, asked


def test_whoever_is_confirmed_signs_in_by_the_password_that_was_given() -> None:
    pool, asked = answering(CONFIRMED)
    assert pool.sign_in("ann", "weak") == ""
    assert pool.admin_get_user("ann").status is UserStatus.CONFIRMED
    with refused("NotAuthorizedException"):
        pool.sign_in("ann", PASSWORD)
    assert asked == [(SIGN_IN, "ann", "weak")], "whoever is there is not asked about"
    assert not pool.messages


def test_else_a_password_has_to_be_chosen_by_code() -> None:
    pool, _ = answering({"userAttributes": VERIFIED})
    with refused("PasswordResetRequiredException"):
        pool.sign_in("ann", PASSWORD)
    pool.forgot_password("ann")
    pool.confirm_forgot_password("ann", pool.latest_code("ann"), PASSWORD)
    assert pool.sign_in("ann", PASSWORD) == ""


def test_who_forgot_the_password_is_sent_a_code_and_has_none_until_then() -> None:
    pool, asked = answering({"userAttributes": VERIFIED})
    pool.forgot_password("ann")
    assert asked == [(FORGOT, "ann", "")]
    assert [m.purpose for m in pool.messages] == [Purpose.INVITATION, Purpose.RECOVERY]
    assert pool.admin_get_user("ann").status is UserStatus.RESET_REQUIRED
    unproved, _ = answering({"userAttributes": CONTACT})
    with refused("InvalidParameterException"):
        unproved.forgot_password("ann")


@pytest.mark.parametrize("response", [{}, {"userAttributes": {}}, {"finalUserStatus": "CONFIRMED"}])
def test_an_empty_answer_is_as_no_trigger(response: Mapping[str, Any]) -> None:
    pool, _ = answering(response)
    with pytest.raises(CognitoError, match="User does not exist"):
        pool.sign_in("ann", PASSWORD)
    assert not pool.list_users().users


def test_a_function_that_raises_is_heard() -> None:
    pool = made()

    def fail(*_about: str) -> Mapping[str, Any]:
        raise CognitoError("UserLambdaValidationException", "UserMigration failed with error no.")

    pool.migrate = fail
    with refused("UserLambdaValidationException"):
        pool.forgot_password("ann")


@pytest.mark.parametrize(
    ("response", "code"),
    [
        ({"userAttributes": {"email": "nobody"}}, "InvalidParameterException"),
        ({"userAttributes": {"sub": "mine", **CONTACT}}, "InvalidParameterException"),
        ({"userAttributes": {"email": 7}}, "UserNotFoundException"),
        ({"userAttributes": {"username": "ben", **CONTACT}}, "UserNotFoundException"),
        ({"userAttributes": CONTACT, "enableSMSMFA": True}, "UserNotFoundException"),
    ],
)
def test_an_answer_that_cannot_be_makes_nobody(response: Mapping[str, Any], code: str) -> None:
    pool, _ = answering(response)
    with refused(code):
        pool.sign_in("ann", PASSWORD)
    assert not pool.list_users().users


def test_who_comes_by_an_alias_is_given_a_username() -> None:
    address = VERIFIED["email"]
    pool, _ = answering(
        {**CONFIRMED, "userAttributes": {**VERIFIED, "username": "ann"}},
        alias_attributes=("email",),
    )
    assert pool.sign_in(address, PASSWORD) == ""
    assert pool.admin_get_user("ann").attributes["email"] == address
    unnamed, _ = answering(CONFIRMED, alias_attributes=("email",))
    with pytest.raises(CognitoError, match="cannot be of email format"):
        unnamed.sign_in(address, PASSWORD)


@pytest.mark.parametrize("forced", [False, True])
def test_another_users_alias_stays_unless_it_is_forced(forced: bool) -> None:
    pool, _ = answering({**CONFIRMED, "forceAliasCreation": forced}, alias_attributes=("email",))
    confirmed(pool)
    if forced:
        assert pool.sign_in("ben", PASSWORD) == ""
        assert pool.admin_get_user(VERIFIED["email"]).username == "ben"
        return
    with pytest.raises(CognitoError, match="UserNotFoundException: Exception migrating user in"):
        pool.sign_in("ben", PASSWORD)
    assert pool.admin_get_user(VERIFIED["email"]).username == "ann"


def test_a_second_factor_comes_along() -> None:
    number = {"phone_number": "+12065550100", "phone_number_verified": "true"}
    response = {**CONFIRMED, "userAttributes": number, "enableSMSMFA": True}
    pool, _ = answering(response, mfa=Mfa.OPTIONAL, seconds=frozenset({Second.SMS}))
    pool.sign_in("ann", PASSWORD)
    (account,) = pool.snapshot().accounts
    assert account.preferred_factor is Second.SMS
