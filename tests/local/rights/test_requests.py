"""What requests need, beside the pages of AWS that say so."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from local.rights.catalogue import check_access
from local.rights.model import Access, UnknownToJudgeError
from local.rights.needs.things import WITHOUT_RIGHTS
from local.rights.requests import accesses_of
from local.rights.surroundings import Surroundings

ACCOUNT, REGION = "111122223333", "eu-west-1"


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


RECORDS, LEDGER = arn("dynamodb", "table/records"), arn("dynamodb", "table/ledger")
KEY = arn("kms", "key/1")
QUEUE, TOPIC = arn("sqs", "letters"), arn("sns", "alarms")
MACHINE = arn("states", "stateMachine:sync")
PLAIN = Surroundings(
    {
        RECORDS: "origin_sub",
        LEDGER: "subject",
        f"{RECORDS}/index/by-shard": "shard_id",
    }
)
KEYED = Surroundings(
    PLAIN.partition_keys,
    dict.fromkeys((RECORDS, QUEUE, TOPIC, "arn:aws:s3:::runs"), KEY),
)


def needs(
    service: str, operation: str, surroundings: Surroundings = PLAIN, **parameters: Any
) -> tuple[Access, ...]:
    found = accesses_of(
        service,
        operation,
        parameters,
        region=REGION,
        account=ACCOUNT,
        surroundings=surroundings,
    )
    for access in found:
        check_access(access)
    return found


def pairs(accesses: tuple[Access, ...]) -> list[tuple[str, str]]:
    return [(one.action, one.resource) for one in accesses]


def test_of_a_table_that_is_not_there_no_key_is_told() -> None:
    """So a right on some keys refuses, and any other meets DynamoDB's own answer."""
    gone = Surroundings()
    condition = {
        "KeyConditionExpression": "a = :a",
        "ExpressionAttributeValues": {":a": {"S": "x"}},
    }
    keys = {"records": {"Keys": [key("one")]}}
    for told in (
        needs("dynamodb", "GetItem", gone, TableName="records", Key=key("one")),
        needs("dynamodb", "BatchGetItem", gone, RequestItems=keys),
        needs("dynamodb", "Query", gone, TableName="records", **condition),
    ):
        (access,) = told
        assert "dynamodb:leadingkeys" not in {name.lower() for name in access.context}


def key(subject: str) -> dict[str, Any]:
    return {"subject": {"S": subject}}


def leading(access: Access) -> tuple[str, ...]:
    return access.context["dynamodb:leadingkeys"]


@pytest.mark.parametrize("operation", ["GetItem", "UpdateItem", "DeleteItem", "PutItem"])
def test_an_item(operation: str) -> None:
    part: dict[str, Any] = {"Key": key("#run")}
    if operation == "PutItem":
        part = {"Item": {**key("#run"), "x": {"S": "y"}}}
    (found,) = needs("dynamodb", operation, TableName="ledger", **part)
    assert (found.action, found.resource) == (f"dynamodb:{operation}", LEDGER)
    assert leading(found) == ("#run",)
    assert found.context["aws:securetransport"] == ("true",)
    assert found.context["aws:requestedregion"] == (REGION,)


def test_a_batch_needs_each_table_with_its_keys() -> None:
    records = [{"origin_sub": {"S": "a"}, "region": {"S": r}} for r in ("one", "two")]
    asked = {"ledger": {"Keys": [key("a"), key("b")]}, "records": {"Keys": records}}
    ledger, found = needs("dynamodb", "BatchGetItem", RequestItems=asked)
    assert (ledger.resource, leading(ledger)) == (LEDGER, ("a", "b"))
    assert (found.resource, leading(found)) == (RECORDS, ("a",))


def test_a_written_batch() -> None:
    asked = [{"PutRequest": {"Item": key("a")}}, {"DeleteRequest": {"Key": key("b")}}]
    (found,) = needs("dynamodb", "BatchWriteItem", RequestItems={"ledger": asked})
    assert (found.action, leading(found)) == ("dynamodb:BatchWriteItem", ("a", "b"))


def test_a_transaction_needs_what_its_parts_need() -> None:
    parts = [
        {"Put": {"TableName": "ledger", "Item": key("#sub#a")}},
        {"Update": {"TableName": "ledger", "Key": key("a")}},
        {"Delete": {"TableName": LEDGER, "Key": key("b")}},
        {"ConditionCheck": {"TableName": "ledger", "Key": key("c")}},
    ]
    found = needs("dynamodb", "TransactWriteItems", TransactItems=parts)
    names = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"]
    assert pairs(found) == [(f"dynamodb:{name}", LEDGER) for name in names]
    assert [leading(one) for one in found] == [("#sub#a",), ("a",), ("b",), ("c",)]
    enclosing = "dynamodb:enclosingoperation"
    assert found[0].context[enclosing] == ("TransactWriteItems",)


