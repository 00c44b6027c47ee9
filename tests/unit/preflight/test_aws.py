"""The adapter against moto, and, where moto has no such operation, against the answers that the
service's model describes; each also as its twin says it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from boto3.session import Session
from botocore.stub import Stubber
from joserfc.jwk import RSAKey
from moto import mock_aws
from moto.cognitoidp import models

from preflight.aws import AwsAccount, of_this_shell
from preflight.ports import (
    Account,
    Caller,
    NoCredentialsError,
    NotAllowedError,
    NotSeenError,
    Sending,
    Stack,
)
from tests.twins.account import MemoryAccount
from tests.unit.preflight.worlds import ACCOUNT

REGION = "eu-west-1"


@pytest.fixture
def world(session: Session) -> Iterator[AwsAccount]:
    with mock_aws():
        yield AwsAccount(session)


@pytest.fixture(scope="module")
def session() -> Session:
    """One for all: each reads the services' models anew."""
    return _session()


@cache
def _session() -> Session:
    return Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)


def _client(service: str) -> Any:
    made: Any = _session()
    return made.client(service)


def _fill() -> tuple[str, str]:
    """Everything that is looked for, made; the key and the topic."""
    _client("ssm").put_parameter(Name="/cdk-bootstrap/q/version", Value="21", Type="String")
    ses = _client("sesv2")
    ses.create_email_identity(EmailIdentity="example.org")
    ses.create_configuration_set(ConfigurationSetName="codes")
    _client("dynamodb").create_table(
        TableName="standby-ledger",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
    )
    _client("s3").create_bucket(
        Bucket="standby-bucket", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    topic = _client("sns").create_topic(Name="standby-alarms")["TopicArn"]
    key = _client("kms").create_key(
        KeyUsage="ENCRYPT_DECRYPT", Policy=json.dumps({"Statement": [{"Sid": "mine"}]})
    )
    return key["KeyMetadata"]["Arn"], topic


def test_what_is_there_is_seen(world: AwsAccount) -> None:
    key_arn, topic = _fill()
    pools = [_client("cognito-idp").create_user_pool(PoolName=n) for n in ("a", "standby-users")]
    assert world.caller().account == "123456789012"
    assert world.bootstrap_version(REGION, "q") == 21
    assert world.mail_identity_verified(REGION, "example.org") is not None
    assert world.has_configuration_set(REGION, "codes")
    assert world.has_table(REGION, "standby-ledger")
    assert world.has_bucket(REGION, "standby-bucket")
    assert world.pools_named(REGION, "standby-users") == [pools[1]["UserPool"]["Id"]]
    assert world.subscribers(topic) == 0
    _client("sqs").create_queue(QueueName="heard")
    queue = f"arn:aws:sqs:{REGION}:123456789012:heard"
    _client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    assert world.subscribers(topic) == 1
    key = world.key(key_arn)
    assert key is not None
    assert (key.enabled, key.symmetric) == (True, True)
    assert key.policy == {"Statement": [{"Sid": "mine"}]}
    _client("kms").disable_key(KeyId=key_arn.rpartition("/")[2])
    disabled = world.key(key_arn)
    assert disabled is not None
    assert not disabled.enabled


def test_triggers_of_a_pool(world: AwsAccount) -> None:
    hook = f"arn:aws:lambda:{REGION}:123456789012:function:theirs"
    versioned = {"LambdaVersion": "V2_0", "LambdaArn": hook}
    config = {"PreSignUp": hook, "PreTokenGenerationConfig": versioned}
    client = _client("cognito-idp")
    pool = client.create_user_pool(PoolName="p", LambdaConfig=config)["UserPool"]["Id"]
    assert world.pool_triggers(REGION, pool) == {"PreSignUp": hook}
    plain = client.create_user_pool(PoolName="q")["UserPool"]["Id"]
    assert world.pool_triggers(REGION, plain) == {}


@pytest.fixture
def one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto proves the same key for each pool, which takes longer than all else."""
    made = cache(lambda text: RSAKey.import_key(json.loads(text)))
    monkeypatch.setattr(
        models.jwk, "RSAKey", SimpleNamespace(import_key=lambda k: made(json.dumps(k)))
    )


def test_more_pools_than_a_page(world: AwsAccount, one_key: None) -> None:
    client = _client("cognito-idp")
    wanted = [client.create_user_pool(PoolName=f"p{i // 70}")["UserPool"]["Id"] for i in range(72)]
    assert sorted(world.pools_named(REGION, "p1")) == sorted(wanted[70:])


@pytest.fixture(params=["aws", "twin"])
def empty(request: pytest.FixtureRequest) -> Iterator[Account]:
    if request.param == "twin":
        yield MemoryAccount(bootstrapped={(REGION, "q"): None})
        return
    yield request.getfixturevalue("world")


def test_what_is_not_there_is_absent_and_no_error(empty: Account) -> None:
    assert empty.bootstrap_version(REGION, "q") is None
    assert empty.mail_identity_verified(REGION, "example.org") is None
    assert not empty.has_configuration_set(REGION, "codes")
    assert not empty.has_table(REGION, "standby-ledger")
    assert not empty.has_bucket(REGION, "standby-bucket")
    assert list(empty.pools_named(REGION, "standby-users")) == []
    assert empty.pool_triggers(REGION, f"{REGION}_None") is None
    assert empty.subscribers(f"arn:aws:sns:{REGION}:{ACCOUNT}:standby-alarms") is None
    assert (
        empty.key(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{'0' * 8}-0000-0000-0000-{'0' * 12}") is None
    )


class _Stubbed:
    """A session whose clients answer what a test says, checked against the service's model."""

    region_name = REGION

    def __init__(self, session: Any, service: str) -> None:
        self.client_of = session.client(service, region_name=REGION)
        self.stubber = Stubber(self.client_of)
        self.stubber.activate()

    def client(self, *_: Any, **__: Any) -> Any:
        return self.client_of


def test_a_stack(session: Session) -> None:
    """moto's CloudFormation takes packages that are not installed."""
    cloudformation = _Stubbed(session, "cloudformation")
    stub, account = cloudformation.stubber, AwsAccount(cloudformation)
    told = {
        "StackName": "standby-data",
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
        "StackStatus": "CREATE_COMPLETE",
        "EnableTerminationProtection": True,
    }
    stub.add_response("describe_stacks", {"Stacks": [told]}, {"StackName": "standby-data"})
    stub.add_client_error("describe_stacks", "ValidationError", "does not exist")
    there = account.stack(REGION, "standby-data")
    assert there == Stack("standby-data", "CREATE_COMPLETE", protected=True)
    assert account.stack(REGION, "standby-data") is None


def test_answers_that_moto_does_not_give(session: Session) -> None:
    lambda_ = _Stubbed(session, "lambda")
    limits = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
    lambda_.stubber.add_response("get_account_settings", {"AccountLimit": limits})
    assert AwsAccount(lambda_).lambda_concurrency(REGION) == 10

    ses = _Stubbed(session, "sesv2")
    quota = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 0.0}
    told = {"ProductionAccessEnabled": False, "SendingEnabled": True, "SendQuota": quota}
    ses.stubber.add_response("get_account", told)
    assert AwsAccount(ses).mail_sending(REGION) == Sending(
        production=False, enabled=True, mails_a_day=200
    )

    sns = _Stubbed(session, "sns")
    sns.stubber.add_response("get_sms_sandbox_account_status", {"IsInSandbox": True})
    assert AwsAccount(sns).sms_sandbox(REGION)

    gateway = _Stubbed(session, "apigateway")
    gateway.stubber.add_response("get_account", {"cloudwatchRoleArn": "arn:aws:iam::1:role/r"})
    gateway.stubber.add_response("get_account", {})
    gateways = AwsAccount(gateway)
    assert gateways.gateway_log_role(REGION) == "arn:aws:iam::1:role/r"
    assert gateways.gateway_log_role(REGION) is None

    quotas = _Stubbed(session, "service-quotas")
    pages: list[dict[str, Any]] = [
        {
            "Quotas": [
                {"QuotaName": "Rate of UserCreation requests", "Value": 50.0},
                {"QuotaName": "User pools per account", "Value": 1000.0},
            ],
            "NextToken": "more",
        },
        {"Quotas": [{"QuotaName": "Rate of UserList requests", "Value": 30.0}]},
    ]
    for page in pages:
        quotas.stubber.add_response("list_service_quotas", page)
    assert AwsAccount(quotas).cognito_quotas(REGION) == {"UserCreation": 50.0, "UserList": 30.0}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", NotAllowedError),
        ("ExpiredTokenException", NoCredentialsError),
        ("InternalError", NotSeenError),
    ],
)
def test_errors_are_told_by_code_alone(session: Session, code: str, kind: type[Exception]) -> None:
    sts = _Stubbed(session, "sts")
    secret = "user/somebody is not allowed"
    sts.stubber.add_client_error("get_caller_identity", code, secret)
    with pytest.raises(kind) as error:
        AwsAccount(sts).caller()
    assert code in str(error.value)
    assert "somebody" not in str(error.value)


