"""Looking into a running installation: users, records, ledger, executions, queues."""

from __future__ import annotations

import json
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from local.control import sign_in_through
from local.demo.compare import SeenUser, read_users
from local.demo.people import Person
from local.outputs import RegionOutputs
from local.remote import RemoteStage

_plain = TypeDeserializer().deserialize
_wire = TypeSerializer().serialize


def person(name: str) -> Person:
    """An invented person. The mailbox is one that swallows mail: on AWS a sign-up sends one."""
    return Person(name, f"success+{name}@simulator.amazonses.com", f"Name of {name}")


def sign_in(
    stage: RemoteStage, region: RegionOutputs, who: Person, password: str
) -> dict[str, str]:
    """The tokens that somebody gets in a Region's pool with a password."""
    answer = stage.client("cognito-idp", region.region).admin_initiate_auth(
        UserPoolId=region.user_pool_id,
        ClientId=region.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": who.username, "PASSWORD": password},
    )
    found: dict[str, str] = answer["AuthenticationResult"]
    return found


def enter(stage: RemoteStage, region: RegionOutputs, subject: str, name: str) -> dict[str, Any]:
    """Somebody comes into a Region's pool through the provider that both pools have."""
    assert stage.outputs.endpoint
    return sign_in_through(
        *(stage.outputs.endpoint, "Google", subject),
        pool=region.user_pool_id,
        claims={"email": f"success+{subject}@simulator.amazonses.com", "given_name": name},
    )


def attributes_of(stage: RemoteStage, region: RegionOutputs, username: str) -> dict[str, str]:
    """A user's attributes, as a Region's pool shows them."""
    user = stage.client("cognito-idp", region.region).admin_get_user(
        UserPoolId=region.user_pool_id, Username=username
    )
    return {each["Name"]: each["Value"] for each in user["UserAttributes"]}


def standby_user(stage: RemoteStage, origin_sub: str) -> SeenUser | None:
    """The person's user in the backup pool."""
    users = read_users(stage, stage.outputs.backup)
    return next((user for user in users if user.origin_sub == origin_sub), None)


def records(stage: RemoteStage, key: str) -> dict[str, dict[str, Any]]:
    """Region -> item, as the primary Region's replica shows them."""
    client = stage.client("dynamodb", stage.outputs.primary.region)
    answer = client.query(
        TableName=stage.outputs.records_table,
        KeyConditionExpression="origin_sub = :key",
        ExpressionAttributeValues={":key": {"S": key}},
        ConsistentRead=True,
    )
    items = [{name: _plain(value) for name, value in i.items()} for i in answer["Items"]]
    return {item["region"]: item for item in items}


def put_raw_record(stage: RemoteStage, region: RegionOutputs, item: dict[str, Any]) -> None:
    """Write anything into the global table, behind the system's back."""
    stage.client("dynamodb", region.region).put_item(
        TableName=stage.outputs.records_table, Item={k: _wire(v) for k, v in item.items()}
    )


def ledger_row(stage: RemoteStage, region: RegionOutputs, key: str) -> dict[str, Any]:
    """One row of a Region's ledger."""
    answer = stage.client("dynamodb", region.region).get_item(
        TableName=region.ledger_table, Key={"subject": {"S": key}}, ConsistentRead=True
    )
    return {name: _plain(value) for name, value in answer.get("Item", {}).items()}


def executions(stage: RemoteStage, region: RegionOutputs, machine: str) -> list[dict[str, Any]]:
    """All executions of a machine, described."""
    client = stage.client("stepfunctions", region.region)
    arn = region.state_machines[machine]
    pages = client.get_paginator("list_executions").paginate(stateMachineArn=arn)
    arns = [each["executionArn"] for page in pages for each in page["executions"]]
    return [client.describe_execution(executionArn=arn) for arn in arns]


def histories(stage: RemoteStage, region: RegionOutputs, machine: str) -> str:
    """Everything that the histories of a machine's executions show, as one text."""
    client = stage.client("stepfunctions", region.region)
    return "\n".join(
        json.dumps(
            client.get_execution_history(executionArn=each["executionArn"])["events"], default=str
        )
        for each in executions(stage, region, machine)
    )


def dead_letters(stage: RemoteStage, region: RegionOutputs) -> int:
    """How many messages wait for an operator."""
    answer = stage.client("sqs", region.region).get_queue_attributes(
        QueueUrl=region.dead_letter_queue_url, AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def letters(stage: RemoteStage, region: RegionOutputs) -> list[str]:
    """The texts of the messages that wait, seen and left there."""
    client, found = stage.client("sqs", region.region), dict[str, str]()
    while True:
        answer = client.receive_message(
            QueueUrl=region.dead_letter_queue_url, MaxNumberOfMessages=10, VisibilityTimeout=1
        )
        more = {one["MessageId"]: one["Body"] for one in answer.get("Messages", [])}
        if set(more) <= set(found):
            return list(found.values())
        found |= more


def letters_about(stage: RemoteStage, *subjects: str) -> list[str]:
    """Those of both Regions that name one of these: on a shared stage what a test before left
    behind may still become a letter, and whatever fails on a schedule."""
    both = (stage.outputs.primary, stage.outputs.backup)
    told = [text for region in both for text in letters(stage, region)]
    return [text for text in told if any(subject in text for subject in subjects)]