def test_a_query_of_an_index_needs_the_index_alone() -> None:
    (found,) = needs(
        "dynamodb",
        "Query",
        TableName="records",
        IndexName="by-shard",
        KeyConditionExpression="region = :r AND #shard = :shard",
        ExpressionAttributeNames={"#shard": "shard_id"},
        ExpressionAttributeValues={":shard": {"S": "0a"}, ":r": {"S": "x"}},
    )
    assert pairs((found,)) == [("dynamodb:Query", f"{RECORDS}/index/by-shard")]
    assert leading(found) == ("0a",)


def test_a_restore_needs_its_action_on_the_source_and_reading_and_writing_on_the_target() -> None:
    """DynamoDB developer guide, "Using IAM with DynamoDB backup and restore"."""
    found = needs(
        "dynamodb",
        "RestoreTableToPointInTime",
        SourceTableName="records",
        TargetTableName="past",
        UseLatestRestorableTime=True,
    )
    target = arn("dynamodb", "table/past")
    actions = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"]
    assert pairs(found) == [
        ("dynamodb:RestoreTableToPointInTime", RECORDS),
        *((f"dynamodb:{action}", target) for action in actions),
    ]
    assert not any("dynamodb:leadingkeys" in one.context for one in found)


def test_a_scan_has_no_leading_key() -> None:
    (found,) = needs("dynamodb", "Scan", TableName="records")
    assert pairs((found,)) == [("dynamodb:Scan", RECORDS)]
    assert "dynamodb:leadingkeys" not in found.context


