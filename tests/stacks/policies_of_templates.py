"""Every policy of a template, with each reference replaced by an ARN as AWS would make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from local.rights.policies import Policy, parse
from tests.stacks.templates import Template, without_hash
from tests.stacks.variants import ACCOUNT

_REGION = "eu-west-1"
_TAILS = {
    "AWS::DynamoDB::Table": "dynamodb:{r}:{a}:table/{id}",
    "AWS::DynamoDB::GlobalTable": "dynamodb:{r}:{a}:table/{id}",
    "AWS::Events::EventBus": "events:{r}:{a}:event-bus/{id}",
    "AWS::Events::Rule": "events:{r}:{a}:rule/{id}",
    "AWS::IAM::Role": "iam::{a}:role/{id}",
    "AWS::KMS::Key": "kms:{r}:{a}:key/{id}",
    "AWS::Lambda::Function": "lambda:{r}:{a}:function:{id}",
    "AWS::Logs::LogGroup": "logs:{r}:{a}:log-group:{id}:*",
    "AWS::S3::Bucket": "s3:::{id}",
    "AWS::SNS::Topic": "sns:{r}:{a}:{id}",
    "AWS::SQS::Queue": "sqs:{r}:{a}:{id}",
    "AWS::StepFunctions::StateMachine": "states:{r}:{a}:stateMachine:{id}",
}
_ARN_BY_REF = {"AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"}
"""Whose `Ref` is an ARN, not a name."""
_PSEUDO = {"AWS::Partition": "aws", "AWS::AccountId": ACCOUNT, "AWS::Region": _REGION}
_POLICIES = ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy")


def documents(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """(id of the resource and the property, document) for identity, trust and resource policies."""
    for key, resource in template.resources.items():
        properties = resource.get("Properties", {})
        for name in _POLICIES:
            if name in properties:
                yield f"{without_hash(key)}.{name}", plain(template, properties[name])
        inline = properties.get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []
        for one in inline:
            yield f"{without_hash(key)}.Policies", plain(template, one["PolicyDocument"])
        if resource["Type"] == "AWS::Lambda::Permission":
            yield without_hash(key), _permission(plain(template, properties))


def policies_of_roles(template: Template, only: str = "") -> dict[str, list[Policy]]:
    """Role -> what it may do. `only`: of one role, which is quicker."""
    found: dict[str, list[Policy]] = defaultdict(list)
    for resource in template.of_type("AWS::IAM::Policy").values():
        for role in resource["Roles"]:
            name = without_hash(role["Ref"])
            if only in ("", name):
                found[name].append(parse(plain(template, resource["PolicyDocument"]), name))
    return found


def plain(template: Template, value: Any) -> Any:
    """A value without intrinsic functions. KeyError: one that is not known here."""
    if isinstance(value, list):
        return [plain(template, one) for one in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": str(name)}:
            return _PSEUDO.get(name) or _referred(template, name)
        case {"Fn::GetAtt": [str(name), "Arn"]}:
            return _arn(template, name)
        case {"Fn::GetAtt": [str(name), "StreamArn"]}:
            return f"arn:aws:dynamodb:{_REGION}:{ACCOUNT}:table/{without_hash(name)}/stream/2026"
        case {"Fn::Join": [str(between), parts]}:
            return between.join(plain(template, part) for part in parts)
        case _:
            pass
    if unknown := [key for key in value if key == "Ref" or key.startswith("Fn::")]:
        raise KeyError(unknown[0])
    return {key: plain(template, one) for key, one in value.items()}


def _referred(template: Template, name: str) -> str:
    kind = template.resources[name]["Type"]
    return _arn(template, name) if kind in _ARN_BY_REF else without_hash(name)


def _arn(template: Template, name: str) -> str:
    tail = _TAILS[template.resources[name]["Type"]]
    return "arn:aws:" + tail.format(r=_REGION, a=ACCOUNT, id=without_hash(name))


def _permission(properties: dict[str, Any]) -> dict[str, Any]:
    """What Lambda makes of a permission (developer guide, "Working with resource-based IAM
    policies in Lambda")."""
    conditions: dict[str, Any] = {}
    if "SourceArn" in properties:
        conditions["ArnLike"] = {"aws:SourceArn": properties["SourceArn"]}
    if "SourceAccount" in properties:
        conditions["StringEquals"] = {"aws:SourceAccount": properties["SourceAccount"]}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": properties["Principal"]},
        "Action": properties["Action"],
        "Resource": properties["FunctionName"],
        "Condition": conditions,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
