"""USER_AUTH on the local AWS: a sign-in that begins with a code, or with a choice.

Shapes: API reference, InitiateAuth (USER_AUTH), RespondToAuthChallenge (SELECT_CHALLENGE),
GetUserAuthFactors; developer guide, "Authentication flows".
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.control import mark_passkeys
from local.emulator import LocalAws
from tests.bench.life.flows import BY_CODE
from tests.local.pools import CODE, PASSWORD, TestPool
from tests.local.proofs import Srp
from tests.local.test_triggers import trigger as trigger  # noqa: PLC0414 - a fixture
from tests.local.test_triggers import watched

pytestmark = pytest.mark.local_aws
FLOWS = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
ALL = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
PASSWORDS = ["PASSWORD", "PASSWORD_SRP"]
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111111111111:role/sms"}}


def offering(factors: list[str]) -> dict[str, Any]:
    return {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": factors}}}


def choosing(pool: TestPool) -> TestPool:
    """The pool's client may use the flow, and somebody with verified contacts is there."""
    pool.admin("update_user_pool_client", ClientId=pool.client, ExplicitAuthFlows=FLOWS)
    verified = {"email_verified": "true", "phone_number_verified": "true"}
    pool.create("ann", email="ann@example.org", phone_number="+12065550100", **verified)
    pool.admin("admin_set_user_password", Username="ann", Password=PASSWORD, Permanent=True)
    return pool


@pytest.fixture(scope="module")
def pool(aws: LocalAws) -> TestPool:
    return choosing(TestPool(aws, settings=offering(ALL)))


def start(pool: TestPool, name: str = "ann", **more: str) -> Any:
    given = {"USERNAME": name, **more}
    return pool.app("initiate_auth", AuthFlow="USER_AUTH", AuthParameters=given)


def answer(pool: TestPool, asked: Any, **responses: str) -> Any:
    return pool.app(
        "respond_to_auth_challenge",
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", **responses},
    )


@pytest.mark.parametrize(
    ("factor", "medium", "shown"),
    [("EMAIL_OTP", "EMAIL", "a***@e***"), ("SMS_OTP", "SMS", "+*******0100")],
)
def test_a_code_signs_in(pool: TestPool, factor: str, medium: str, shown: str) -> None:
    asked = start(pool, PREFERRED_CHALLENGE=factor)
    assert asked["ChallengeName"] == factor
    told = asked["ChallengeParameters"]
    assert told["CODE_DELIVERY_DELIVERY_MEDIUM"] == medium
    assert told["CODE_DELIVERY_DESTINATION"] == shown
    with pytest.raises(ClientError, match="CodeMismatchException"):
        answer(pool, asked, **{f"{factor}_CODE": "000000"})
    assert answer(pool, asked, **{f"{factor}_CODE": CODE})["AuthenticationResult"]["RefreshToken"]


def test_the_person_chooses(pool: TestPool) -> None:
    asked = start(pool)
    assert asked["ChallengeName"] == "SELECT_CHALLENGE"
    assert asked["AvailableChallenges"] == [*PASSWORDS, "EMAIL_OTP", "SMS_OTP"]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        answer(pool, asked, ANSWER="WEB_AUTHN")
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        answer(pool, asked, ANSWER="PASSWORD", PASSWORD="Wr0ng!Wr0ng!")
    code = answer(pool, asked, ANSWER="EMAIL_OTP")
    assert answer(pool, code, EMAIL_OTP_CODE=CODE)["AuthenticationResult"]
    assert start(pool, PREFERRED_CHALLENGE="WEB_AUTHN")["ChallengeName"] == "SELECT_CHALLENGE"
    with pytest.raises(ClientError, match="InvalidParameterException"):
        start(pool, PREFERRED_CHALLENGE="NONSENSE")


