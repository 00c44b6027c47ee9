"""What a function is told that lacks a right, service by service."""

from __future__ import annotations

from typing import Any

import pytest

from local.emulator import LocalAws
from tests.local.conftest import REGION, document, unique
from tests.local.rights.holders import allow, call, caller, put_policy, role

pytestmark = pytest.mark.local_aws
TABLE, TOPIC, QUEUE = "rights-table", "rights-topic", "rights-queue"
MACHINE = f"arn:aws:states:{REGION}:111111111111:stateMachine:none"


@pytest.fixture(scope="module", autouse=True)
def things(aws: LocalAws) -> dict[str, str]:
    """Something of each service; the queue has no policy of its own."""
    aws.client("dynamodb", REGION).create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    aws.client("s3", REGION).create_bucket(Bucket="rights-bucket")
    pool = aws.client("cognito-idp", REGION).create_user_pool(PoolName="rights")["UserPool"]["Id"]
    return {
        "topic": aws.client("sns", REGION).create_topic(Name=TOPIC)["TopicArn"],
        "queue": aws.client("sqs", REGION).create_queue(QueueName=QUEUE)["QueueUrl"],
        "key": aws.client("kms", REGION).create_key()["KeyMetadata"]["Arn"],
        "pool": pool,
    }


@pytest.fixture(scope="module")
def nobody(aws: LocalAws) -> str:
    return caller(aws, role(aws))


ITEM = {"TableName": TABLE, "Key": {"id": {"S": "x"}}}
CALLS: list[tuple[str, str, dict[str, Any], str, int]] = [
    ("dynamodb", "get_item", ITEM, "AccessDeniedException", 400),
    (
        *("dynamodb", "batch_get_item"),
        *({"RequestItems": {TABLE: {"Keys": [{"id": {"S": "x"}}]}}}, "AccessDeniedException", 400),
    ),
    ("cognito-idp", "list_users", {"UserPoolId": "{pool}"}, "AccessDeniedException", 400),
    (
        "stepfunctions",
        "start_execution",
        {"stateMachineArn": MACHINE},
        "AccessDeniedException",
        400,
    ),
    (
        *("events", "put_events"),
        {"Entries": [{"Source": "a", "DetailType": "b", "Detail": "{}"}]},
        *("AccessDeniedException", 400),
    ),
    ("kms", "describe_key", {"KeyId": "{key}"}, "AccessDeniedException", 400),
    ("ssm", "get_parameter", {"Name": "x"}, "AccessDeniedException", 400),
    ("lambda", "invoke", {"FunctionName": "none"}, "AccessDeniedException", 403),
    ("sqs", "send_message", {"QueueUrl": "{queue}", "MessageBody": "x"}, "AccessDenied", 403),
    ("sns", "publish", {"TopicArn": "{topic}", "Message": "x"}, "AuthorizationError", 403),
    ("s3", "get_object", {"Bucket": "rights-bucket", "Key": "x"}, "AccessDenied", 403),
    ("s3", "put_object", {"Bucket": "rights-bucket", "Key": "x", "Body": "y"}, "AccessDenied", 403),
    ("s3", "head_object", {"Bucket": "rights-bucket", "Key": "x"}, "403", 403),
    (
        *("cloudwatch", "put_metric_data"),
        {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1}]},
        *("AccessDenied", 403),
    ),
]


@pytest.mark.parametrize(
    ("service", "operation", "given", "code", "status"), CALLS, ids=lambda one: str(one)[:30]
)
def test_each_service_refuses_in_its_own_words(
    aws: LocalAws,
    nobody: str,
    things: dict[str, str],
    service: str,
    operation: str,
    given: dict[str, Any],
    code: str,
    status: int,
) -> None:
    filled = {k: v.format(**things) if isinstance(v, str) else v for k, v in given.items()}
    told = call(aws, nobody, service, operation, **filled)
    assert (told["code"], told["status"]) == (code, status), told
    if operation != "head_object":
        assert "is not authorized to perform: " in told["text"]
        assert "because no identity-based policy allows the " in told["text"]


def test_what_is_granted_is_done_and_a_change_counts_at_once(aws: LocalAws) -> None:
    arn = role(aws)
    function = caller(aws, arn)
    assert call(aws, function, "dynamodb", "get_item", **ITEM)["code"] == "AccessDeniedException"
    table = f"arn:aws:dynamodb:{REGION}:{aws.account}:table/{TABLE}"
    put_policy(aws, arn, allow("dynamodb:GetItem", table))
    assert call(aws, function, "dynamodb", "get_item", **ITEM)["code"] == ""
    used = [one for one in aws.rights.state()["used"] if one["role"] == arn.rsplit("/", 1)[-1]]
    assert [(one["policy"], one["action"]) for one in used] == [("inline", "dynamodb:GetItem")]


def test_a_boundary_bounds(aws: LocalAws) -> None:
    iam = aws.client("iam", REGION)
    boundary = iam.create_policy(
        PolicyName=unique("boundary"), PolicyDocument=document(allow("sqs:*"))
    )["Policy"]["Arn"]
    function = caller(aws, role(aws, allow("dynamodb:*"), PermissionsBoundary=boundary))
    told = call(aws, function, "dynamodb", "get_item", **ITEM)
    assert told["code"] == "AccessDeniedException"
    assert "because no permissions boundary allows" in told["text"]


def test_a_role_that_lambda_may_not_assume_may_nothing(aws: LocalAws) -> None:
    function = caller(aws, role(aws, allow("dynamodb:*"), trusts="states"))
    told = call(aws, function, "dynamodb", "get_item", **ITEM)
    assert told["code"] == "AccessDeniedException"
    assert "sts:AssumeRole" in told["text"]


def test_an_absent_object_is_told_only_to_those_who_may_list(aws: LocalAws) -> None:
    arn = role(aws, allow("s3:GetObject", "arn:aws:s3:::rights-bucket/*"))
    function, given = caller(aws, arn), {"Bucket": "rights-bucket", "Key": "absent"}
    assert call(aws, function, "s3", "get_object", **given)["code"] == "AccessDenied"
    listing = allow("s3:ListBucket", "arn:aws:s3:::rights-bucket")
    put_policy(aws, arn, allow("s3:GetObject", "arn:aws:s3:::rights-bucket/*"), listing)
    assert call(aws, function, "s3", "get_object", **given)["code"] == "NoSuchKey"


def test_an_explicit_denial_of_the_queue_counts(aws: LocalAws) -> None:
    sqs = aws.client("sqs", REGION)
    url = sqs.create_queue(QueueName=unique("denying"))["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{aws.account}:{url.rsplit('/', 1)[-1]}"
    function = caller(aws, role(aws, allow("sqs:SendMessage", arn)))
    assert call(aws, function, "sqs", "send_message", QueueUrl=url, MessageBody="x")["code"] == ""
    denial = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(denial)})
    told = call(aws, function, "sqs", "send_message", QueueUrl=url, MessageBody="x")
    assert told["code"] == "AccessDenied"
    assert "with an explicit deny" in told["text"]


def test_tests_and_operators_are_administrators(aws: LocalAws) -> None:
    assert "Items" in aws.client("dynamodb", REGION).scan(TableName=TABLE)
