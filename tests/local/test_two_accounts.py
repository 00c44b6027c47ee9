"""Two accounts on one local AWS: what is deployed in one runs as it, and reaches the other only by
what the other's policies say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.assemblies import status_of
from tests.local.conftest import (
    OTHER_REGION,
    REGION,
    document,
    eventually,
    everything_to_trial,
    function,
    machine,
    queue,
    received,
    refused,
    run,
    trial,
    unique,
)
from tests.local.pools import CODE, PASSWORD, TestPool
from tests.local.rights.holders import allow, call, caller, role
from tests.local.two_accounts import SECOND, InAccount

pytestmark = pytest.mark.local_aws
WHO = """
import boto3
def handler(event, context):
    told = boto3.client("sts").get_caller_identity()
    return {"account": told["Account"], "function": context.invoked_function_arn}
"""
PASSED_ON = """
import boto3, os
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="QUEUE", MessageBody=__import__("json").dumps(event))
    return event
"""
KEEP: dict[str, Any] = {"Keep": {"Type": "Pass", "End": True}}


@pytest.fixture(scope="module")
def second(aws: LocalAws) -> Any:
    account = InAccount(aws)
    everything_to_trial(account)
    return account


def account_in(arn: str) -> str:
    return arn.split(":")[4]


def inputs(aws: Any, target: str) -> list[Any]:
    states = aws.client("stepfunctions", REGION)
    found = states.list_executions(stateMachineArn=target)["executions"]
    told = [states.describe_execution(executionArn=one["executionArn"]) for one in found]
    return [json.loads(one["input"]) for one in told]


@pytest.mark.full
def test_a_machine_and_its_function_run_as_their_account(aws: LocalAws, second: Any) -> None:
    task = {"Type": "Task", "Resource": function(second, WHO), "End": True}
    done = run(second, machine(second, {"Task": task}))
    told = json.loads(done["output"])
    assert told["account"] == SECOND
    assert account_in(told["function"]) == account_in(done["executionArn"]) == SECOND
    theirs = aws.client("stepfunctions", REGION).list_state_machines()["stateMachines"]
    assert not [one for one in theirs if account_in(one["stateMachineArn"]) == SECOND]


@pytest.mark.full
def test_rule_schedule_and_pipe_deliver_within_their_account(second: Any) -> None:
    target, source = machine(second, KEEP), unique("source")
    events = second.client("events", REGION)
    events.put_rule(Name=source, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(
        Rule=source,
        Targets=[{"Id": "1", "Arn": target, "RoleArn": trial(second), "Input": '"rule"'}],
    )
    events.put_events(Entries=[{"Source": source, "DetailType": "t", "Detail": "{}"}])
    at = (datetime.now(UTC) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
    second.client("scheduler", REGION).create_schedule(
        Name=unique("schedule"),
        ScheduleExpression=f"at({at})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": target, "RoleArn": trial(second), "Input": '"schedule"'},
    )
    url, arn = queue(second)
    second.client("pipes", REGION).create_pipe(
        Name=unique("pipe"), RoleArn=trial(second), Source=arn, Target=target,
        SourceParameters={"SqsQueueParameters": {"BatchSize": 1}},
        TargetParameters={
            "InputTemplate": "<$.body.by>",
            "StepFunctionStateMachineParameters": {"InvocationType": "FIRE_AND_FORGET"},
        },
    )  # fmt: skip
    second.client("sqs", REGION).send_message(QueueUrl=url, MessageBody='{"by": "pipe"}')
    seen = {"rule", "schedule"}
    eventually(lambda: {str(one) for one in inputs(second, target)} >= seen)
    eventually(lambda: "pipe" in str(inputs(second, target)))


def test_an_app_finds_a_pool_of_the_second_account_by_its_client(
    aws: LocalAws, second: Any
) -> None:
    """Unsigned calls; the trigger is the second account's, and so is the bus that CloudTrail's
    events come to."""
    url, arn = queue(second)
    events, rule = second.client("events", REGION), unique("rule")
    pattern = {"source": ["aws.cognito-idp"], "detail": {"eventName": ["ConfirmSignUp"]}}
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
    heard, _ = queue(second)
    trigger = function(second, PASSED_ON.replace("QUEUE", heard))
    confirmed = {"LambdaConfig": {"PostConfirmation": trigger}, "AutoVerifiedAttributes": ["email"]}
    pool = TestPool(second, settings=confirmed)
    pool.sign_up("ann", email="ann@example.org")
    pool.app("confirm_sign_up", Username="ann", ConfirmationCode=CODE)
    told = pool.app(
        "initiate_auth",
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    user = pool.cognito.get_user(AccessToken=told["AccessToken"])
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]
    (event,) = eventually(lambda: received(second, heard))
    assert event["userPoolId"] == pool.id
    (trail,) = eventually(lambda: received(second, url))
    assert trail["account"] == trail["detail"]["recipientAccountId"] == SECOND


def test_a_pool_is_its_accounts_alone(aws: LocalAws, second: Any) -> None:
    """Whoever has all rights in one account does not even see the other's pool."""
    pool = TestPool(second)
    everything = caller(aws, role(aws, allow("*")))
    for operation, more in (
        ("describe_user_pool", {}),
        ("list_users", {}),
        ("admin_create_user", {"Username": "eve"}),
        ("get_csv_header", {}),
        ("describe_risk_configuration", {}),
        ("update_user_pool", {}),
        ("delete_user_pool", {}),
    ):
        with refused("ResourceNotFoundException", pool.id):
            getattr(aws.client("cognito-idp", REGION), operation)(UserPoolId=pool.id, **more)
    told = call(aws, everything, "cognito-idp", "list_users", UserPoolId=pool.id)
    assert told["code"] == "ResourceNotFoundException"
    assert pool.admin("list_users")["Users"] == []


