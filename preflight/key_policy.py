"""Who must be able to use a customer's key, as a table, and the key policy made of it.

`python -m preflight key-policy --region R` prints the policy. Roles of the account (functions,
machines, pipes, schedules, whoever deploys; and DynamoDB and S3, which act for them) are let in by
IAM through the account's own statement. Services that come as themselves need statements of
their own: they are the table. A test holds it to what the templates encrypt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preflight.wanted import Wanted

Document = dict[str, Any]


@dataclass(frozen=True)
class Use:
    """One service's use of a key.

    resources  types in the templates whose encryption needs it
    operator   of the condition; key and value may name {region}, {account}, {bus}
    """

    sid: str
    service: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    source: str
    operator: str = ""
    condition_key: str = ""
    condition_value: str = ""


USES = (
    Use(
        "LogGroups",
        "logs.{region}.amazonaws.com",
        (
            *("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"),
            "kms:Describe*",
        ),
        ("AWS::Logs::LogGroup",),
        "CloudWatch Logs user guide, 'Encrypt log data in CloudWatch Logs using AWS KMS'",
        "ArnLike",
        "kms:EncryptionContext:aws:logs:arn",
        "arn:aws:logs:{region}:{account}:log-group:*",
    ),
    # Describing a key carries no encryption context, so that the condition is the account.
    Use(
        "ArchiveDescribes",
        "events.amazonaws.com",
        ("kms:DescribeKey",),
        ("AWS::Events::Archive",),
        "EventBridge user guide, 'Encrypting EventBridge archives with AWS KMS keys'",
    ),
    Use(
        "Archive",
        "events.amazonaws.com",
        ("kms:GenerateDataKey", "kms:Decrypt", "kms:ReEncrypt*"),
        ("AWS::Events::Archive",),
        "EventBridge user guide, 'Encrypting EventBridge archives with AWS KMS keys'",
        "StringEquals",
        "kms:EncryptionContext:aws:events:event-bus:arn",
        "arn:aws:events:{region}:{account}:event-bus/{bus}",
    ),
    # A rule writes its dead letters itself. Its calls carry the queue as encryption context
    # (SQS developer guide, "Key management", encryption context aws:sqs:arn).
    Use(
        "DeadLettersOfRules",
        "events.amazonaws.com",
        ("kms:GenerateDataKey", "kms:Decrypt"),
        ("AWS::SQS::Queue",),
        "SQS developer guide, 'Enable compatibility between event sources from AWS services and "
        "encrypted queues'",
        "StringEquals",
        "kms:EncryptionContext:aws:sqs:arn",
        "arn:aws:sqs:{region}:{account}:{letters}",
    ),
)
"""Every service that uses the key as itself."""

THROUGH_IAM = {
    "AWS::DynamoDB::Table": "by grants that DynamoDB makes for whoever creates the table, and as "
    "the caller ('DynamoDB encryption at rest: how it uses KMS')",
    "AWS::DynamoDB::GlobalTable": "as a table; a replica's key is used in its own Region",
    "AWS::S3::Bucket": "as the caller (S3 user guide, 'Using SSE-KMS')",
}
"""What else is encrypted with the key -> as whom."""


def key_policy(wanted: Wanted, region: str, *, only_tables: bool = False) -> Document:
    """The policy of the key of a Region. `only_tables`: of a third replica's, which encrypts
    nothing else."""
    owner = {
        "Sid": "AccountByIam",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{wanted.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    uses = () if only_tables else USES
    statements = [owner, *(_statement(use, wanted, region) for use in uses)]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(use: Use, wanted: Wanted, region: str) -> Document:
    statement: Document = {
        "Sid": use.sid,
        "Effect": "Allow",
        "Principal": {"Service": principal(use, region)},
        "Action": list(use.actions),
        "Resource": "*",
    }
    if condition := context(use, wanted, region):
        statement["Condition"] = {use.operator: condition}
    return statement


def principal(use: Use, region: str) -> str:
    """The service as it comes in a Region."""
    return use.service.format(region=region)


def context(use: Use, wanted: Wanted, region: str) -> Mapping[str, str]:
    """What its calls carry, by which the policy narrows them; empty: nothing."""
    if not use.condition_key:
        return {}
    value = use.condition_value.format(
        region=region,
        account=wanted.account,
        bus=wanted.names.bus,
        letters=wanted.names.dead_letters,
    )
    return {use.condition_key: value}
