"""Every statement of every template is one that AWS would apply: its actions exist, work on
resources of the types that it names, and know its condition keys.

And what other configs grant beyond the default has its reason, as has each right that a run of the
default need not use. (The default's rights are held against runs by `make rights`.)"""

from __future__ import annotations

from typing import Any

import pytest

from local.rights.catalogue import check_policy
from local.rights.model import UnknownToJudgeError
from local.rights.policies import parse
from tests.rights.granted import Right, rights_of, told
from tests.rights.reason import explained
from tests.rights.reasons import REASONS, VARIANT_REASONS
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


OTHERS = tuple(name for name in VARIANTS if name != "standard")


def _rights(synthesizer: Any, name: str) -> frozenset[Right]:
    return rights_of(synthesizer.assembly(name).directory)


@pytest.mark.parametrize("name", OTHERS)
def test_a_variant_grants_nothing_without_a_reason(synthesizer: Any, name: str) -> None:
    mine, default = _rights(synthesizer, name), _rights(synthesizer, "standard")
    found = explained(mine, mine - default, VARIANT_REASONS)
    assert not found.without, [told(right) for right in sorted(found.without)]


def test_each_reason_of_the_variants_is_about_one_of_them(synthesizer: Any) -> None:
    default = _rights(synthesizer, "standard")
    every = frozenset[Right]().union(*(_rights(synthesizer, name) for name in OTHERS))
    assert not explained(every, every - default, VARIANT_REASONS).idle


def test_each_reason_is_about_what_the_default_grants(synthesizer: Any) -> None:
    default = _rights(synthesizer, "standard")
    assert not explained(default, default, REASONS).idle