EXECUTION = arn("states", "execution:sync:one")
POOL = {"UserPoolId": "eu-west-1_Pool"}
SIMPLE: list[tuple[str, str, dict[str, Any], list[tuple[str, str]]]] = [
    (
        "stepfunctions",
        "StartExecution",
        {"stateMachineArn": MACHINE},
        [("states:StartExecution", MACHINE)],
    ),
    (
        "stepfunctions",
        "StartSyncExecution",
        {"stateMachineArn": MACHINE},
        [("states:StartSyncExecution", MACHINE)],
    ),
    (
        "stepfunctions",
        "ListExecutions",
        {"stateMachineArn": MACHINE},
        [("states:ListExecutions", MACHINE)],
    ),
    (
        "stepfunctions",
        "DescribeExecution",
        {"executionArn": EXECUTION},
        [("states:DescribeExecution", EXECUTION)],
    ),
    (
        "stepfunctions",
        "RedriveExecution",
        {"executionArn": EXECUTION},
        [("states:RedriveExecution", EXECUTION)],
    ),
    (
        "stepfunctions",
        "SendTaskSuccess",
        {"taskToken": "t", "output": "{}"},
        [("states:SendTaskSuccess", "*")],
    ),
    (
        "cognito-idp",
        "AdminGetUser",
        POOL,
        [("cognito-idp:AdminGetUser", arn("cognito-idp", "userpool/eu-west-1_Pool"))],
    ),
    ("cognito-idp", "SignUp", {"ClientId": "c"}, []),
    (
        "sqs",
        "SendMessage",
        {"QueueUrl": f"http://127.0.0.1:4566/{ACCOUNT}/letters"},
        [("sqs:SendMessage", QUEUE)],
    ),
    (
        "sqs",
        "SendMessageBatch",
        {"QueueUrl": f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/letters"},
        [("sqs:SendMessage", QUEUE)],
    ),
    (
        "sqs",
        "DeleteMessageBatch",
        {"QueueUrl": f"/{ACCOUNT}/letters"},
        [("sqs:DeleteMessage", QUEUE)],
    ),
    ("sns", "Publish", {"TopicArn": TOPIC}, [("sns:Publish", TOPIC)]),
    (
        "s3",
        "GetObject",
        {"Bucket": "runs", "Key": "runs/a:b"},
        [("s3:GetObject", "arn:aws:s3:::runs/runs/a:b")],
    ),
    ("s3", "HeadObject", {"Bucket": "runs", "Key": "a"}, [("s3:GetObject", "arn:aws:s3:::runs/a")]),
    (
        "s3",
        "GetObject",
        {"Bucket": "runs", "Key": "a", "VersionId": "1"},
        [("s3:GetObjectVersion", "arn:aws:s3:::runs/a")],
    ),
    ("s3", "UploadPart", {"Bucket": "runs", "Key": "a"}, [("s3:PutObject", "arn:aws:s3:::runs/a")]),
    (
        "s3",
        "ListObjectsV2",
        {"Bucket": "runs", "Prefix": "runs/"},
        [("s3:ListBucket", "arn:aws:s3:::runs")],
    ),
    ("s3", "HeadBucket", {"Bucket": "runs"}, [("s3:ListBucket", "arn:aws:s3:::runs")]),
    (
        "lambda",
        "Invoke",
        {"FunctionName": "plan"},
        [("lambda:InvokeFunction", arn("lambda", "function:plan"))],
    ),
    (
        "lambda",
        "Invoke",
        {"FunctionName": arn("lambda", "function:plan"), "Qualifier": "7"},
        [("lambda:InvokeFunction", arn("lambda", "function:plan:7"))],
    ),
    (
        "logs",
        "CreateLogStream",
        {"logGroupName": "/aws/x", "logStreamName": "s"},
        [("logs:CreateLogStream", arn("logs", "log-group:/aws/x:log-stream:s"))],
    ),
    (
        "logs",
        "CreateLogGroup",
        {"logGroupName": "/aws/x"},
        [("logs:CreateLogGroup", arn("logs", "log-group:/aws/x:log-stream:"))],
    ),
    ("ssm", "GetParameter", {"Name": "/a/b"}, [("ssm:GetParameter", arn("ssm", "parameter/a/b"))]),
    (
        "events",
        "StartReplay",
        {"EventSourceArn": arn("events", "archive/hints")},
        [("events:StartReplay", arn("events", "archive/hints"))],
    ),
    (
        "events",
        "DescribeReplay",
        {"ReplayName": "one"},
        [("events:DescribeReplay", arn("events", "replay/one"))],
    ),
    (
        "sts",
        "AssumeRole",
        {"RoleArn": "arn:aws:iam::111122223333:role/a"},
        [("sts:AssumeRole", "arn:aws:iam::111122223333:role/a")],
    ),
    (
        "cognito-idp",
        "UpdateGroup",
        {"UserPoolId": "eu-west-1_Pool", "GroupName": "g", "RoleArn": "arn:aws:iam::1:role/a"},
        [
            ("cognito-idp:UpdateGroup", arn("cognito-idp", "userpool/eu-west-1_Pool")),
            ("iam:PassRole", "arn:aws:iam::1:role/a"),
        ],
    ),
    (
        "cognito-idp",
        "CreateUserImportJob",
        {
            "UserPoolId": "eu-west-1_P",
            "JobName": "j",
            "CloudWatchLogsRoleArn": "arn:aws:iam::1:role/a",
        },
        [
            ("cognito-idp:CreateUserImportJob", arn("cognito-idp", "userpool/eu-west-1_P")),
            ("iam:PassRole", "arn:aws:iam::1:role/a"),
        ],
    ),
    (
        "cognito-idp",
        "GetCSVHeader",
        {"UserPoolId": "eu-west-1_P"},
        [("cognito-idp:GetCSVHeader", arn("cognito-idp", "userpool/eu-west-1_P"))],
    ),
    ("sts", "GetCallerIdentity", {}, []),
    ("xray", "PutTraceSegments", {}, [("xray:PutTraceSegments", "*")]),
    ("cloudwatch", "PutMetricData", {"Namespace": "x"}, [("cloudwatch:PutMetricData", "*")]),
    (
        "dynamodbstreams",
        "GetRecords",
        {"ShardIterator": f"{RECORDS}/stream/2026|1|x"},
        [("dynamodb:GetRecords", f"{RECORDS}/stream/2026")],
    ),
    ("kms", "Decrypt", {"KeyId": KEY}, [("kms:Decrypt", KEY)]),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "expected"), SIMPLE)
def test_requests(service: str, operation: str, parameters: dict[str, Any], expected: Any) -> None:
    assert pairs(needs(service, operation, **parameters)) == expected