def test_an_answer_without_a_code_is_told_in_words(session: Session) -> None:
    """The SDK takes the HTTP status for the code where the answer names none."""
    quotas = _Stubbed(session, "service-quotas")
    quotas.stubber.add_client_error("list_service_quotas", "400", "", http_status_code=400)
    with pytest.raises(NotSeenError, match="ListServiceQuotas: HTTP 400 without an error code"):
        AwsAccount(quotas).cognito_quotas(REGION)


def test_the_caller(session: Session) -> None:
    sts = _Stubbed(session, "sts")
    arn = f"arn:aws:iam::{ACCOUNT}:user/operator"
    sts.stubber.add_response("get_caller_identity", {"Account": ACCOUNT, "Arn": arn})
    assert AwsAccount(sts).caller() == Caller(ACCOUNT, arn) == MemoryAccount().caller()


_MFA = """[profile it]
role_arn = arn:aws:iam::111122223333:role/deployer
source_profile = one
mfa_serial = arn:aws:iam::111122223333:mfa/one
[profile one]
aws_access_key_id = AKIA
aws_secret_access_key = secret"""


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("aws_access_key_id = AKIA", "PartialCredentialsError"),
        ("credential_process = /none/such", "FileNotFoundError"),
        ("credential_process = /bin/false", "CredentialRetrievalError"),
        ("credential_process = /bin/echo hello", "JSONDecodeError"),
        ("role_arn = arn:aws:iam::111122223333:role/a\nsource_profile = none", "InvalidConfig"),
        ("role_arn = arn:aws:iam::1:role/a\nweb_identity_token_file = /none", "FileNotFoundError"),
        ("role_arn = arn:aws:iam::1:role/a", "PartialCredentialsError"),
        (_MFA, "no terminal"),
    ],
)
def test_credentials_that_cannot_be_had_are_told_and_asked_for_nowhere(
    tmp_path: Path, profile: str, said: str
) -> None:
    """Whatever is wrong with a profile is one finding; without a terminal nobody is prompted."""
    config = tmp_path / "config"
    config.write_text(profile if profile.startswith("[") else f"[profile it]\n{profile}\n")
    core = botocore.session.get_session()
    core.set_config_variable("profile", "it")
    core.set_config_variable("config_file", str(config))
    core.set_config_variable("credentials_file", str(tmp_path / "none"))
    account = of_this_shell(asking=False, core=core)
    with pytest.raises(NoCredentialsError, match=said):
        account.caller()
