"""CloudTrail's events of Cognito calls on the default bus of the local AWS."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.control import set_trail
from local.emulator import LocalAws
from tests.local.conftest import (
    OTHER_REGION,
    REGION,
    ROLE,
    eventually,
    function,
    queue,
    received,
    unique,
)
from tests.local.pools import CODE, PASSWORD, TestPool, listed

pytestmark = pytest.mark.local_aws
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
LOOP = {
    "userIdentity": {
        "sessionContext": {"sessionIssuer": {"arn": [{"exists": False}, {"anything-but": [ROLE]}]}}
    },
    "errorCode": [{"exists": False}],
}


class Watch:
    """A rule on a default bus, for one pool, into a queue."""

    def __init__(
        self, aws: LocalAws, region: str = REGION, detail: dict[str, Any] | None = None
    ) -> None:
        self._aws, self._region = aws, region
        self._url, arn = queue(aws, region)
        pattern = {"source": ["aws.cognito-idp"], **({"detail": detail} if detail else {})}
        rule, events = unique("rule"), aws.client("events", region)
        events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
        self.seen: list[dict[str, Any]] = []

    def find(self, pool: TestPool, name: str) -> Any:
        self.seen += received(self._aws, self._url, self._region)
        for event in self.seen:
            detail = event["detail"]
            told = {**detail["requestParameters"], **detail["additionalEventData"]}
            if told.get("userPoolId") == pool.id and detail["eventName"] == name:
                return event
        return None

    def wait(self, pool: TestPool, name: str) -> dict[str, Any]:
        return dict(eventually(lambda: self.find(pool, name)))


@pytest.fixture(scope="module")
def watch(aws: LocalAws) -> Watch:
    return Watch(aws)


@pytest.fixture
def pool(aws: LocalAws) -> TestPool:
    return TestPool(aws)


@pytest.fixture(autouse=True)
def trail(aws: LocalAws) -> Iterator[Any]:
    assert aws.gaps
    yield aws.gaps.trail
    aws.gaps.trail.delay, aws.gaps.trail.drop = 0.0, ()


def test_an_administrators_write_is_told_without_personal_data(
    pool: TestPool, watch: Watch
) -> None:
    sub = pool.user(pool.create("ann", email="ann@example.org"))["sub"]
    attributes = listed({"name": "Ann Secret"})
    pool.admin("admin_update_user_attributes", Username="ann", UserAttributes=attributes)
    event = watch.wait(pool, "AdminUpdateUserAttributes")
    detail = event["detail"]
    assert event["detail-type"] == "AWS API Call via CloudTrail"
    assert detail["requestParameters"] == {
        "userPoolId": pool.id,
        "username": HIDDEN,
        "userAttributes": HIDDEN,
    }
    assert detail["additionalEventData"]["sub"] == sub
    assert detail["userIdentity"]["type"] == "IAMUser"
    assert (detail["readOnly"], detail.get("errorCode")) == (False, None)
    assert "Ann Secret" not in json.dumps(event)
    assert "ann@example.org" not in json.dumps(event)


def test_a_groups_name_is_told(pool: TestPool, watch: Watch) -> None:
    pool.create("ann")
    pool.admin("create_group", GroupName="staff")
    pool.admin("admin_add_user_to_group", Username="ann", GroupName="staff")
    detail = watch.wait(pool, "AdminAddUserToGroup")["detail"]
    assert detail["requestParameters"]["groupName"] == "staff"
    assert "sub" not in watch.wait(pool, "CreateGroup")["detail"]["additionalEventData"]


def test_a_persons_own_calls_come_from_nobody(pool: TestPool, watch: Watch) -> None:
    sub = pool.sign_up("ann", email="ann@example.org")
    pool.confirm("ann")
    token = pool.token("ann")
    pool.cognito.update_user_attributes(AccessToken=token, UserAttributes=listed({"name": "A"}))
    pool.cognito.delete_user(AccessToken=token)
    for name in ("SignUp", "ConfirmSignUp", "UpdateUserAttributes", "DeleteUser"):
        detail = watch.wait(pool, name)["detail"]
        assert detail["userIdentity"]["type"] == "Unknown"
        assert "sessionContext" not in detail["userIdentity"]
        assert detail["additionalEventData"] == {"sub": sub, "userPoolId": pool.id}


def test_an_answered_challenge_is_named_and_its_answers_are_not(
    aws: LocalAws, watch: Watch
) -> None:
    pool = TestPool(aws)
    texts = {"SmsConfiguration": {"SnsCallerArn": ROLE}}
    pool.admin("set_user_pool_mfa_config", MfaConfiguration="OPTIONAL", SmsMfaConfiguration=texts)
    sub = pool.sign_up("ann", phone_number="+12065550100")
    pool.admin("admin_confirm_sign_up", Username="ann")
    pool.admin("admin_set_user_mfa_preference", Username="ann", SMSMfaSettings={"Enabled": True})
    parameters = {"USERNAME": "ann", "PASSWORD": PASSWORD}
    asked = pool.app("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    pool.app(
        "respond_to_auth_challenge",
        ChallengeName="SMS_MFA",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "SMS_MFA_CODE": CODE},
    )
    detail = watch.wait(pool, "RespondToAuthChallenge")["detail"]
    assert detail["requestParameters"] == {
        "clientId": pool.client,
        "challengeName": "SMS_MFA",
        "session": HIDDEN,
        "challengeResponses": HIDDEN,
    }
    assert detail["additionalEventData"] == {"sub": sub, "userPoolId": pool.id}


def test_a_deleted_user_is_still_named(pool: TestPool, watch: Watch) -> None:
    sub = pool.user(pool.create("ann"))["sub"]
    pool.admin("admin_delete_user", Username="ann")
    assert watch.wait(pool, "AdminDeleteUser")["detail"]["additionalEventData"]["sub"] == sub


def test_a_failed_call_carries_its_error(pool: TestPool, watch: Watch) -> None:
    with pytest.raises(ClientError):
        pool.admin("admin_disable_user", Username="nobody")
    detail = watch.wait(pool, "AdminDisableUser")["detail"]
    assert detail["errorCode"] == "UserNotFoundException"


def test_reading_is_not_told(pool: TestPool, watch: Watch) -> None:
    pool.create("ann")
    pool.user("ann")
    pool.admin("list_users")
    watch.wait(pool, "AdminCreateUser")
    names = {e["detail"]["eventName"] for e in watch.seen}
    assert not names & {"AdminGetUser", "ListUsers", "DescribeUserPool"}


def test_a_function_is_known_by_its_role_and_can_be_left_out(aws: LocalAws, pool: TestPool) -> None:
    source = (
        "import boto3\n"
        "def handler(event, context):\n"
        "  boto3.client('cognito-idp').admin_disable_user(**event)\n"
    )
    others, everyone = Watch(aws, detail=LOOP), Watch(aws)
    pool.create("ann")
    payload = json.dumps({"UserPoolId": pool.id, "Username": "ann"})
    aws.client("lambda", REGION).invoke(FunctionName=function(aws, source), Payload=payload)
    issuer = everyone.wait(pool, "AdminDisableUser")["detail"]["userIdentity"]
    assert issuer["sessionContext"]["sessionIssuer"]["arn"] == ROLE
    assert issuer["arn"].startswith(f"arn:aws:sts::{aws.account}:assumed-role/trial/")
    pool.admin("admin_enable_user", Username="ann")
    others.wait(pool, "AdminEnableUser")
    assert others.find(pool, "AdminDisableUser") is None


def test_events_stay_in_their_region(aws: LocalAws) -> None:
    here, there = Watch(aws), Watch(aws, OTHER_REGION)
    pool = TestPool(aws, region=OTHER_REGION)
    pool.app("sign_up", Username="ann", Password=PASSWORD)
    assert there.wait(pool, "SignUp")["region"] == OTHER_REGION
    assert here.find(pool, "SignUp") is None


def test_events_can_be_lost_or_late(pool: TestPool, watch: Watch, trail: Any) -> None:
    set_trail(pool.aws.endpoint, delay=0.6, drop=["AdminDis*"])
    assert (trail.delay, trail.drop) == (0.6, ["AdminDis*"])
    pool.create("ann")
    pool.admin("admin_disable_user", Username="ann")
    started = time.monotonic()
    pool.admin("admin_enable_user", Username="ann")
    watch.wait(pool, "AdminEnableUser")
    assert time.monotonic() - started > 0.5
    assert watch.find(pool, "AdminDisableUser") is None
