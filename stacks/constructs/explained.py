"""Why a role's policy names a pattern: cdk-nag asks for a reason for each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Acknowledgment as Ack
from aws_cdk import Validations
from aws_cdk import aws_iam as iam

_REASONS = {
    ":execution:": "All executions of one machine of ours: their names are generated.",
    ".past.": "Tables of a time: each is named after its restore, and goes with it.",
    "/stream/": "Streams of our own table: a restored one has another, under the same name.",
    ":role/": "Whether the role that API Gateway logs by exists is asked by its name.",
    ":userpool/": "A pool that is still to be made has no id yet: its tag decides.",
    ":stack/": "The Region's own stack: CloudFormation ends its ARN with an id of its own.",
    ":regional/webacl/": "Whichever web ACL the pool has: its owner chooses it.",
    ":s3:::": "All files of one kind in a bucket of ours: their names are made as a run goes on.",
}


def explain_patterns(role: iam.IRole, statements: Sequence[iam.PolicyStatement]) -> None:
    """Acknowledge the patterns whose names cannot be known when the policy is written."""
    named = {resource for one in statements for resource in one.resources if "*" in resource}
    for resource in sorted(named):
        for part, reason in _REASONS.items():
            if part in resource:
                explain(role, resource, reason)


def explain(role: iam.IRole, pattern: str, reason: str) -> None:
    """Acknowledge one, as cdk-nag writes it."""
    written = re.sub(r"\$\{Token\[AWS\.Partition[^\]]*\]\}", "<AWS::Partition>", pattern)
    Validations.of(role).acknowledge(
        Ack(id=f"AwsSolutions-IAM5[Resource::{written}]", reason=reason)
    )
