"""The migrate-user trigger on the local AWS: whom it is asked about, and whom its answer makes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.emulator import LocalAws
from tests.local.conftest import function, refused
from tests.local.pools import CODE, PASSWORD, listed
from tests.local.test_triggers import KINDS, SOURCE, TELEPHONE, Watched

pytestmark = pytest.mark.local_aws
SIGN_IN, FORGOT = "UserMigration_Authentication", "UserMigration_ForgotPassword"
ADDRESS = "ann@example.org"
VERIFIED = {"email": ADDRESS, "email_verified": "true"}
MADE = {"userAttributes": VERIFIED, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"}
HIDES = {"PreventUserExistenceErrors": "ENABLED"}
MIGRATING = "Exception migrating user in app client"


@pytest.fixture(scope="module")
def trigger(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> str:
    Watched.folder = tmp_path_factory.mktemp("migrated")
    return function(aws, SOURCE.replace("FOLDER", repr(str(Watched.folder))))


def migrating(
    aws: LocalAws, trigger: str, *, client: dict[str, Any] | None = None, **settings: Any
) -> Watched:
    config = {"LambdaConfig": dict.fromkeys((*KINDS, "UserMigration"), trigger), **settings}
    config.setdefault("AutoVerifiedAttributes", ["email"])
    return Watched(aws, settings=config, client_settings=client or {})


@pytest.fixture
def pool(aws: LocalAws, trigger: str) -> Watched:
    return migrating(aws, trigger)


def status(pool: Watched, name: str = "ann") -> str:
    return pool.user(name)["status"]


def nobody(pool: Watched) -> bool:
    return not pool.admin("list_users")["Users"]


def test_a_stranger_who_signs_in_is_made_and_let_in(pool: Watched) -> None:
    pool.moods(**{SIGN_IN: MADE})
    tokens = pool.sign_in(password="weak", ClientMetadata={"device": "7"})
    assert tokens["AuthenticationResult"]["AccessToken"]
    assert pool.sources() == [
        SIGN_IN,
        "PreSignUp_AdminCreateUser",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ]
    asked = pool.told(SIGN_IN)
    assert (asked["userName"], asked["callerContext"]["clientId"]) == ("ann", pool.client)
    assert asked["request"] == {"password": "weak", "validationData": {"device": "7"}}
    assert set(asked["response"].values()) == {None}
    assert pool.told("PreSignUp_AdminCreateUser")["request"]["validationData"] == {"device": "7"}
    user = pool.user("ann")
    assert (user["status"], user["email_verified"]) == ("CONFIRMED", "true")
    assert (
        user["sub"]
        == pool.told("TokenGeneration_Authentication")["request"]["userAttributes"]["sub"]
    )


def test_whoever_is_there_is_not_asked_about(pool: Watched) -> None:
    pool.person()
    pool.moods(**{SIGN_IN: "fail", FORGOT: "fail"})
    pool.sign_in()
    with refused("NotAuthorizedException"):
        pool.sign_in(password="Wr0ng!Wr0ng!")
    with refused("InvalidParameterException"):
        pool.app("forgot_password", Username="ann")
    assert not {SIGN_IN, FORGOT} & set(pool.sources())


def test_an_administrators_sign_in_asks_too(aws: LocalAws, trigger: str) -> None:
    pool = migrating(aws, trigger)
    flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    pool.admin("update_user_pool_client", ClientId=pool.client, ExplicitAuthFlows=flows)
    pool.moods(**{SIGN_IN: MADE})
    signed_in = pool.admin(
        "admin_initiate_auth",
        ClientId=pool.client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
    )
    assert signed_in["AuthenticationResult"]
    assert pool.told(SIGN_IN)["request"]["password"] == PASSWORD


def test_a_sign_in_that_keeps_its_password_to_itself_asks_nobody(
    aws: LocalAws, trigger: str
) -> None:
    pool = migrating(aws, trigger)
    pool.admin(
        "update_user_pool_client", ClientId=pool.client, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]
    )
    with refused("UserNotFoundException"):
        pool.app(
            "initiate_auth",
            AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": "ann", "SRP_A": "abc"},
        )
    with refused("UserNotFoundException"):
        pool.sign_in()  # a flow that the client does not allow
    assert SIGN_IN not in pool.sources()


def test_who_is_not_confirmed_has_to_choose_a_password_by_code(pool: Watched) -> None:
    pool.moods(**{SIGN_IN: {**MADE, "finalUserStatus": None}})
    with refused("PasswordResetRequiredException"):
        pool.sign_in()
    assert status(pool) == "RESET_REQUIRED"
    pool.app("forgot_password", Username="ann")
    pool.app(
        "confirm_forgot_password", Username="ann", ConfirmationCode=CODE, Password=PASSWORD + "2"
    )
    assert pool.sign_in(password=PASSWORD + "2")["AuthenticationResult"]


def test_who_forgot_the_password_is_made_and_sent_a_code(pool: Watched) -> None:
    pool.moods(**{FORGOT: {"userAttributes": VERIFIED, "messageAction": "SUPPRESS"}})
    sent = pool.app("forgot_password", Username="ann", ClientMetadata={"device": "7"})
    assert sent["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    assert pool.sources() == [
        FORGOT,
        "PreSignUp_AdminCreateUser",
        "CustomMessage_ForgotPassword",
    ]
    assert pool.told(FORGOT)["request"] == {"clientMetadata": {"device": "7"}}
    created = pool.told("PreSignUp_AdminCreateUser")["request"]
    assert created["clientMetadata"] == {"device": "7"}
    assert status(pool) == "RESET_REQUIRED"
    with refused("NotAuthorizedException"):
        pool.sign_in(password="")
    pool.app("confirm_forgot_password", Username="ann", ConfirmationCode=CODE, Password=PASSWORD)
    assert pool.sign_in()["AuthenticationResult"]
    confirmed = pool.sources().count("PostConfirmation_ConfirmForgotPassword")
    assert (confirmed, pool.sources().count(FORGOT)) == (1, 1)


def test_without_a_verified_contact_no_code_is_sent(pool: Watched) -> None:
    pool.moods(**{FORGOT: {"userAttributes": {"email": ADDRESS}, "messageAction": "SUPPRESS"}})
    with refused("InvalidParameterException", "no registered/verified email"):
        pool.app("forgot_password", Username="ann")
    assert status(pool) == "RESET_REQUIRED"


@pytest.mark.parametrize(
    ("hides", "code"), [("ENABLED", "NotAuthorizedException"), ("LEGACY", "UserNotFoundException")]
)
def test_an_empty_answer_is_as_no_trigger(
    aws: LocalAws, trigger: str, hides: str, code: str
) -> None:
    pool = migrating(aws, trigger, client={"PreventUserExistenceErrors": hides})
    pool.moods(**{SIGN_IN: {}, FORGOT: {}})
    with refused(code):
        pool.sign_in()
    if hides == "ENABLED":
        assert pool.app("forgot_password", Username="ann")["CodeDeliveryDetails"]
    else:
        with refused(code):
            pool.app("forgot_password", Username="ann")
    assert nobody(pool)
    assert {SIGN_IN, FORGOT} <= set(pool.sources())


@pytest.mark.parametrize("client", [{}, HIDES], ids=["tells", "hides"])
@pytest.mark.parametrize(
    ("mood", "code", "text"),
    [
        ("fail", "UserLambdaValidationException", "UserMigration failed with error no thanks."),
        ("nothing", "UserNotFoundException", MIGRATING),
        ({"userAttributes": "ann"}, "UserNotFoundException", MIGRATING),
        ({"userAttributes": {"email": "nobody"}}, "InvalidParameterException", "email address"),
        ({"userAttributes": {"custom:none": "x"}}, "InvalidParameterException", "custom:none"),
        ({**MADE, "enableSMSMFA": True}, "UserNotFoundException", MIGRATING),
    ],
)
def test_what_makes_nobody(
    aws: LocalAws, trigger: str, client: dict[str, Any], mood: Any, code: str, text: str
) -> None:
    pool = migrating(aws, trigger, client=client)
    pool.moods(**{SIGN_IN: mood, FORGOT: mood})
    with refused(code, text):
        pool.sign_in()
    with refused(code, text):
        pool.app("forgot_password", Username="ann")
    assert nobody(pool)


def test_a_refused_sign_up_makes_nobody(pool: Watched) -> None:
    pool.moods(**{SIGN_IN: MADE, "PreSignUp_AdminCreateUser": "fail"})
    with refused("UserLambdaValidationException", "PreSignUp failed with error no thanks."):
        pool.sign_in()
    assert nobody(pool)


def test_a_welcome_is_asked_for_unless_it_is_suppressed(pool: Watched) -> None:
    welcomed = {**MADE, "messageAction": None, "desiredDeliveryMediums": ["EMAIL"]}
    pool.moods(**{SIGN_IN: welcomed})
    pool.sign_in()
    assert "CustomMessage_AdminCreateUser" in pool.sources()


def test_where_addresses_are_usernames_the_address_is_the_users(
    aws: LocalAws, trigger: str
) -> None:
    pool = migrating(aws, trigger, UsernameAttributes=["email"])
    pool.moods(**{SIGN_IN: {**MADE, "userAttributes": {"email_verified": "true"}}})
    pool.sign_in(ADDRESS)
    user = pool.user(ADDRESS)
    assert (user["email"], user["username"]) == (ADDRESS, user["sub"])
    other = {**VERIFIED, "username": "ben@example.org"}
    pool.moods(**{SIGN_IN: {**MADE, "userAttributes": other}})
    with refused("UserNotFoundException", MIGRATING):
        pool.sign_in("cyd@example.org")


def test_who_comes_by_an_alias_is_given_a_username(aws: LocalAws, trigger: str) -> None:
    pool = migrating(aws, trigger, AliasAttributes=["email"])
    pool.moods(**{SIGN_IN: MADE})
    with refused("InvalidParameterException", "cannot be of email format"):
        pool.sign_in(ADDRESS)
    pool.moods(**{SIGN_IN: {**MADE, "userAttributes": {**VERIFIED, "username": "ann"}}})
    pool.sign_in(ADDRESS)
    assert pool.user("ann")["email"] == ADDRESS
    with refused("UserNotFoundException", MIGRATING):
        pool.sign_in("another")  # the username is another one's, and so is the alias
    pool.moods(**{SIGN_IN: MADE})
    with refused("UserNotFoundException", MIGRATING):
        pool.sign_in("ben")
    pool.moods(**{SIGN_IN: {**MADE, "forceAliasCreation": True}})
    pool.sign_in("ben")
    assert pool.user(ADDRESS)["username"] == "ben"
    assert pool.user("ann")["email_verified"] == "false"


def test_a_second_factor_is_asked_for_at_once(aws: LocalAws, trigger: str) -> None:
    sms = {"SnsCallerArn": "arn:aws:iam::111111111111:role/sms"}
    pool = migrating(aws, trigger, MfaConfiguration="OPTIONAL", SmsConfiguration=sms)
    number = {"phone_number": TELEPHONE, "phone_number_verified": "true"}
    pool.moods(**{SIGN_IN: {**MADE, "userAttributes": number, "enableSMSMFA": True}})
    assert pool.sign_in()["ChallengeName"] == "SMS_MFA"


def test_two_who_sign_in_at_once_are_one(aws: LocalAws, pool: Watched) -> None:
    pool.moods(**{SIGN_IN: MADE})
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda _: pool.sign_in(), range(3)))
    assert all(answer["AuthenticationResult"] for answer in answers)
    assert len(pool.admin("list_users")["Users"]) == 1
    assert listed(VERIFIED)[0] in pool.admin("list_users")["Users"][0]["Attributes"]


def test_a_function_that_is_late_or_gone_makes_nobody(aws: LocalAws, pool: Watched) -> None:
    pool.moods(**{SIGN_IN: "slow"})
    with pool.hurried("UserMigration"), refused("UserNotFoundException", MIGRATING):
        pool.sign_in()
    gone = f"arn:aws:lambda:us-east-1:{aws.account}:function:gone"
    pool.admin("update_user_pool", LambdaConfig={"UserMigration": gone})
    with refused("UserNotFoundException", MIGRATING):
        pool.sign_in()
    assert nobody(pool)
