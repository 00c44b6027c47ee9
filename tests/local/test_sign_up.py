"""Confirmation on the local AWS: the code, the verified contact, the trigger."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.conftest import eventually, function, hurried
from tests.local.pools import CODE, PASSWORD, TestPool

pytestmark = pytest.mark.local_aws
TRIGGER = """
import json, os, time
def handler(event, context):
    path = os.path.join(FOLDER, event["userPoolId"])
    with open(path, "a") as file:
        file.write(json.dumps(event) + "\\n")
    mood = event["request"].get("clientMetadata", {}).get("mood")
    if mood == "fail":
        raise ValueError("no thanks")
    while mood == "slow" and not os.path.exists(path + ".released"):
        time.sleep(0.02)
    return None if mood == "nothing" else event
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the trigger notes what it saw."""
    return tmp_path_factory.mktemp("fired")


@pytest.fixture(scope="module")
def trigger(aws: LocalAws, folder: Path) -> str:
    return function(aws, TRIGGER.replace("FOLDER", repr(str(folder))))


@pytest.fixture
def pool(aws: LocalAws, trigger: str) -> TestPool:
    settings = {
        "AutoVerifiedAttributes": ["email"],
        "LambdaConfig": {"PostConfirmation": trigger},
    }
    return TestPool(aws, settings=settings)


Fired = Callable[[TestPool], list[dict[str, Any]]]


@pytest.fixture
def fired(folder: Path) -> Fired:
    """The events that the trigger saw of a pool, in order."""

    def read(pool: TestPool) -> list[dict[str, Any]]:
        path = folder / pool.id
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    return read


def test_only_the_code_confirms_and_verifies_the_address(pool: TestPool) -> None:
    pool.sign_up("ann", email="ann@example.org")
    with pytest.raises(ClientError, match="CodeMismatchException"):
        pool.confirm("ann", "000000")
    assert pool.user("ann")["status"] == "UNCONFIRMED"
    pool.confirm("ann")
    assert pool.user("ann")["email_verified"] == "true"
    with pytest.raises(ClientError, match="Current status is CONFIRMED"):
        pool.confirm("ann")


def test_the_code_goes_to_the_phone_when_both_are_verified(aws: LocalAws) -> None:
    pool = TestPool(aws, settings={"AutoVerifiedAttributes": ["email", "phone_number"]})
    pool.sign_up("ann", email="ann@example.org", phone_number="+12065550100")
    pool.confirm("ann")
    user = pool.user("ann")
    assert user["phone_number_verified"] == "true"
    assert user.get("email_verified") != "true"


def test_an_administrators_confirmation_verifies_nothing(pool: TestPool, fired: Fired) -> None:
    pool.sign_up("ann", email="ann@example.org")
    pool.admin("admin_confirm_sign_up", Username="ann")
    assert pool.user("ann")["email_verified"] == "false"
    (event,) = fired(pool)
    assert event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"


def test_the_trigger_sees_the_confirmed_person(pool: TestPool, fired: Fired) -> None:
    sub = pool.sign_up("ann", email="ann@example.org")
    pool.confirm("ann", ClientMetadata={"campaign": "spring"})
    assert fired(pool) == [
        {
            "version": "1",
            "triggerSource": "PostConfirmation_ConfirmSignUp",
            "region": "us-east-1",
            "userPoolId": pool.id,
            "userName": "ann",
            "callerContext": {
                "awsSdkVersion": "aws-sdk-unknown-unknown",
                "clientId": pool.client,
            },
            "request": {
                "userAttributes": {
                    "sub": sub,
                    "email": "ann@example.org",
                    "email_verified": "true",
                    "cognito:user_status": "CONFIRMED",
                },
                "clientMetadata": {"campaign": "spring"},
            },
            "response": {},
        }
    ]


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ("fail", "UserLambdaValidationException.*PostConfirmation failed with error no thanks"),
        ("nothing", "InvalidLambdaResponseException.*Unrecognizable lambda output"),
    ],
)
def test_a_failing_trigger_fails_the_call_but_the_person_is_confirmed(
    pool: TestPool, mood: str, error: str
) -> None:
    pool.sign_up("ann", email="ann@example.org")
    with pytest.raises(ClientError, match=error):
        pool.confirm("ann", ClientMetadata={"mood": mood})
    assert pool.user("ann")["status"] == "CONFIRMED"


def test_a_slow_trigger_is_called_three_times(pool: TestPool, folder: Path, fired: Fired) -> None:
    pool.sign_up("ann", email="ann@example.org")
    pool.sign_up("warm", email="warm@example.org")
    pool.confirm("warm")
    with (
        hurried(pool.aws, "PostConfirmation"),
        pytest.raises(ClientError, match=r"UnexpectedLambdaException.*Socket timeout"),
    ):
        pool.confirm("ann", ClientMetadata={"mood": "slow"})
    (folder / f"{pool.id}.released").touch()

    def calls() -> int:
        return [e["userName"] for e in fired(pool)].count("ann")

    eventually(lambda: calls() >= 3)
    time.sleep(1.5)
    assert calls() == 3


def test_a_missing_function_fails_the_call(aws: LocalAws) -> None:
    missing = f"arn:aws:lambda:us-east-1:{aws.account}:function:gone"
    pool = TestPool(aws, settings={"LambdaConfig": {"PostConfirmation": missing}})
    pool.sign_up("ann", email="ann@example.org")
    with pytest.raises(ClientError, match="UnexpectedLambdaException"):
        pool.confirm("ann")


def test_recovery_needs_a_code_that_was_asked_for(pool: TestPool, fired: Fired) -> None:
    pool.sign_up("ann", email="ann@example.org")
    pool.confirm("ann")
    recovery = {"Username": "ann", "Password": PASSWORD + "2"}
    with pytest.raises(ClientError, match="ExpiredCodeException"):
        pool.app("confirm_forgot_password", ConfirmationCode=CODE, **recovery)
    pool.app("forgot_password", Username="ann")
    with pytest.raises(ClientError, match="CodeMismatchException"):
        pool.app("confirm_forgot_password", ConfirmationCode="1", **recovery)
    pool.app("confirm_forgot_password", ConfirmationCode=CODE, **recovery)
    assert fired(pool)[-1]["triggerSource"] == "PostConfirmation_ConfirmForgotPassword"


def test_nothing_fires_for_a_refused_confirmation_or_a_created_user(
    pool: TestPool, fired: Fired
) -> None:
    pool.sign_up("ann", email="ann@example.org")
    with pytest.raises(ClientError):
        pool.confirm("ann", "000000")
    pool.create("bob", email="bob@example.org")
    assert fired(pool) == []