def test_a_password_at_once_later_or_proved(pool: TestPool) -> None:
    at_once = start(pool, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert at_once["AuthenticationResult"]
    later = start(pool, PREFERRED_CHALLENGE="PASSWORD")
    assert later["ChallengeName"] == "PASSWORD"
    assert answer(pool, later, PASSWORD=PASSWORD)["AuthenticationResult"]
    chosen = answer(pool, start(pool), ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert chosen["AuthenticationResult"]
    proof = Srp(pool.id, PASSWORD)
    asked = start(pool, PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A=proof.public)
    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    proved = pool.app(
        "respond_to_auth_challenge",
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=proof.responses(asked["ChallengeParameters"]),
    )
    assert proved["AuthenticationResult"]


def test_only_verified_contacts_get_codes(pool: TestPool) -> None:
    pool.create("ben", email="ben@example.org", phone_number="+12065550101")
    pool.admin("admin_set_user_password", Username="ben", Password=PASSWORD, Permanent=True)
    assert start(pool, "ben")["AvailableChallenges"] == PASSWORDS


def test_a_second_factor_excludes_codes(aws: LocalAws) -> None:
    pool = choosing(TestPool(aws, settings={**offering(["PASSWORD", "EMAIL_OTP"]), **SMS}))
    pool.admin("set_user_pool_mfa_config", MfaConfiguration="OPTIONAL", SmsMfaConfiguration=SMS)
    assert start(pool)["AvailableChallenges"] == [*PASSWORDS, "EMAIL_OTP"]
    wanted = {"Enabled": True, "PreferredMfa": True}
    pool.admin("admin_set_user_mfa_preference", Username="ann", SMSMfaSettings=wanted)
    assert start(pool)["AvailableChallenges"] == PASSWORDS
    asked = start(pool, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert asked["ChallengeName"] == "SMS_MFA"
    assert answer(pool, asked, SMS_MFA_CODE=CODE)["AuthenticationResult"]


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        (offering(["EMAIL_OTP"]), "PASSWORD should be configured"),
        (
            {**offering(["PASSWORD", "SMS_OTP"]), **SMS, "MfaConfiguration": "ON"},
            "Only PASSWORD and WEB_AUTHN",
        ),
    ],
)
def test_a_pool_that_cannot_be(aws: LocalAws, settings: dict[str, Any], refused: str) -> None:
    with pytest.raises(ClientError, match=f"InvalidParameterException.*{refused}"):
        TestPool(aws, settings=settings)


def test_who_may_not_begin(aws: LocalAws) -> None:
    pool = TestPool(aws, settings=offering(ALL))
    pool.create("ann")
    with pytest.raises(ClientError, match=r"InvalidParameterException.*not enabled"):
        start(pool)
    flows = {"ClientId": pool.client, "ExplicitAuthFlows": FLOWS}
    pool.admin("update_user_pool_client", **flows)
    with pytest.raises(ClientError, match="UserNotFoundException"):
        start(pool, "nobody")
    pool.admin("update_user_pool_client", PreventUserExistenceErrors="ENABLED", **flows)
    stranger = start(pool, "nobody")
    assert stranger["AvailableChallenges"] == [*PASSWORDS, "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
    with pytest.raises(ClientError, match=r"NotAuthorizedException.*Incorrect"):
        answer(pool, stranger, ANSWER="EMAIL_OTP")
    pool.admin("admin_disable_user", Username="ann")
    with pytest.raises(ClientError, match=r"NotAuthorizedException.*disabled"):
        start(pool)


def test_a_code_first_still_asks_for_a_first_password(pool: TestPool) -> None:
    pool.create("cyd", email="cyd@example.org", email_verified="true")
    asked = start(pool, "cyd", PREFERRED_CHALLENGE="EMAIL_OTP")
    assert answer(pool, asked, EMAIL_OTP_CODE=CODE)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    pool.admin("admin_set_user_password", Username="cyd", Password=PASSWORD, Permanent=True)
    pool.admin("admin_reset_user_password", Username="cyd")
    asked = start(pool, "cyd", PREFERRED_CHALLENGE="EMAIL_OTP")
    with pytest.raises(ClientError, match="PasswordResetRequiredException"):
        answer(pool, asked, EMAIL_OTP_CODE=CODE)


def test_what_somebody_has_is_told(pool: TestPool, aws: LocalAws) -> None:
    told = pool.admin("admin_get_user_auth_factors", Username="ann")
    assert told["ConfiguredUserAuthFactors"] == ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]
    mark_passkeys(aws.endpoint, pool=pool.id, username="ann", count=1)
    again = pool.cognito.get_user_auth_factors(AccessToken=pool.token("ann"))
    assert again["ConfiguredUserAuthFactors"] == ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
    assert again["Username"] == "ann"
    assert "WEB_AUTHN" in start(pool)["AvailableChallenges"]
    mark_passkeys(aws.endpoint, pool=pool.id, username="ann", count=0)
    assert "WEB_AUTHN" not in start(pool)["AvailableChallenges"]
    with pytest.raises(OSError, match="400"):
        mark_passkeys(aws.endpoint, pool=pool.id, username="nobody", count=1)


def test_triggers_hear_of_a_code_as_of_a_password(aws: LocalAws, trigger: str) -> None:
    pool = watched(aws, trigger, **offering(ALL))
    choosing(pool)
    pool.moods()
    asked = start(pool, PREFERRED_CHALLENGE="EMAIL_OTP")
    answer(pool, asked, EMAIL_OTP_CODE=CODE)
    asked_of_ours = [source for step in BY_CODE for _, source in step.asks]
    *first, last = asked_of_ours
    assert pool.sources() == [*first, "PostAuthentication_Authentication", last]
    pool.moods(CustomMessage_Authentication="fail")
    with pytest.raises(ClientError, match="UserLambdaValidationException"):
        start(pool, PREFERRED_CHALLENGE="EMAIL_OTP")
    pool.moods(PreAuthentication_Authentication="fail")
    with pytest.raises(ClientError, match="UserLambdaValidationException"):
        start(pool)
