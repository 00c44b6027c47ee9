"""Tables that two accounts join, with the policies of AWS's tutorial."""

from __future__ import annotations

from typing import Any

from local.emulator import LocalAws
from tests.local.conftest import OTHER_REGION, REGION, document, unique
from tests.local.two_accounts import SECOND, InAccount

SERVICE = "replication.dynamodb.amazonaws.com"
ACTIONS = [
    f"dynamodb:{name}"
    for name in ("ReadDataForReplication", "WriteDataForReplication", "ReplicateSettings")
]
KEYS: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
MODE = {"GlobalTableSettingsReplicationMode": "ENABLED"}


def arn_of(account: str, region: str, name: str) -> str:
    return f"arn:aws:dynamodb:{region}:{account}:table/{name}"


class Joined:
    """A name for a table in REGION of the first account and OTHER_REGION of the second."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws, self.name = aws, unique("joined")
        self.home = aws.client("dynamodb", REGION)
        self.away = InAccount(aws).client("dynamodb", OTHER_REGION)
        self.arns = [arn_of(aws.account, REGION, self.name)]
        self.arns += [arn_of(SECOND, OTHER_REGION, self.name)]

    def replication(self, *actions: str, **more: Any) -> dict[str, Any]:
        """What the service needs of each table."""
        asks = {"aws:SourceAccount": [self.aws.account, SECOND], "aws:SourceArn": self.arns}
        return {
            "Effect": "Allow",
            "Principal": {"Service": SERVICE},
            "Action": list(actions or ACTIONS),
            "Resource": "*",
            "Condition": {"StringEquals": {**asks, **more}},
        }

    def association(self) -> dict[str, Any]:
        """What the second account needs of the first one's table."""
        return {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{SECOND}:root"},
            "Action": "dynamodb:AssociateTableReplica",
            "Resource": "*",
        }

    def source(self, *statements: dict[str, Any], **more: Any) -> Any:
        """Make the first table; without statements, with those of the tutorial."""
        policy = document(*(statements or (self.replication(), self.association())))
        request = {**KEYS, **MODE, "ResourcePolicy": policy, **more}
        return self.home.create_table(TableName=self.name, **request)["TableDescription"]

    def replica(self, client: Any = None, **more: Any) -> Any:
        """Make the second one."""
        policy = document(self.replication())
        request = {"TableName": self.name, "GlobalTableSourceArn": self.arns[0]}
        request |= {**MODE, "ResourcePolicy": policy, **more}
        return (client or self.away).create_table(**request)["TableDescription"]

    def both(self) -> Joined:
        """Made and joined."""
        self.source()
        self.replica()
        return self

    def set_policy(self, number: int, *statements: dict[str, Any]) -> None:
        """The policy of the first (0) or the second table; without statements, none."""
        client, arn = (self.home, self.away)[number], self.arns[number]
        if statements:
            client.put_resource_policy(ResourceArn=arn, Policy=document(*statements))
        else:
            client.delete_resource_policy(ResourceArn=arn)

    def put(self, client: Any, key: str, value: str) -> None:
        client.put_item(TableName=self.name, Item={"id": {"S": key}, "v": {"S": value}})

    def value(self, client: Any, key: str) -> str:
        """ "": it is not there."""
        found = client.get_item(TableName=self.name, Key={"id": {"S": key}}).get("Item")
        return str(found["v"]["S"]) if found else ""

    def values(self, key: str) -> list[str]:
        return [self.value(client, key) for client in (self.home, self.away)]

    def told(self, client: Any) -> Any:
        return client.describe_table(TableName=self.name)["Table"]

    def states(self, client: Any) -> tuple[str, list[str]]:
        """As a table tells its own state, and those of its replicas."""
        told = self.told(client)
        return told["TableStatus"], [each["ReplicaStatus"] for each in told.get("Replicas", ())]
