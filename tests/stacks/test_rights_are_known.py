"""Every statement of every template is one that AWS would apply: its actions exist, work on
resources of the types that it names, and know its condition keys."""

from __future__ import annotations

from typing import Any

import pytest

from local.rights.catalogue import check_policy
from local.rights.model import UnknownToJudgeError
from local.rights.policies import parse
from tests.stacks.policies_of_templates import documents
from tests.stacks.variants import VARIANTS

KINDS = {
    *("AWS::IAM::Policy", "AWS::IAM::Role", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"),
    *("AWS::S3::BucketPolicy", "AWS::KMS::Key", "AWS::Lambda::Permission"),
}
"""Types that hold policies; another one that does must be read in `policies_of_templates`."""


@pytest.mark.parametrize("name", VARIANTS)
def test_every_statement_is_known(synthesizer: Any, name: str) -> None:
    assembly, statements = synthesizer.assembly(name), 0
    for template in (assembly.data, *assembly.regions):
        for holder, document in documents(template):
            policy = parse(document, f"{template.name} {holder}")
            check_policy(policy)
            statements += len(policy.statements)
    assert statements > 400


@pytest.mark.parametrize("name", VARIANTS)
def test_no_policy_is_overlooked(synthesizer: Any, name: str) -> None:
    assembly = synthesizer.assembly(name)
    for template in (assembly.data, *assembly.regions):
        for key, resource in template.resources.items():
            holds = "'Effect'" in str(resource.get("Properties", {}))
            assert not holds or resource["Type"] in KINDS, key


QUEUE = "arn:aws:sqs:eu-west-1:111111111111:letters"
MACHINE = "arn:aws:states:eu-west-1:111111111111:stateMachine:sync"
WRONG: list[tuple[str, Any, Any, Any]] = [
    ("no such action", "sqs:Send", QUEUE, {}),
    ("no such action by a pattern", "sqs:Foo*", QUEUE, {}),
    ("an execution is redriven, not its machine", "states:RedriveExecution", MACHINE, {}),
    ("an index is no table", "dynamodb:GetItem", f"{QUEUE}/index/by-shard", {}),
    ("a resource of no action", ["sqs:SendMessage"], [QUEUE, MACHINE], {}),
    ("an action without a resource", ["sqs:SendMessage", "s3:GetObject"], [QUEUE], {}),
    ("metrics are no resources", "cloudwatch:PutMetricData", QUEUE, {}),
    ("a key of another service", "sqs:SendMessage", QUEUE, {"Bool": {"s3:prefix": "a"}}),
    ("a bucket is no object", "s3:GetObject", "arn:aws:s3:::bucket", {}),
]


@pytest.mark.parametrize(("_", "action", "resource", "conditions"), WRONG)
def test_what_is_wrong_is_found(_: str, action: Any, resource: Any, conditions: Any) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    statement |= {"Condition": conditions} if conditions else {}
    policy = parse({"Version": "2012-10-17", "Statement": [statement]}, "one")
    with pytest.raises(UnknownToJudgeError, match="one"):
        check_policy(policy)
