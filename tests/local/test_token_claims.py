"""What PreTokenGeneration puts into tokens, whichever way somebody came in.

Source: developer guide, "Pre token generation Lambda trigger" (event versions, trigger sources).
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.pools import CODE, TestPool, claims
from tests.local.test_federation import enter, with_google
from tests.local.test_one_time_codes import FLOWS, offering
from tests.local.test_triggers import (
    Watched,
    watched,
)
from tests.local.test_triggers import (
    trigger as trigger,  # noqa: PLC0414 - a fixture
)

pytestmark = pytest.mark.local_aws
ORIGIN = {"claimsToAddOrOverride": {"origin_sub": "o-1", "sub": "mine", "aud": "mine"}}
BOTH = {"idTokenGeneration": ORIGIN, "accessTokenGeneration": ORIGIN}
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111111111111:role/sms"}}


def versioned(aws: LocalAws, trigger: str, version: str) -> Watched:
    config = {"LambdaArn": trigger, "LambdaVersion": version}
    triggers = {
        "PreTokenGeneration": trigger,
        "PreTokenGenerationConfig": config,
        "PreAuthentication": trigger,
    }
    settings = {**offering(["PASSWORD", "EMAIL_OTP"]), **SMS, "MfaConfiguration": "OPTIONAL"}
    pool = watched(aws, trigger, **settings, LambdaConfig=triggers)
    pool.admin("update_user_pool_client", ClientId=pool.client, ExplicitAuthFlows=FLOWS)
    pool.person("ann", email="ann@example.org", email_verified="true", phone_number="+12065550100")
    return pool


def answering(pool: Watched, source: str, version: str) -> None:
    """From now on the function answers a source, and one source only."""
    first = version == "V1_0"
    told = {"claimsOverrideDetails": ORIGIN} if first else {"claimsAndScopeOverrideDetails": BOTH}
    pool.moods(**{source: told})


def _by_password(pool: Watched) -> Any:
    return pool.sign_in()


def _by_a_second_factor(pool: Watched) -> Any:
    wanted = {"Enabled": True, "PreferredMfa": True}
    pool.admin("admin_set_user_mfa_preference", Username="ann", SMSMfaSettings=wanted)
    asked = pool.sign_in()
    return _answered(pool, asked, SMS_MFA_CODE=CODE)


def _by_a_code(pool: Watched) -> Any:
    given = {"USERNAME": "ann", "PREFERRED_CHALLENGE": "EMAIL_OTP"}
    asked = pool.app("initiate_auth", AuthFlow="USER_AUTH", AuthParameters=given)
    return _answered(pool, asked, EMAIL_OTP_CODE=CODE)


def _answered(pool: Watched, asked: Any, **responses: str) -> Any:
    return pool.app(
        "respond_to_auth_challenge",
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", **responses},
    )


def _through_a_provider(pool: Watched) -> Any:
    return enter(with_google(pool))


WAYS = {
    "password": (_by_password, "TokenGeneration_Authentication"),
    "second factor": (_by_a_second_factor, "TokenGeneration_Authentication"),
    "code": (_by_a_code, "TokenGeneration_Authentication"),
    "provider": (_through_a_provider, "TokenGeneration_HostedAuth"),
}


@pytest.mark.parametrize("version", ["V1_0", "V2_0", "V3_0"])
def test_every_way_in_and_every_renewal_is_asked_once(
    aws: LocalAws, trigger: str, version: str
) -> None:
    pool = versioned(aws, trigger, version)
    for way, (go, source) in WAYS.items():
        answering(pool, source, version)
        result = go(pool)["AuthenticationResult"]
        assert pool.sources().count(source) == 1, way
        assert told_in(result) == ("o-1", None if version == "V1_0" else "o-1"), way
        answering(pool, "TokenGeneration_RefreshTokens", version)
        renewed = pool.app("get_tokens_from_refresh_token", RefreshToken=result["RefreshToken"])
        assert pool.sources() == ["TokenGeneration_RefreshTokens"], "and no PreAuthentication"
        again = renewed["AuthenticationResult"]
        assert told_in(again) == ("o-1", None if version == "V1_0" else "o-1"), way
        pool.admin(
            "admin_set_user_mfa_preference", Username="ann", SMSMfaSettings={"Enabled": False}
        )


def told_in(result: Any) -> tuple[str | None, str | None]:
    """The claim in the ID token and in the access token; who they are about stays as it was."""
    identity, access = claims(result["IdToken"]), claims(result["AccessToken"])
    assert "mine" not in (identity["sub"], identity["aud"], access["sub"])
    return identity.get("origin_sub"), access.get("origin_sub")


def test_the_first_version_adds_texts_only(aws: LocalAws, trigger: str) -> None:
    pool = versioned(aws, trigger, "V1_0")
    details = {"claimsToAddOrOverride": {"roles": ["a", "b"]}}
    pool.moods(TokenGeneration_Authentication={"claimsOverrideDetails": details})
    with pytest.raises(ClientError, match="InvalidLambdaResponseException"):
        pool.sign_in()
    pool = versioned(aws, trigger, "V2_0")
    section = {"idTokenGeneration": details}
    pool.moods(TokenGeneration_Authentication={"claimsAndScopeOverrideDetails": section})
    assert claims(pool.sign_in()["AuthenticationResult"]["IdToken"])["roles"] == ["a", "b"]


def test_what_the_plan_does_not_have(aws: LocalAws) -> None:
    function = "arn:aws:lambda:us-east-1:111111111111:function:f"
    second = {"PreTokenGenerationConfig": {"LambdaArn": function, "LambdaVersion": "V2_0"}}
    lite = {"UserPoolTier": "LITE"}
    for settings in ({"LambdaConfig": second}, offering(["PASSWORD", "EMAIL_OTP"])):
        with pytest.raises(ClientError, match="FeatureUnavailableInTierException"):
            TestPool(aws, settings={**lite, **settings})
    pool = TestPool(aws, settings=lite)
    with pytest.raises(ClientError, match="FeatureUnavailableInTierException"):
        pool.admin("update_user_pool", LambdaConfig=second)
    pool.admin("update_user_pool", LambdaConfig=second, UserPoolTier="ESSENTIALS")
    other = {**second, "PreTokenGeneration": function + "2"}
    with pytest.raises(ClientError, match=r"InvalidParameterException.*same LambdaArn"):
        pool.admin("update_user_pool", LambdaConfig=other)
