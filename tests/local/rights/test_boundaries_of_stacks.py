"""A permissions boundary that CloudFormation gives to a role bounds it; so does the next one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.emulator import LocalAws
from local.rights.enforcing import Holder, Rights
from tests.local.conftest import REGION, document, eventually, unique
from tests.local.rights.holders import allow

pytestmark = pytest.mark.local_aws
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("sqs", "ListQueues", {}),
    ("dynamodb", "ListTables", {}),
]
"""What the stack's role may do, but for its boundary: one thing a service."""


def boundary(aws: LocalAws, action: str) -> str:
    """A policy that allows this; its ARN."""
    made = aws.client("iam", REGION).create_policy(
        PolicyName=unique("boundary"), PolicyDocument=document(allow(action))
    )
    return str(made["Policy"]["Arn"])


def template(name: str, bounded: dict[str, str]) -> str:
    trust = allow("sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"})
    del trust["Resource"]
    everything = {"PolicyName": "everything", "PolicyDocument": json.loads(document(allow("*")))}
    properties = {
        "RoleName": name,
        "AssumeRolePolicyDocument": json.loads(document(trust)),
        "Policies": [everything],
        **bounded,
    }
    made = {"Type": "AWS::IAM::Role", "Properties": properties}
    return json.dumps({"Resources": {"Bounded": made}})


def done(aws: LocalAws, stack: str, status: str) -> None:
    formation = aws.client("cloudformation", REGION)

    def ended() -> str:
        found = formation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        return "" if found.endswith("IN_PROGRESS") else str(found)

    assert eventually(ended) == status


def allowed(aws: LocalAws, name: str) -> list[str]:
    """The services that the role may ask; what it may not is for the lack in its boundary."""
    who = Holder(f"arn:aws:iam::{aws.account}:role/{name}", "lambda.amazonaws.com", "caller")
    denials = {one[0]: Rights().may(who, *one, REGION) for one in ASKED}
    for denied in filter(None, denials.values()):
        assert "because no permissions boundary allows" in denied.text
    return [service for service, denied in denials.items() if denied is None]


def test_a_boundary_by_a_stack_bounds_and_changes_with_it(aws: LocalAws) -> None:
    formation, name = aws.client("cloudformation", REGION), unique("bounded")
    first, next_ = ({"PermissionsBoundary": boundary(aws, f"{one[0]}:*")} for one in ASKED)
    named = {"StackName": name, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    formation.create_stack(TemplateBody=template(name, first), **named)
    done(aws, name, "CREATE_COMPLETE")
    assert allowed(aws, name) == ["sqs"]
    formation.update_stack(TemplateBody=template(name, next_), **named)
    done(aws, name, "UPDATE_COMPLETE")
    assert allowed(aws, name) == ["dynamodb"]
    formation.update_stack(TemplateBody=template(name, {}), **named)
    done(aws, name, "UPDATE_COMPLETE")
    assert allowed(aws, name) == ["sqs", "dynamodb"]
