"""Hops within the local AWS: each is refused without its right and done with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.conftest import (
    REGION,
    document,
    eventually,
    finished,
    machine,
    unique,
    zipped,
)
from tests.local.events import rule, started, tell
from tests.local.pools import TestPool
from tests.local.rights.holders import allow, messages, put_policy, queue, role

pytestmark = pytest.mark.local_aws
KEEP = {"Keep": {"Type": "Pass", "End": True}}


def open_to(aws: LocalAws, url: str, arn: str, service: str, source: str) -> None:
    statement = allow("sqs:SendMessage", arn, Principal={"Service": f"{service}.amazonaws.com"})
    statement["Condition"] = {"ArnEquals": {"aws:SourceArn": source}}
    aws.client("sqs", REGION).set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": document(statement)}
    )


def rule_arn(aws: LocalAws, name: str) -> str:
    return f"arn:aws:events:{REGION}:{aws.account}:rule/{name}"


def with_role(aws: LocalAws, states: dict[str, Any], role_arn: str) -> str:
    arn = machine(aws, states)
    aws.client("stepfunctions", REGION).update_state_machine(stateMachineArn=arn, roleArn=role_arn)
    return arn


def ended(aws: LocalAws, arn: str) -> dict[str, Any]:
    started = aws.client("stepfunctions", REGION).start_execution(stateMachineArn=arn)
    return finished(aws, started["executionArn"])


def function(aws: LocalAws) -> str:
    made = aws.client("lambda", REGION).create_function(
        FunctionName=unique("echo"),
        Runtime="python3.13",
        Handler="index.handler",
        Role=role(aws),
        Code={"ZipFile": zipped("def handler(event, context):\n    return event")},
    )
    return str(made["FunctionArn"])


def test_a_rule_needs_its_role_for_a_machine_and_a_letter_the_queues_policy(aws: LocalAws) -> None:
    target, (url, dead) = machine(aws, KEEP), queue(aws)
    arn = role(aws, trusts="events")
    name = rule(aws, Arn=target, RoleArn=arn, DeadLetterConfig={"Arn": dead})
    open_to(aws, url, dead, "events", rule_arn(aws, name))
    tell(aws, name)
    (letter,) = eventually(lambda: messages(aws, url))
    told = {k: v["StringValue"] for k, v in letter["MessageAttributes"].items()}
    assert (told["ERROR_CODE"], told["RETRY_ATTEMPTS"]) == ("NO_PERMISSIONS", "0")
    assert not started(aws, target)
    put_policy(aws, arn, allow("states:StartExecution", target))
    tell(aws, name)
    assert eventually(lambda: started(aws, target))


def test_a_rule_needs_a_role_that_events_may_assume(aws: LocalAws) -> None:
    target, (url, dead) = machine(aws, KEEP), queue(aws)
    arn = role(aws, allow("states:StartExecution", target), trusts="scheduler")
    name = rule(aws, Arn=target, RoleArn=arn, DeadLetterConfig={"Arn": dead})
    open_to(aws, url, dead, "events", rule_arn(aws, name))
    tell(aws, name)
    assert eventually(lambda: messages(aws, url))
    assert not started(aws, target)


def test_a_queue_lets_in_the_rule_that_its_policy_names(aws: LocalAws) -> None:
    url, arn = queue(aws)
    named, other = rule(aws, Arn=arn), rule(aws, Arn=arn)
    open_to(aws, url, arn, "events", rule_arn(aws, named))
    tell(aws, other)
    tell(aws, named)
    (message,) = eventually(lambda: messages(aws, url))
    assert json.loads(message["Body"])["source"] == named
    assert not messages(aws, url)


@pytest.mark.parametrize("service", ["lambda", "sqs", "dynamodb", "sns"])
def test_a_machine_needs_its_role_for_each_task(aws: LocalAws, service: str) -> None:
    task, action, resource, error = _task(aws, service)
    arn = role(aws, trusts="states")
    made = with_role(aws, {"Do": {"Type": "Task", "End": True, **task}}, arn)
    refused = ended(aws, made)
    assert (refused["status"], refused["error"]) == ("FAILED", error)
    assert f"is not authorized to perform: {action} on resource: {resource}" in refused["cause"]
    put_policy(aws, arn, allow(action, resource))
    assert ended(aws, made)["status"] == "SUCCEEDED"


def _task(aws: LocalAws, service: str) -> tuple[dict[str, Any], str, str, str]:
    """A task, the action and the resource that it takes, and how its refusal is called."""
    prefix = "arn:aws:states:::"
    if service == "lambda":
        arn = function(aws)
        given = {"FunctionName": arn, "Payload": {}}
        task = {"Resource": f"{prefix}lambda:invoke", "Arguments": given}
        return task, "lambda:InvokeFunction", arn, "Lambda.AWSLambdaException"
    if service == "sqs":
        url, arn = queue(aws)
        given = {"QueueUrl": url, "MessageBody": "x"}
        task = {"Resource": f"{prefix}sqs:sendMessage", "Arguments": given}
        return task, "sqs:SendMessage", arn, "SQS.AmazonSQSException"
    if service == "sns":
        arn = aws.client("sns", REGION).create_topic(Name=unique("topic"))["TopicArn"]
        task = {"Resource": f"{prefix}sns:publish", "Arguments": {"TopicArn": arn, "Message": "x"}}
        return task, "sns:Publish", arn, "SNS.AmazonSNSException"
    name = unique("table")
    aws.client("dynamodb", REGION).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    given = {"TableName": name, "Item": {"id": {"S": "x"}}}
    task = {"Resource": f"{prefix}dynamodb:putItem", "Arguments": given}
    arn = f"arn:aws:dynamodb:{REGION}:{aws.account}:table/{name}"
    return task, "dynamodb:PutItem", arn, "DynamoDB.AmazonDynamoDBException"


def test_a_distributed_map_reads_and_starts_by_its_role(aws: LocalAws) -> None:
    s3, bucket = aws.client("s3", REGION), unique("items")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="items.json", Body=b"[1, 2]")
    arn = role(aws, trusts="states")
    made = with_role(aws, {"Each": _map(bucket)}, arn)
    start, read = allow("states:StartExecution", made), f"arn:aws:s3:::{bucket}/*"
    assert ended(aws, made)["status"] == "FAILED"
    put_policy(aws, arn, start)
    assert ended(aws, made)["error"] == "States.ItemReaderFailed"
    put_policy(aws, arn, start, allow("s3:GetObject", read))
    assert ended(aws, made)["status"] == "SUCCEEDED"


def _map(bucket: str) -> dict[str, Any]:
    return {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Arguments": {"Bucket": bucket, "Key": "items.json"},
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "Keep",
            "States": KEEP,
        },
        "End": True,
    }


def test_a_pipe_reads_and_delivers_by_its_role(aws: LocalAws) -> None:
    target, (url, source) = machine(aws, KEEP), queue(aws)
    reads = allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], source)
    arn = role(aws, trusts="pipes")
    sqs = aws.client("sqs", REGION)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    aws.client("pipes", REGION).create_pipe(
        Name=unique("pipe"), RoleArn=arn, Source=source, Target=target
    )
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    _refused(aws, arn, "sqs:ReceiveMessage")
    put_policy(aws, arn, reads)
    _refused(aws, arn, "states:StartExecution")
    assert not started(aws, target)
    put_policy(aws, arn, reads, allow("states:StartExecution", target))
    assert eventually(lambda: started(aws, target))


def test_a_pipe_needs_the_key_of_what_it_reads(aws: LocalAws) -> None:
    """SQS developer guide, "Key management": a receiver needs kms:Decrypt."""
    target, (url, source) = machine(aws, KEEP), queue(aws)
    key = aws.client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
    reads = allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], source)
    starts = allow("states:StartExecution", target)
    arn = role(aws, reads, starts, trusts="pipes")
    sqs = aws.client("sqs", REGION)
    sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"VisibilityTimeout": "0", "KmsMasterKeyId": key}
    )
    aws.client("pipes", REGION).create_pipe(
        Name=unique("pipe"), RoleArn=arn, Source=source, Target=target
    )
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    _refused(aws, arn, "kms:Decrypt")
    assert not started(aws, target)
    put_policy(aws, arn, reads, starts, allow("kms:Decrypt", key))
    assert eventually(lambda: started(aws, target))


def _refused(aws: LocalAws, role_arn: str, action: str) -> None:
    """Wait until something of this role's was refused."""
    name = f"/{role_arn.rsplit('/', 1)[-1]}/"

    def seen() -> bool:
        rows = aws.rights.state()["refusals"]
        return any(name in row["who"] and row["action"] == action for row in rows)

    eventually(seen)


