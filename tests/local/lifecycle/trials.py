"""Small stacks of tables, pools and buckets, and what to ask about them."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from local.assembly import Stack
from local.emulator import LocalAws
from local.formation import Formation
from tests.local.conftest import REGION, eventually, unique

Resource = dict[str, Any]
KEEPING, EXCEPT_ON_CREATE, DELETING = "Retain", "RetainExceptOnCreate", "Delete"


def table(name: str, policy: str = DELETING, **more: Any) -> Resource:
    properties = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        **more,
    }
    return {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": policy, "Properties": properties}


def global_table(name: str, policy: str, *regions: str, protected: bool = False) -> Resource:
    replicas = [{"Region": one, "DeletionProtectionEnabled": protected} for one in regions]
    made = table(name, policy, Replicas=replicas)
    made["Properties"]["StreamSpecification"] = {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    return {**made, "Type": "AWS::DynamoDB::GlobalTable"}


def pool(protected: bool, policy: str = DELETING) -> Resource:
    protection = "ACTIVE" if protected else "INACTIVE"
    properties = {"UserPoolName": unique("pool"), "DeletionProtection": protection}
    return {"Type": "AWS::Cognito::UserPool", "DeletionPolicy": policy, "Properties": properties}


def bucket(name: str, policy: str = DELETING) -> Resource:
    properties = {"BucketName": name}
    return {"Type": "AWS::S3::Bucket", "DeletionPolicy": policy, "Properties": properties}


def after(resource: Resource, *logical_ids: str) -> Resource:
    return {**resource, "DependsOn": list(logical_ids)}


class Account:
    """One Region of the local AWS, with the stacks that a test makes in it."""

    def __init__(self, aws: LocalAws, region: str = REGION) -> None:
        self.region = region
        self._aws = aws
        self.cloudformation = aws.client("cloudformation", region)
        self.dynamodb = aws.client("dynamodb", region)
        self.cognito = aws.client("cognito-idp", region)
        self.s3 = aws.client("s3", region)
        self._formation = Formation(self.cloudformation, aws.endpoint)

    def stack(self, name: str, resources: dict[str, Resource], *, protected: bool = False) -> Stack:
        """A stack with its template where CloudFormation finds it."""
        template = {"Resources": resources}
        place = (f"templates-{self._aws.account}", f"{unique(name)}.json")
        if place[0] not in [one["Name"] for one in self.s3.list_buckets()["Buckets"]]:
            self.s3.create_bucket(Bucket=place[0])
        self.s3.put_object(Bucket=place[0], Key=place[1], Body=json.dumps(template))
        return Stack(
            artifact=name,
            name=name,
            account=self._aws.account,
            region=self.region,
            template=template,
            template_key=place,
            assets=(),
            dependencies=(),
            tags={},
            termination_protection=protected,
        )

    def deploy(
        self,
        name: str,
        resources: dict[str, Resource],
        *,
        protected: bool = False,
        import_existing: bool = True,
    ) -> dict[str, str]:
        stack = self.stack(name, resources, protected=protected)
        return self._formation.deploy(stack, import_existing=import_existing)

    def delete(self, name: str) -> None:
        self._formation.delete(self.stack(name, {}))

    def status(self, name: str) -> str:
        return str(self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])

    def steps(self, name: str) -> list[tuple[str, str]]:
        """Logical id and status of each event, oldest first."""
        events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return [(e["LogicalResourceId"], e["ResourceStatus"]) for e in reversed(events)]

    def has_table(self, name: str) -> bool:
        return name in self.dynamodb.list_tables()["TableNames"]

    def has_bucket(self, name: str) -> bool:
        return name in [one["Name"] for one in self.s3.list_buckets()["Buckets"]]

    def put(self, name: str, key: str = "a") -> None:
        self.dynamodb.put_item(TableName=name, Item={"id": {"S": key}})

    def keys(self, name: str) -> list[str]:
        items = self.dynamodb.scan(TableName=name)["Items"]
        return sorted(item["id"]["S"] for item in items)

    def settled(self, name: str) -> str:
        """The status once nothing is in progress."""
        return str(eventually(lambda: None if "PROGRESS" in (s := self.status(name)) else s))


def code_of(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