@pytest.fixture(scope="module")
def theirs(second: Any) -> dict[str, str]:
    """Something of each kind in the second account, without policies."""
    second.client("s3", REGION).create_bucket(Bucket="second-accounts-bucket")
    second.client("s3", REGION).put_object(Bucket="second-accounts-bucket", Key="k", Body=b"1")
    name = unique("theirs")
    second.client("dynamodb", REGION).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    made = second.client("lambda", REGION).get_function(
        FunctionName=function(second, "def handler(event, context): return 1")
    )
    return {
        "queue": second.client("sqs", REGION).create_queue(QueueName=unique("q"))["QueueUrl"],
        "table": f"arn:aws:dynamodb:{REGION}:{SECOND}:table/{name}",
        "function": made["Configuration"]["FunctionArn"],
        "topic": second.client("sns", REGION).create_topic(Name=unique("t"))["TopicArn"],
        "machine": machine(second, KEEP),
        "bus": second.client("events", REGION).create_event_bus(Name=unique("b"))["EventBusArn"],
        "role": role(second, allow("*")),
    }


REACHES: list[tuple[str, str, dict[str, Any]]] = [
    ("sqs", "send_message", {"QueueUrl": "{queue}", "MessageBody": "x"}),
    ("s3", "get_object", {"Bucket": "second-accounts-bucket", "Key": "k"}),
    ("s3", "put_object", {"Bucket": "second-accounts-bucket", "Key": "k", "Body": "x"}),
    ("dynamodb", "get_item", {"TableName": "{table}", "Key": {"id": {"S": "x"}}}),
    ("dynamodb", "scan", {"TableName": "{table}"}),
    ("lambda", "invoke", {"FunctionName": "{function}"}),
    ("sns", "publish", {"TopicArn": "{topic}", "Message": "x"}),
    ("stepfunctions", "start_execution", {"stateMachineArn": "{machine}"}),
    ("sts", "assume_role", {"RoleArn": "{role}", "RoleSessionName": "eve"}),
    (
        *("events", "put_events"),
        {"Entries": [{"Source": "a", "DetailType": "b", "Detail": "{}", "EventBusName": "{bus}"}]},
    ),
]


def test_all_rights_in_one_account_reach_nothing_of_the_other(
    aws: LocalAws, theirs: dict[str, str]
) -> None:
    everything = caller(aws, role(aws, allow("*")))
    for service, operation, parameters in REACHES:
        told = json.dumps(parameters)
        for name, value in theirs.items():
            told = told.replace(f"{{{name}}}", value)
        answer = call(aws, everything, service, operation, **json.loads(told))
        assert "not authorized" in answer["text"], (service, operation, answer)
        assert "resource-based policy" in answer["text"], (service, operation, answer)


def test_neither_does_an_administrator_of_one(aws: LocalAws, theirs: dict[str, str]) -> None:
    for service, operation, parameters in REACHES:
        told = json.dumps(parameters)
        for name, value in theirs.items():
            told = told.replace(f"{{{name}}}", value)
        with pytest.raises(ClientError, match="not authorized") as raised:
            getattr(aws.client(service, REGION), operation)(**json.loads(told))
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 403)


@pytest.mark.full
def test_a_queues_policy_and_an_identity_policy_together_let_in(
    aws: LocalAws, second: Any, theirs: dict[str, str]
) -> None:
    sqs, url = second.client("sqs", REGION), theirs["queue"]
    arn = f"arn:aws:sqs:{REGION}:{SECOND}:{url.rsplit('/', 1)[-1]}"
    named = {"Principal": {"AWS": aws.account}, "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": document({"Effect": "Allow", **named})}
    )
    may = caller(aws, role(aws, allow("sqs:SendMessage", arn)))
    message = {"QueueUrl": url, "MessageBody": '"in"'}
    assert call(aws, may, "sqs", "send_message", **message)["code"] == ""
    assert call(aws, caller(aws, role(aws)), "sqs", "send_message", **message)["status"] == 403
    assert received(second, url) == ["in"]


def test_regions_and_names_are_each_accounts_own(aws: LocalAws, second: Any) -> None:
    name = unique("same")
    for account in (aws, second):
        for region in (REGION, OTHER_REGION):
            ssm = account.client("ssm", region)
            ssm.put_parameter(Name=name, Value=f"{account.account} {region}", Type="String")
    for account in (aws, second):
        told = account.client("ssm", REGION).get_parameter(Name=name)["Parameter"]["Value"]
        assert told == f"{account.account} {REGION}"


@pytest.mark.full
def test_a_secret_without_a_value_is_empty_until_one_is_put(second: Any) -> None:
    """As the second account's copy of a key is, before somebody brings it over."""
    name, formation = unique(), second.client("cloudformation", REGION)
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": name}}
    formation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"S": secret}}))
    eventually(lambda: status_of(formation, name) == "CREATE_COMPLETE")
    secrets = second.client("secretsmanager", REGION)
    with refused("ResourceNotFoundException"):
        secrets.get_secret_value(SecretId=name)
    secrets.put_secret_value(SecretId=name, SecretString="1")
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "1"
