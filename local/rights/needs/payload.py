"""What requests to S3, SQS, SNS and KMS need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from local.rights.model import Access, UnknownToJudgeError, context_of
from local.rights.surroundings import Place

Parameters = Mapping[str, Any]

_OBJECTS = {
    "GetObject": "GetObject",
    "HeadObject": "GetObject",
    "PutObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "AbortMultipartUpload": "AbortMultipartUpload",
    "ListParts": "ListMultipartUploadParts",
    "DeleteObject": "DeleteObject",
}
"""Operation -> action (S3 user guide, "Required permissions for Amazon S3 API operations")."""
_OF_A_VERSION = {"GetObject": "GetObjectVersion", "DeleteObject": "DeleteObjectVersion"}
_BUCKETS = {
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "GetBucketAcl": "GetBucketAcl",
    "GetBucketLocation": "GetBucketLocation",
    "GetBucketVersioning": "GetBucketVersioning",
}
_TOLD = {"ACL": "s3:x-amz-acl", "ServerSideEncryption": "s3:x-amz-server-side-encryption"}
_QUEUES = {
    "SendMessage": "SendMessage",
    "SendMessageBatch": "SendMessage",
    "ReceiveMessage": "ReceiveMessage",
    "DeleteMessage": "DeleteMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibility": "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "GetQueueAttributes": "GetQueueAttributes",
    "SetQueueAttributes": "SetQueueAttributes",
    "PurgeQueue": "PurgeQueue",
}
"""A batch needs the action of its parts (SQS developer guide, "API permissions")."""
_TOPICS = {
    "Publish": "Publish",
    "PublishBatch": "Publish",
    "Subscribe": "Subscribe",
    "GetTopicAttributes": "GetTopicAttributes",
}
_KEYS = {"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "DescribeKey"}


def on_buckets(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """Objects or buckets. Who may not list a bucket is told 403 for an object that is not there:
    that is for whoever answers."""
    bucket = f"arn:{place.partition}:s3:::{parameters.get('Bucket', '')}"
    if action := _OBJECTS.get(operation):
        action = _OF_A_VERSION.get(action, action) if parameters.get("VersionId") else action
        writes = operation in ("PutObject", "CreateMultipartUpload")
        told = {k: parameters[n] for n, k in _TOLD.items() if writes and n in parameters}
        return (Access(f"s3:{action}", f"{bucket}/{parameters['Key']}", context_of(told)),)
    if operation == "DeleteObjects":
        listed = parameters["Delete"]["Objects"]
        return tuple(Access("s3:DeleteObject", f"{bucket}/{one['Key']}") for one in listed)
    if action := _BUCKETS.get(operation):
        lists = operation in ("ListObjects", "ListObjectsV2", "ListObjectVersions")
        told = {"s3:prefix": parameters.get("Prefix", "")} if lists else {}
        return (Access(f"s3:{action}", bucket, context_of(told)),)
    raise UnknownToJudgeError(f"the operation s3 {operation}")


def on_queues(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """A queue's address ends in account and name."""
    if operation == "ListQueues":
        return (Access("sqs:ListQueues", "*"),)
    if operation == "GetQueueUrl":
        return (Access("sqs:GetQueueUrl", place.arn("sqs", parameters["QueueName"])),)
    action = _QUEUES.get(operation)
    if action is None:
        raise UnknownToJudgeError(f"the operation sqs {operation}")
    *_, account, name = unquote(urlsplit(parameters["QueueUrl"]).path).split("/")
    queue = f"arn:{place.partition}:sqs:{place.region}:{account}:{name}"
    return (Access(f"sqs:{action}", queue),)


def on_topics(operation: str, parameters: Parameters, _: Place) -> tuple[Access, ...]:
    """A message to a telephone has no topic, and nobody here sends one."""
    if operation == "GetSMSSandboxAccountStatus":
        return (Access("sns:GetSMSSandboxAccountStatus", "*"),)
    topic = parameters.get("TopicArn") or parameters.get("TargetArn")
    action = _TOPICS.get(operation)
    if topic is None or action is None:
        raise UnknownToJudgeError(f"the operation sns {operation} of {sorted(parameters)}")
    return (Access(f"sns:{action}", topic),)


def on_keys(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """A request straight to KMS. Aliases are no resources of a policy: they must be resolved."""
    name = str(parameters.get("KeyId", ""))
    if operation not in _KEYS or not name or "alias/" in name:
        raise UnknownToJudgeError(f"the operation kms {operation} on {name or 'a key not named'}")
    key = name if name.startswith("arn:") else place.arn("kms", f"key/{name}")
    return (Access(f"kms:{operation}", key),)