def test_events_need_each_bus_and_tell_what_they_are() -> None:
    entry = {"Source": "standby", "DetailType": "Hint", "Detail": "{}"}
    bus = arn("events", "event-bus/hints")
    entries = [{**entry, "EventBusName": "hints"}, {**entry, "EventBusName": bus}, entry]
    found = needs("events", "PutEvents", Entries=entries)
    default = arn("events", "event-bus/default")
    assert pairs(found) == [("events:PutEvents", bus), ("events:PutEvents", default)]
    assert found[0].context["events:detail-type"] == ("Hint",)


def test_a_listing_tells_its_prefix() -> None:
    (found,) = needs("s3", "ListObjectsV2", Bucket="runs", Prefix="runs/")
    assert found.context["s3:prefix"] == ("runs/",)


KMS = [
    # DynamoDB developer guide, "usage notes"; SQS and SNS developer guides, key management;
    # S3 user guide, "Using server-side encryption with AWS KMS"
    ("dynamodb", "Scan", {"TableName": "records"}, ["Decrypt"]),
    (
        "dynamodb",
        "RestoreTableToPointInTime",
        {"SourceTableName": "records", "TargetTableName": "past"},
        [
            *("DescribeKey", "CreateGrant", "Encrypt", "Decrypt", "GenerateDataKey"),
            *("ReEncryptFrom", "ReEncryptTo"),
        ],
    ),
    ("sqs", "SendMessage", {"QueueUrl": f"/{ACCOUNT}/letters"}, ["GenerateDataKey", "Decrypt"]),
    ("sqs", "ReceiveMessage", {"QueueUrl": f"/{ACCOUNT}/letters"}, ["Decrypt"]),
    ("sqs", "DeleteMessage", {"QueueUrl": f"/{ACCOUNT}/letters"}, []),
    ("sns", "Publish", {"TopicArn": TOPIC}, ["GenerateDataKey", "Decrypt"]),
    ("s3", "PutObject", {"Bucket": "runs", "Key": "a"}, ["GenerateDataKey", "Decrypt"]),
    ("s3", "GetObject", {"Bucket": "runs", "Key": "a"}, ["Decrypt"]),
    ("s3", "ListObjectsV2", {"Bucket": "runs"}, []),
    ("s3", "GetObject", {"Bucket": "others", "Key": "a"}, []),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "expected"), KMS)
def test_what_a_customers_key_asks_for(
    service: str, operation: str, parameters: dict[str, Any], expected: list[str]
) -> None:
    keys = [one for one in needs(service, operation, KEYED, **parameters) if one.resource == KEY]
    assert pairs(tuple(keys)) == [(f"kms:{name}", KEY) for name in expected]
    for one in keys:
        assert one.context["kms:viaservice"] == (f"{service}.{REGION}.amazonaws.com",)
        granted = one.context.get("kms:grantisforawsresource")
        assert granted == (("true",) if one.action == "kms:CreateGrant" else None)


UNKNOWN: list[tuple[str, str, dict[str, Any]]] = [
    ("ec2", "RunInstances", {}),
    ("dynamodb", "ExecuteStatement", {"Statement": "SELECT"}),
    ("dynamodb", "Query", {"TableName": "ledger", "KeyConditions": {}}),
    ("sqs", "AddPermission", {"QueueUrl": "/1/a"}),
    ("sns", "Publish", {"PhoneNumber": "+1"}),
    ("s3", "PutBucketPolicy", {"Bucket": "runs"}),
    ("kms", "Decrypt", {"KeyId": "alias/mine"}),
    ("kms", "Decrypt", {}),
    ("stepfunctions", "CreateStateMachine", {}),
    ("events", "PutRule", {}),
    ("lambda", "CreateFunction", {"FunctionName": "a"}),
    ("logs", "DeleteLogGroup", {"logGroupName": "a"}),
    ("ssm", "SendCommand", {}),
    ("sts", "GetSessionToken", {}),
    ("xray", "GetGroups", {}),
    ("cloudwatch", "PutDashboard", {}),
    ("dynamodbstreams", "Foo", {}),
    ("cognito-idp", "AdminForgetDevice", POOL),
]


@pytest.mark.parametrize(("service", "operation", "parameters"), UNKNOWN)
def test_what_is_not_known_fails(service: str, operation: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(UnknownToJudgeError):
        needs(service, operation, **parameters)


def test_operations_without_rights_are_those_that_are_not_signed() -> None:
    """botocore's model knows which requests carry no signature."""
    model = botocore.session.get_session().get_service_model("cognito-idp")
    unsigned = {
        name for name in model.operation_names if model.operation_model(name).auth_type == "none"
    }
    assert unsigned == WITHOUT_RIGHTS
