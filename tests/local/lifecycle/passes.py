"""What stands after one run of the CDK's command line, and what of it is protected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.local.conftest import Aws

Stacks = Mapping[str, tuple[str, str]]
"""Part -> stack name and Region."""


@dataclass(frozen=True)
class Pass:
    """order      the stacks' names as they were deployed
    protected  stack, or kind of resource and its place -> whether it refuses to be deleted
    resources  stack and logical id -> physical id
    """

    order: tuple[str, ...]
    protected: Mapping[str, bool]
    resources: Mapping[str, str]


def look(aws: Aws, stacks: Stacks, order: list[str]) -> Pass:
    """At the stacks of an installation, all of which stand."""
    protected: dict[str, bool] = {}
    resources: dict[str, str] = {}
    for name, region in stacks.values():
        formation = aws.client("cloudformation", region)
        (stack,) = formation.describe_stacks(StackName=name)["Stacks"]
        protected[name] = bool(stack.get("EnableTerminationProtection"))
        for one in formation.describe_stack_resources(StackName=name)["StackResources"]:
            kind, made = str(one["ResourceType"]), str(one["PhysicalResourceId"])
            resources[f"{name}/{one['LogicalResourceId']}"] = made
            protected |= _protection(aws, region, kind, made)
    # The replica's protection is the table's of its own Region.
    records = next(key for key in protected if key.startswith("AWS::DynamoDB::GlobalTable"))
    for _, region in stacks.values():
        protected |= _protection(aws, region, *records.split(" ")[:2])
    return Pass(tuple(order), protected, resources)


def _protection(aws: Aws, region: str, kind: str, made: str) -> dict[str, bool]:
    told: Any
    match kind:
        case "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable":
            told = aws.client("dynamodb", region).describe_table(TableName=made)["Table"]
            return {f"{kind} {made} {region}": bool(told.get("DeletionProtectionEnabled"))}
        case "AWS::Cognito::UserPool":
            told = aws.client("cognito-idp", region).describe_user_pool(UserPoolId=made)
            active = told["UserPool"].get("DeletionProtection") == "ACTIVE"
            return {f"{kind} {made} {region}": active}
        case _:
            return {}
