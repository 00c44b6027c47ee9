"""What a service asks of KMS in the caller's name, where a resource has a customer's key.

The caller needs these rights, with `kms:ViaService` naming the service. Sources: DynamoDB
developer guide, "DynamoDB encryption at rest: usage notes" (the table's key is decrypted for each
principal) and "Managing encrypted tables in DynamoDB" (what whoever makes a table under a
customer's key needs, as a restore does; DynamoDB then uses the key by a grant); SQS developer
guide, "Key management" (a sender needs GenerateDataKey and Decrypt, a receiver Decrypt; the
encryption context is the queue's ARN); SNS developer guide, "Encryption key management"; S3 user
guide, "Using server-side encryption with AWS KMS" (parts of an upload are decrypted as well). Event
buses are not here: they read as services.
"""

from __future__ import annotations

from collections.abc import Iterable

from local.rights.model import Access, context_of
from local.rights.surroundings import Place

_ITEMS = {
    *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
    *("BatchGetItem", "BatchWriteItem", "Query", "Scan", "GetRecords"),
}
_WRITING = ("GenerateDataKey", "Decrypt")
_READING = ("Decrypt",)
_TABLE_MADE = (
    *("DescribeKey", "CreateGrant", "Encrypt", "Decrypt", "GenerateDataKey"),
    *("ReEncryptFrom", "ReEncryptTo"),
)
_NEEDED: dict[str, tuple[str, ...]] = {
    **{f"dynamodb:{name}": _READING for name in _ITEMS},
    "dynamodb:RestoreTableToPointInTime": _TABLE_MADE,
    "sqs:SendMessage": _WRITING,
    "sqs:ReceiveMessage": _READING,
    "sns:Publish": _WRITING,
    "s3:GetObject": _READING,
    "s3:GetObjectVersion": _READING,
    "s3:PutObject": _WRITING,
}
"""Action -> the actions of KMS that it takes besides."""
_GRANT = "CreateGrant"
_GRANTED = {"kms:GrantIsForAWSResource": "true"}


def with_keys(needed: Iterable[Access], place: Place) -> tuple[Access, ...]:
    """The same, and what their keys ask for."""
    found = list(needed)
    for access in tuple(found):
        service = access.action.split(":")[0]
        key = place.surroundings.customer_keys.get(_encrypted(access.resource))
        if key is None:
            continue
        told = {"kms:ViaService": f"{service}.{place.region}.amazonaws.com"}
        if service == "sqs":
            told["kms:EncryptionContext:aws:sqs:arn"] = access.resource
        found += [
            Access(f"kms:{name}", key, context_of(told, _GRANTED if name == _GRANT else {}))
            for name in _NEEDED.get(access.action, ())
        ]
    return _once(found)


def _encrypted(arn: str) -> str:
    """What has the key: the table of an index or a stream, the bucket of an object."""
    if ":dynamodb:" in arn:
        return arn.split("/index/", maxsplit=1)[0].split("/stream/", maxsplit=1)[0]
    return arn.split("/", maxsplit=1)[0] if ":s3:::" in arn else arn


def _once(accesses: Iterable[Access]) -> tuple[Access, ...]:
    """Each access once, in order."""
    found: list[Access] = []
    for access in accesses:
        if access not in found:
            found.append(access)
    return tuple(found)
