"""Second factors on the local AWS: what is asked of whom, and what answers do.

Shapes: API reference, InitiateAuth, RespondToAuthChallenge, SetUserPoolMfaConfig,
AdminSetUserMFAPreference; developer guide, "Adding MFA to a user pool".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.pools import CODE, PASSWORD, TestPool, claims, listed
from tests.local.proofs import token_code

pytestmark = pytest.mark.local_aws
MAIL, PHONE = "ann@example.org", "+12065550100"
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111111111111:role/sms"}}
SES = {
    "EmailConfiguration": {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": "arn:aws:ses:us-east-1:111111111111:identity/example.org",
    }
}
BOTH = {
    "AccountRecoverySetting": {
        "RecoveryMechanisms": [
            {"Name": "verified_email", "Priority": 1},
            {"Name": "verified_phone_number", "Priority": 2},
        ]
    }
}
BY_MAIL = {
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}
}
BLOCKS: dict[str, Any] = {
    "SmsMfaConfiguration": SMS,
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "EmailMfaConfiguration": {},
}
ON, PREFERRED = {"Enabled": True}, {"Enabled": True, "PreferredMfa": True}


def made(aws: LocalAws, mode: str, *blocks: str, **settings: Any) -> TestPool:
    """A pool with these factors, and somebody in it with both contacts, unverified."""
    pool = TestPool(aws, settings={**SES, **BOTH, **settings})
    chosen = {f"{name}MfaConfiguration": BLOCKS[f"{name}MfaConfiguration"] for name in blocks}
    pool.admin("set_user_pool_mfa_config", MfaConfiguration=mode, **chosen)
    pool.create("ann", email=MAIL, phone_number=PHONE)
    pool.admin("admin_set_user_password", Username="ann", Password=PASSWORD, Permanent=True)
    return pool


def sign_in(pool: TestPool, name: str = "ann") -> Any:
    parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
    return pool.app("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


def answer(pool: TestPool, asked: Any, name: str = "ann", **responses: str) -> Any:
    return pool.app(
        "respond_to_auth_challenge",
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": name, **responses},
    )


def prefer(pool: TestPool, **settings: Any) -> None:
    pool.admin("admin_set_user_mfa_preference", Username="ann", **settings)


def set_up(pool: TestPool) -> str:
    """A token of somebody who is signed in; returns its secret."""
    access = pool.token("ann")
    secret = pool.cognito.associate_software_token(AccessToken=access)["SecretCode"]
    pool.cognito.verify_software_token(AccessToken=access, UserCode=token_code(secret))
    return str(secret)


def test_a_code_by_mail_verifies_the_address(aws: LocalAws) -> None:
    pool = made(aws, "OPTIONAL", "Email")
    assert sign_in(pool)["AuthenticationResult"], "optional, and nothing was turned on"
    prefer(pool, EmailMfaSettings=PREFERRED)
    asked = sign_in(pool)
    assert asked["ChallengeName"] == "EMAIL_OTP"
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DELIVERY_MEDIUM"] == "EMAIL"
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "a***@e***"
    with pytest.raises(ClientError, match="CodeMismatchException"):
        answer(pool, asked, EMAIL_OTP_CODE="000000")
    assert "email_verified" not in pool.user("ann")
    assert answer(pool, asked, EMAIL_OTP_CODE=CODE)["AuthenticationResult"]
    assert pool.user("ann")["email_verified"] == "true"
    with pytest.raises(ClientError, match=r"NotAuthorizedException.*Invalid session"):
        answer(pool, asked, EMAIL_OTP_CODE=CODE)


def test_a_session_is_one_persons_for_one_challenge(aws: LocalAws) -> None:
    pool = made(aws, "OPTIONAL", "Email", "Sms")
    prefer(pool, EmailMfaSettings=PREFERRED)
    asked = sign_in(pool)
    other = {**asked, "ChallengeName": "SMS_MFA"}
    with pytest.raises(ClientError, match=r"NotAuthorizedException.*Invalid session"):
        answer(pool, other, SMS_MFA_CODE=CODE)
    with pytest.raises(ClientError, match=r"NotAuthorizedException.*Invalid session"):
        answer(pool, {**asked, "Session": "x" * 20}, EMAIL_OTP_CODE=CODE)
    pool.create("ben", email="ben@example.org")
    token = answer(pool, asked, "ben", EMAIL_OTP_CODE=CODE)["AuthenticationResult"]["IdToken"]
    assert claims(token)["cognito:username"] == "ann", "who was asked, whoever is named"


def test_of_several_factors_the_person_chooses(aws: LocalAws) -> None:
    pool = made(aws, "OPTIONAL", "Sms", "Email")
    prefer(pool, SMSMfaSettings=ON, EmailMfaSettings=ON)
    asked = sign_in(pool)
    assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
    assert json.loads(asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"]) == ["SMS_MFA", "EMAIL_OTP"]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        answer(pool, asked, ANSWER="SOFTWARE_TOKEN_MFA")
    chosen = answer(pool, asked, ANSWER="EMAIL_OTP")
    assert chosen["ChallengeName"] == "EMAIL_OTP"
    assert answer(pool, chosen, EMAIL_OTP_CODE=CODE)["AuthenticationResult"]
    prefer(pool, SMSMfaSettings=PREFERRED)
    assert sign_in(pool)["ChallengeName"] == "SMS_MFA"


def test_required_mfa_uses_what_is_there(aws: LocalAws) -> None:
    pool = made(aws, "ON", "Sms", "SoftwareToken")
    asked = sign_in(pool)
    assert asked["ChallengeName"] == "SMS_MFA", "a number needs no set-up"
    assert answer(pool, asked, SMS_MFA_CODE=CODE)["AuthenticationResult"]
    pool.create("ben")
    pool.admin("admin_set_user_password", Username="ben", Password=PASSWORD, Permanent=True)
    asked = sign_in(pool, "ben")
    assert asked["ChallengeName"] == "MFA_SETUP"
    assert json.loads(asked["ChallengeParameters"]["MFAS_CAN_SETUP"]) == [
        "SMS_MFA",
        "SOFTWARE_TOKEN_MFA",
    ]
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        answer(pool, asked, "ben")
    begun = pool.cognito.associate_software_token(Session=asked["Session"])
    wrong = {"Session": begun["Session"], "UserCode": "000000"}
    with pytest.raises(ClientError, match="EnableSoftwareTokenMFAException"):
        pool.cognito.verify_software_token(**wrong)
    right = token_code(begun["SecretCode"])
    proved = pool.cognito.verify_software_token(Session=begun["Session"], UserCode=right)
    assert answer(pool, {**proved, "ChallengeName": "MFA_SETUP"}, "ben")["AuthenticationResult"]
    seen = pool.admin("admin_get_user", Username="ben")
    assert seen["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert seen["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"


def test_a_verified_token_is_asked_for_once_it_was_turned_on(aws: LocalAws) -> None:
    pool = made(aws, "OPTIONAL", "SoftwareToken")
    text = "does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"
    with pytest.raises(ClientError, match=f"InvalidParameterException.*{text}"):
        prefer(pool, SoftwareTokenMfaSettings=ON)
    secret = set_up(pool)
    assert sign_in(pool)["AuthenticationResult"]
    assert "UserMFASettingList" not in pool.admin("admin_get_user", Username="ann")
    prefer(pool, SoftwareTokenMfaSettings=ON)
    asked = sign_in(pool)
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    with pytest.raises(ClientError, match="CodeMismatchException"):
        answer(pool, asked, SOFTWARE_TOKEN_MFA_CODE="000000")
    right = token_code(secret)
    assert answer(pool, asked, SOFTWARE_TOKEN_MFA_CODE=right)["AuthenticationResult"]
    prefer(pool, SoftwareTokenMfaSettings={"Enabled": False})
    assert sign_in(pool)["AuthenticationResult"]


def test_who_has_no_token_to_set_up(aws: LocalAws) -> None:
    pool = made(aws, "OPTIONAL", "Sms")
    with pytest.raises(ClientError, match="SoftwareTokenMFANotFoundException"):
        pool.cognito.associate_software_token(AccessToken=pool.token("ann"))
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        pool.cognito.associate_software_token(Session="x" * 20)


def _by_person(pool: TestPool, **settings: Any) -> None:
    pool.cognito.set_user_mfa_preference(AccessToken=pool.token("ann"), **settings)


@pytest.mark.parametrize("set_by", [prefer, _by_person], ids=["administrator", "person"])
def test_preferences_need_what_they_prefer(aws: LocalAws, set_by: Callable[..., None]) -> None:
    pool = made(aws, "OPTIONAL", "Sms", "Email")
    refused: list[dict[str, Any]] = [
        {"SMSMfaSettings": PREFERRED, "EmailMfaSettings": PREFERRED},
        {"EmailMfaSettings": {"PreferredMfa": True}},
    ]
    for settings in refused:
        with pytest.raises(ClientError, match="InvalidParameterException"):
            set_by(pool, **settings)
    gone = {"Username": "ann", "UserAttributeNames": ["phone_number"]}
    pool.admin("admin_delete_user_attributes", **gone)
    with pytest.raises(ClientError, match="turn on SMS_MFA"):
        set_by(pool, SMSMfaSettings=ON)
    set_by(pool, EmailMfaSettings=PREFERRED)
    seen = pool.admin("admin_get_user", Username="ann")
    assert seen["UserMFASettingList"] == ["EMAIL_OTP"]
    assert seen["PreferredMfaSetting"] == "EMAIL_OTP"
    assert "MFAOptions" not in seen


@pytest.mark.parametrize(
    ("settings", "wanted", "refused"),
    [
        ({}, {"MfaConfiguration": "OFF", **BLOCKS}, "can't turn off MFA and configure an MFA"),
        ({}, {"SoftwareTokenMfaConfiguration": {"Enabled": False}}, "can't turn off MFA"),
        ({}, {"MfaConfiguration": "ON"}, "or Software Token MFA must be enabled"),
        (
            BY_MAIL,
            {"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {}},
            "cannot use verified_email as a recovery mechanism when Email MFA is configured",
        ),
        (
            {"EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}},
            {"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {}},
            "DEVELOPER",
        ),
        (
            {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}},
            {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}},
            "Only PASSWORD and WEB_AUTHN",
        ),
        (
            {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}},
            {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}},
            "Cannot set WebAuthn factor configuration to SINGLE_FACTOR",
        ),
    ],
)
def test_settings_that_exclude_each_other(
    aws: LocalAws, settings: dict[str, Any], wanted: dict[str, Any], refused: str
) -> None:
    pool = TestPool(aws, settings={**SES, **BOTH, **settings})
    with pytest.raises(ClientError, match=f"InvalidParameterException.*{refused}"):
        pool.admin("set_user_pool_mfa_config", **wanted)
    assert pool.admin("get_user_pool_mfa_config")["MfaConfiguration"] == "OFF"


def test_a_mode_that_is_not_given_is_off(aws: LocalAws) -> None:
    pool = made(aws, "ON", "SoftwareToken")
    told = pool.admin("set_user_pool_mfa_config")
    assert (told["MfaConfiguration"], "SoftwareTokenMfaConfiguration" in told) == ("OFF", False)
    assert sign_in(pool)["AuthenticationResult"]


@pytest.mark.parametrize(
    ("setting", "factor", "goes_to"),
    [
        (BOTH, "EmailMfaSettings", "phone_number"),
        (BOTH, "SMSMfaSettings", "email"),
        ({"AccountRecoverySetting": {}}, "SMSMfaSettings", "phone_number"),
    ],
    ids=["mail", "sms", "sms, as before there was a setting"],
)
def test_a_second_factor_recovers_no_password(
    aws: LocalAws, setting: dict[str, Any], factor: str, goes_to: str
) -> None:
    pool = made(aws, "OPTIONAL", "Sms", "Email", **setting)
    marks = listed({"email_verified": "true", "phone_number_verified": "true"})
    pool.admin("admin_update_user_attributes", Username="ann", UserAttributes=marks)
    prefer(pool, **{factor: PREFERRED})
    told = pool.app("forgot_password", Username="ann")["CodeDeliveryDetails"]
    assert told["AttributeName"] == goes_to
    if "RecoveryMechanisms" not in setting["AccountRecoverySetting"]:
        return
    gone = {"Username": "ann", "UserAttributeNames": [goes_to]}
    pool.admin("admin_delete_user_attributes", **gone)
    with pytest.raises(ClientError, match=r"InvalidParameterException.*Cannot reset password"):
        pool.app("forgot_password", Username="ann")
    prefer(pool, **{factor: {"Enabled": False}})
    assert pool.app("forgot_password", Username="ann")["CodeDeliveryDetails"]
