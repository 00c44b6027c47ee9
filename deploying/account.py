"""What CloudFormation and DynamoDB say of an installation, with AWS clients only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

Client = Callable[[str, str], Any]
"""Service and Region -> boto3 client."""


def statuses(client: Client, stacks: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Part -> stack status, "" if there is none. `stacks`: part -> stack name and Region."""
    return {part: _status(client, *stack) for part, stack in stacks.items()}


def _status(client: Client, name: str, region: str) -> str:
    try:
        found = client("cloudformation", region).describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        return ""
    return str(found[0]["StackStatus"])


def release(client: Client, name: str, region: str) -> None:
    """A rolled back creation may be deleted: it holds nothing that existed before it."""
    client("cloudformation", region).update_termination_protection(
        StackName=name, EnableTerminationProtection=False
    )


def streams(client: Client, table: str, regions: tuple[str, ...]) -> dict[str, str]:
    """Region -> ARN of the table's stream, where there is one."""
    found: dict[str, str] = {}
    for region in regions:
        try:
            told = client("dynamodb", region).describe_table(TableName=table)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            continue
        if arn := told.get("LatestStreamArn"):
            found[region] = str(arn)
    return found
