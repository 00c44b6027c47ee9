"""Lambda triggers on the local AWS: when each fires, what it is told, what its answer does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.conftest import function, hurried
from tests.local.pools import CODE, PASSWORD, TestPool, claims, listed

pytestmark = pytest.mark.local_aws
SOURCE = """
import json, os, time
def handler(event, context):
    path = os.path.join(FOLDER, event["userPoolId"])
    with open(path + ".seen", "a") as file:
        file.write(json.dumps(event) + "\\n")
    moods = json.load(open(path + ".moods")) if os.path.exists(path + ".moods") else {}
    mood = moods.get(event["triggerSource"])
    if mood == "fail":
        raise ValueError("no thanks")
    while mood == "slow" and not os.path.exists(path + ".released"):
        time.sleep(0.02)
    if mood == "nothing":
        return None
    if isinstance(mood, dict):
        event["response"] = mood
    return event
"""
KINDS = [
    *("PreSignUp", "PreAuthentication", "PostAuthentication", "PreTokenGeneration"),
    *("CustomMessage", "PostConfirmation"),
]
TELEPHONE = "+12065550100"


class Watched(TestPool):
    """A pool all of whose triggers are one function that notes what it is told."""

    __test__ = False
    folder: ClassVar[Path]

    def _path(self, kind: str) -> Path:
        return self.folder / f"{self.id}.{kind}"

    def seen(self) -> list[dict[str, Any]]:
        path = self._path("seen")
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def sources(self) -> list[str]:
        return [event["triggerSource"] for event in self.seen()]

    def told(self, source: str) -> dict[str, Any]:
        return [event for event in self.seen() if event["triggerSource"] == source][-1]

    def moods(self, **moods: Any) -> None:
        self._path("moods").write_text(json.dumps(moods))
        self._path("seen").unlink(missing_ok=True)
        self._path("released").unlink(missing_ok=True)

    @contextmanager
    def hurried(self, trigger: str) -> Iterator[None]:
        """A "slow" function takes longer than its pool waits, and ends with this block: whoever
        comes next waits for no sleeper."""
        with hurried(self.aws, trigger):
            try:
                yield
            finally:
                self._path("released").touch()

    def person(self, name: str = "ann", **attributes: str) -> str:
        """Somebody confirmed, with a password of their own; nothing has been seen yet."""
        self.create(name, **(attributes or {"email": f"{name}@example.org"}))
        self.admin("admin_set_user_password", Username=name, Password=PASSWORD, Permanent=True)
        self._path("seen").unlink(missing_ok=True)
        return name

    def sign_in(self, name: str = "ann", password: str = PASSWORD, **more: Any) -> Any:
        parameters = {"USERNAME": name, "PASSWORD": password}
        return self.app(
            "initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters, **more
        )


@pytest.fixture(scope="module")
def trigger(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> str:
    Watched.folder = tmp_path_factory.mktemp("seen")
    return function(aws, SOURCE.replace("FOLDER", repr(str(Watched.folder))))


@pytest.fixture
def pool(aws: LocalAws, trigger: str) -> Watched:
    return watched(aws, trigger)


def watched(aws: LocalAws, trigger: str, **settings: Any) -> Watched:
    config = {"LambdaConfig": dict.fromkeys(KINDS, trigger), "AutoVerifiedAttributes": ["email"]}
    return Watched(aws, settings={**config, **settings})


def limit(pool: Watched, trigger: str, mood: str) -> AbstractContextManager[None]:
    return pool.hurried(trigger) if mood == "slow" else nullcontext()


def test_a_sign_up_is_told_before_it_is_kept(pool: Watched) -> None:
    pool.app(
        "sign_up",
        Username="ann",
        Password=PASSWORD,
        UserAttributes=listed({"email": "ann@example.org"}),
        ValidationData=listed({"captcha": "7"}),
        ClientMetadata={"campaign": "spring"},
    )
    assert pool.sources() == ["PreSignUp_SignUp", "CustomMessage_SignUp"]
    assert pool.told("PreSignUp_SignUp") == {
        "version": "1",
        "triggerSource": "PreSignUp_SignUp",
        "region": "us-east-1",
        "userPoolId": pool.id,
        "userName": "ann",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pool.client},
        "request": {
            "userAttributes": {"email": "ann@example.org"},
            "validationData": {"captcha": "7"},
            "clientMetadata": {"campaign": "spring"},
        },
        "response": {
            "autoConfirmUser": False,
            "autoVerifyEmail": False,
            "autoVerifyPhone": False,
        },
    }


def test_a_sign_up_can_be_confirmed_and_verified_at_once(pool: Watched) -> None:
    yes = {"autoConfirmUser": True, "autoVerifyEmail": True, "autoVerifyPhone": True}
    pool.moods(PreSignUp_SignUp=yes)
    pool.sign_up("ann", email="ann@example.org", phone_number=TELEPHONE)
    user = pool.user("ann")
    assert (user["status"], user["email_verified"]) == ("CONFIRMED", "true")
    assert user["phone_number_verified"] == "true"
    assert pool.sources() == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]


def test_only_an_address_that_is_there_can_be_verified(pool: Watched) -> None:
    pool.moods(PreSignUp_SignUp={"autoVerifyEmail": True})
    with pytest.raises(ClientError, match="InvalidLambdaResponseException"):
        pool.sign_up("ann")


def test_an_alias_that_is_verified_at_sign_up_moves(aws: LocalAws, trigger: str) -> None:
    pool = watched(aws, trigger, AliasAttributes=["email"])
    pool.create("ann", email="a@example.org", email_verified="true")
    pool.moods(PreSignUp_SignUp={"autoConfirmUser": True, "autoVerifyEmail": True})
    pool.sign_up("ben", email="a@example.org")
    assert pool.user("a@example.org")["username"] == "ben"
    assert pool.user("ann")["email_verified"] == "false"


@pytest.mark.parametrize("mode", [{}, {"UsernameAttributes": ["email"]}], ids=["free", "email"])
def test_an_administrators_creation_is_told_and_its_answers_are_ignored(
    aws: LocalAws, trigger: str, mode: dict[str, Any]
) -> None:
    pool = watched(aws, trigger, **mode)
    pool.moods(PreSignUp_AdminCreateUser={"autoConfirmUser": True, "autoVerifyEmail": True})
    name = "ann@example.org" if mode else "ann"
    made = pool.create(name, email="ann@example.org")
    assert pool.sources() == ["PreSignUp_AdminCreateUser"]
    told = pool.told("PreSignUp_AdminCreateUser")
    assert (told["userName"], told["callerContext"]["clientId"]) == (
        made,
        "CLIENT_ID_NOT_APPLICABLE",
    )
    assert told["request"]["userAttributes"] == {"email": "ann@example.org"}
    user = pool.user(made)
    assert (user["status"], user.get("email_verified")) == ("FORCE_CHANGE_PASSWORD", None)
    with pytest.raises(ClientError, match="UsernameExistsException"):
        pool.create(name, email="ann@example.org")
    assert len(pool.seen()) == 1, "nobody is asked about a name that is taken"


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ("fail", r"UserLambdaValidationException.*: PreSignUp failed with error no thanks\."),
        ("nothing", "InvalidLambdaResponseException.*: Unrecognizable lambda output"),
        ("slow", "UnexpectedLambdaException.*: PreSignUp invocation failed due to error Socket"),
    ],
)
def test_a_refused_user_is_not_made(pool: Watched, mood: str, error: str) -> None:
    pool.moods(PreSignUp_SignUp=mood, PreSignUp_AdminCreateUser=mood)
    with limit(pool, "PreSignUp", mood):
        with pytest.raises(ClientError, match=error):
            pool.sign_up("ann", email="ann@example.org")
        with pytest.raises(ClientError, match=error):
            pool.create("ben")
    assert pool.admin("list_users")["Users"] == []


def test_a_missing_function_fails_the_call(aws: LocalAws) -> None:
    pool = watched(aws, f"arn:aws:lambda:us-east-1:{aws.account}:function:gone")
    with pytest.raises(ClientError, match="UnexpectedLambdaException"):
        pool.create("ann")


def test_a_sign_in_is_told_before_and_after(pool: Watched) -> None:
    pool.person()
    pool.sign_in(ClientMetadata={"device": "7"})
    assert pool.sources() == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ]
    before, after = (
        pool.told(f"{when}Authentication_Authentication")["request"] for when in ("Pre", "Post")
    )
    assert before["validationData"] == {"device": "7"}
    assert before["userAttributes"]["cognito:user_status"] == "CONFIRMED"
    assert (after["newDeviceUsed"], "clientMetadata" in after) == (False, False)


def test_a_wrong_password_is_told_before_only(pool: Watched) -> None:
    pool.person()
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        pool.sign_in(password="Wr0ng!Wr0ng!")
    assert pool.sources() == ["PreAuthentication_Authentication"]


@pytest.mark.parametrize("hides", ["ENABLED", "LEGACY"])
def test_who_is_unknown_is_told_of_where_the_client_hides_it(
    aws: LocalAws, trigger: str, hides: str
) -> None:
    pool = watched(aws, trigger)
    pool.admin("update_user_pool_client", ClientId=pool.client, PreventUserExistenceErrors=hides)
    with pytest.raises(ClientError):
        pool.sign_in("nobody")
    found = [event["request"]["userNotFound"] for event in pool.seen()]
    assert found == ([True] if hides == "ENABLED" else [])


@pytest.mark.parametrize(
    ("source", "trigger_name"),
    [
        ("PreAuthentication_Authentication", "PreAuthentication"),
        ("PostAuthentication_Authentication", "PostAuthentication"),
        ("TokenGeneration_Authentication", "PreTokenGeneration"),
    ],
)
@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ("fail", "UserLambdaValidationException.*: {} failed with error no thanks"),
        ("nothing", "InvalidLambdaResponseException"),
        ("slow", "UnexpectedLambdaException.*: {} invocation failed due to error Socket"),
    ],
)
def test_a_sign_in_can_be_refused(
    pool: Watched, source: str, trigger_name: str, mood: str, error: str
) -> None:
    pool.person()
    pool.moods(**{source: mood})
    with (
        limit(pool, trigger_name, mood),
        pytest.raises(ClientError, match=error.format(trigger_name)),
    ):
        pool.sign_in()


def test_a_renewed_session_is_told_of_once_as_such(pool: Watched) -> None:
    pool.person()
    first = pool.sign_in()["AuthenticationResult"]
    pool.moods()

    def renew() -> Any:
        parameters = {"REFRESH_TOKEN": first["RefreshToken"]}
        return pool.app("initiate_auth", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters)

    renew()
    pool.app("get_tokens_from_refresh_token", RefreshToken=first["RefreshToken"])
    assert pool.sources() == ["TokenGeneration_RefreshTokens"] * 2
    pool.moods(TokenGeneration_RefreshTokens="fail")
    with pytest.raises(ClientError, match="PreTokenGeneration failed with error no thanks"):
        renew()


def test_a_first_password_is_told_of_as_such(pool: Watched) -> None:
    temporary = "Temp0rary!Passw0rd"
    pool.admin("admin_create_user", Username="ann", TemporaryPassword=temporary)
    asked = pool.sign_in(password=temporary)
    pool.moods()
    pool.app(
        "respond_to_auth_challenge",
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "NEW_PASSWORD": PASSWORD},
        ClientMetadata={"device": "7"},
    )
    assert pool.sources() == [
        "PostAuthentication_Authentication",
        "TokenGeneration_NewPasswordChallenge",
    ]
    for event in pool.seen():
        assert event["request"]["clientMetadata"] == {"device": "7"}


def test_claims_of_the_first_version_are_the_id_tokens(pool: Watched) -> None:
    pool.person()
    details = {
        "claimsToAddOrOverride": {"plan": "gold", "sub": "mine"},
        "claimsToSuppress": ["email"],
        "groupOverrideDetails": {"groupsToOverride": ["staff"]},
    }
    pool.moods(TokenGeneration_Authentication={"claimsOverrideDetails": details})
    result = pool.sign_in()["AuthenticationResult"]
    identity, access = claims(result["IdToken"]), claims(result["AccessToken"])
    assert (identity["plan"], "email" in identity, identity["sub"] == "mine") == (
        "gold",
        False,
        False,
    )
    assert "plan" not in access
    assert identity["cognito:groups"] == access["cognito:groups"] == ["staff"]
    told = pool.told("TokenGeneration_Authentication")
    assert (told["version"], told["response"]) == ("1", {"claimsOverrideDetails": None})
    assert told["request"]["groupConfiguration"]["groupsToOverride"] == []


def test_claims_of_the_second_version_are_both_tokens(aws: LocalAws, trigger: str) -> None:
    versioned = {"LambdaArn": trigger, "LambdaVersion": "V2_0"}
    config = {"PreTokenGeneration": trigger, "PreTokenGenerationConfig": versioned}
    pool = watched(aws, trigger, LambdaConfig=config)
    pool.person()
    details = {
        "idTokenGeneration": {"claimsToAddOrOverride": {"plan": "gold"}},
        "accessTokenGeneration": {
            "claimsToAddOrOverride": {"tenant": "t1"},
            "scopesToAdd": ["books/read"],
            "scopesToSuppress": ["aws.cognito.signin.user.admin"],
        },
        "groupOverrideDetails": {"groupsToOverride": ["staff"]},
    }
    answer = {"claimsAndScopeOverrideDetails": details}
    pool.moods(TokenGeneration_Authentication=answer)
    result = pool.sign_in()["AuthenticationResult"]
    identity, access = claims(result["IdToken"]), claims(result["AccessToken"])
    assert (identity["plan"], access["tenant"], access["scope"]) == ("gold", "t1", "books/read")
    assert identity["cognito:groups"] == access["cognito:groups"] == ["staff"]
    (told,) = pool.seen()
    assert (told["version"], told["request"]["scopes"]) == ("2", ["aws.cognito.signin.user.admin"])


def _resend(pool: Watched) -> None:
    pool.app("resend_confirmation_code", Username="new")


def _forget(pool: Watched) -> None:
    pool.app("forgot_password", Username="ann")


def _reset(pool: Watched) -> None:
    pool.admin("admin_reset_user_password", Username="ann")


def _invite(pool: Watched) -> None:
    pool.admin(
        "admin_create_user",
        Username="guest",
        UserAttributes=listed({"email": "guest@example.org"}),
        DesiredDeliveryMediums=["EMAIL"],
    )


def _change(pool: Watched) -> None:
    pool.cognito.update_user_attributes(
        AccessToken=pool.token("ann"), UserAttributes=listed({"email": "new@example.org"})
    )


def _change_by_an_administrator(pool: Watched) -> None:
    pool.admin(
        "admin_update_user_attributes",
        Username="ann",
        UserAttributes=listed({"email": "new@example.org"}),
    )


def _verify(pool: Watched) -> None:
    pool.cognito.get_user_attribute_verification_code(
        AccessToken=pool.token("ann"), AttributeName="email"
    )


MESSAGES = [
    ("CustomMessage_ResendCode", _resend),
    ("CustomMessage_ForgotPassword", _forget),
    ("CustomMessage_ForgotPassword", _reset),
    ("CustomMessage_AdminCreateUser", _invite),
    ("CustomMessage_UpdateUserAttribute", _change),
    ("CustomMessage_UpdateUserAttribute", _change_by_an_administrator),
    ("CustomMessage_VerifyUserAttribute", _verify),
]


@pytest.mark.parametrize(("source", "act"), MESSAGES)
def test_a_message_is_asked_for_and_can_be_refused(pool: Watched, source: str, act: Any) -> None:
    pool.sign_up("new", email="new-one@example.org")
    pool.person(email="ann@example.org", email_verified="true")
    act(pool)
    told = pool.told(source)
    assert told["request"]["codeParameter"] == "{####}"
    assert told["request"]["userAttributes"]["email"].endswith("@example.org")
    pool.moods(**{source: "fail"})
    pool.admin("admin_set_user_password", Username="ann", Password=PASSWORD, Permanent=True)
    if source == "CustomMessage_AdminCreateUser":
        pool.admin("admin_delete_user", Username="guest")
    back = listed({"email": "ann@example.org", "email_verified": "true"})
    pool.admin("admin_update_user_attributes", Username="ann", UserAttributes=back)
    with pytest.raises(
        ClientError, match=r"UserLambdaValidationException.*CustomMessage failed with error"
    ):
        act(pool)


def test_no_message_no_question(pool: Watched) -> None:
    pool.create("ann", email="ann@example.org")
    verified = listed({"email": "new@example.org", "email_verified": "true"})
    pool.admin("admin_update_user_attributes", Username="ann", UserAttributes=verified)
    pool.sign_up("ben")
    assert not [source for source in pool.sources() if source.startswith("CustomMessage")]


def test_a_code_by_sms_is_asked_for_and_verifies_the_number(aws: LocalAws, trigger: str) -> None:
    sms = {"SnsCallerArn": "arn:aws:iam::111111111111:role/sms"}
    pool = watched(aws, trigger, MfaConfiguration="OPTIONAL", SmsConfiguration=sms)
    pool.person(phone_number=TELEPHONE)
    wanted = {"Enabled": True, "PreferredMfa": True}
    pool.admin("admin_set_user_mfa_preference", Username="ann", SMSMfaSettings=wanted)
    asked = pool.sign_in()
    assert pool.sources() == ["PreAuthentication_Authentication", "CustomMessage_Authentication"]
    assert asked["ChallengeName"] == "SMS_MFA"
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "+*******0100"

    def answer(code: str) -> Any:
        return pool.app(
            "respond_to_auth_challenge",
            ChallengeName="SMS_MFA",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ann", "SMS_MFA_CODE": code},
        )

    with pytest.raises(ClientError, match="CodeMismatchException"):
        answer("000000")
    assert answer(CODE)["AuthenticationResult"]["AccessToken"]
    assert pool.user("ann")["phone_number_verified"] == "true"


def test_triggers_can_be_attached_and_taken_away(aws: LocalAws, trigger: str) -> None:
    pool = Watched(aws)
    pool.create("ann")
    pool.admin("update_user_pool", LambdaConfig={"PreSignUp": trigger})
    pool.create("ben")
    assert pool.sources() == ["PreSignUp_AdminCreateUser"]
    pool.admin("update_user_pool", AutoVerifiedAttributes=["email"])
    assert not pool.admin("describe_user_pool")["UserPool"].get("LambdaConfig")
    pool.create("cyd")
    assert len(pool.seen()) == 1