def test_a_pool_needs_the_functions_permission(aws: LocalAws) -> None:
    trigger = function(aws)
    pool = TestPool(aws, settings={"LambdaConfig": {"PostConfirmation": trigger}})
    pool.sign_up("ann", email="ann@example.org")
    with pytest.raises(ClientError, match=r"UnexpectedLambdaException.*AccessDeniedException"):
        pool.confirm("ann")
    aws.client("lambda", REGION).add_permission(
        FunctionName=trigger,
        StatementId="pool",
        Action="lambda:InvokeFunction",
        Principal="cognito-idp.amazonaws.com",
        SourceArn=f"arn:aws:cognito-idp:{REGION}:{aws.account}:userpool/{pool.id}",
    )
    aws.client("lambda", REGION).invoke(FunctionName=trigger, Payload=b'{"response": {}}')  # warm
    pool.sign_up("bob", email="bob@example.org")
    pool.confirm("bob")


def test_a_topic_delivers_where_the_queue_lets_it(aws: LocalAws) -> None:
    sns, (url, arn) = aws.client("sns", REGION), queue(aws)
    topic = sns.create_topic(Name=unique("topic"))["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="refused")
    open_to(aws, url, arn, "sns", topic)
    sns.publish(TopicArn=topic, Message="taken")
    (message,) = eventually(lambda: messages(aws, url))
    assert json.loads(message["Body"])["Message"] == "taken"
    assert not messages(aws, url)


def test_a_machine_that_logs_needs_the_delivery_of_logs(aws: LocalAws) -> None:
    """As CloudFormation creates it; the other resources of the stack stand before it."""
    formation, arn = aws.client("cloudformation", REGION), role(aws, trusts="states")
    logging = {"Level": "ERROR", "Destinations": []}
    definition = json.dumps({"StartAt": "Keep", "States": KEEP})
    properties = {
        "RoleArn": arn,
        "DefinitionString": definition,
        "LoggingConfiguration": logging,
    }
    made = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    template = json.dumps({"Resources": {"Machine": made}})

    def status(name: str) -> str:
        found = formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return "" if found.endswith("IN_PROGRESS") else str(found)

    refused, taken = unique("stack"), unique("stack")
    formation.create_stack(StackName=refused, TemplateBody=template)
    assert eventually(lambda: status(refused)).startswith("ROLLBACK")
    put_policy(aws, arn, allow("logs:*"))
    formation.create_stack(StackName=taken, TemplateBody=template)
    assert eventually(lambda: status(taken)) == "CREATE_COMPLETE"


def test_an_update_that_adds_logs_needs_their_delivery(aws: LocalAws) -> None:
    formation, arn = aws.client("cloudformation", REGION), role(aws, trusts="states")
    stack = unique("stack")

    def template(**more: Any) -> str:
        definition = json.dumps({"StartAt": "Keep", "States": KEEP})
        properties = {"RoleArn": arn, "DefinitionString": definition, **more}
        made = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
        return json.dumps({"Resources": {"Machine": made}})

    def status() -> str:
        found = formation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        return "" if found.endswith("IN_PROGRESS") else str(found)

    def updated(**more: Any) -> str:
        formation.update_stack(StackName=stack, TemplateBody=template(**more))
        return str(eventually(status))

    formation.create_stack(StackName=stack, TemplateBody=template())
    assert eventually(status) == "CREATE_COMPLETE"
    logging = {"Level": "ERROR", "Destinations": []}
    assert updated(LoggingConfiguration=logging) == "UPDATE_ROLLBACK_COMPLETE"
    told = formation.describe_stack_events(StackName=stack)["StackEvents"]
    reasons = " ".join(event.get("ResourceStatusReason", "") for event in told)
    assert "not authorized to access the Log Destination" in reasons
    assert updated(LoggingConfiguration={"Level": "OFF"}) == "UPDATE_COMPLETE"
    put_policy(aws, arn, allow("logs:*"))
    assert updated(LoggingConfiguration=logging) == "UPDATE_COMPLETE"
