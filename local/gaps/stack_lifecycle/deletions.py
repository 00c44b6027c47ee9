"""What refuses to be deleted: a protected table or pool, a bucket that holds anything.

A versioned bucket holds what was deleted, too: its versions and delete markers keep it (S3 API
reference, `DeleteBucket`: "All objects (including all object versions and delete markers) in the
bucket must be deleted before the bucket itself can be deleted").

Sources: DynamoDB developer guide, "Deletion protection"; CloudFormation template reference,
`AWS::DynamoDB::GlobalTable` (each replica has its own protection) and `AWS::S3::Bucket` ("You can
only delete empty buckets"); Cognito API reference, `DeletionProtection`: DeleteUserPool answers
InvalidParameterException while it is ACTIVE.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local.patching import require

Delete = Callable[..., Any]
TABLE_PROTECTED = (
    "Resource cannot be deleted as it is currently protected against deletion. "
    "Disable deletion protection first."
)
POOL_PROTECTED = (
    "The user pool cannot be deleted because deletion protection is activated. "
    "Deletion protection must be inactivated first."
)


def of_table(delete: Delete) -> Delete:
    """A table, or the table and all replicas of a global one: any protection refuses them all."""
    from ministack.core.responses import get_account_id, get_region, request_scope  # noqa: PLC0415
    from ministack.services import dynamodb  # noqa: PLC0415

    def deleted(name: str, props: dict[str, Any], *rest: Any) -> Any:
        replicas = [str(one["Region"]) for one in props.get("Replicas", ())]
        for region in dict.fromkeys((get_region(), *replicas)):
            with request_scope(get_account_id(), region):
                table = dynamodb._tables.get(name)
            if table is not None and table.get("DeletionProtectionEnabled"):
                raise ValueError(f"{name} in {region}: {TABLE_PROTECTED}")
        return delete(name, props, *rest)

    return deleted


def of_pool(delete: Delete) -> Delete:
    """A pool through its stack."""

    def deleted(pool_id: str, *rest: Any) -> Any:
        if _pool_is_protected(pool_id):
            raise ValueError(POOL_PROTECTED)
        return delete(pool_id, *rest)

    return deleted


def of_pool_by_api(delete: Delete) -> Delete:
    """A pool through DeleteUserPool."""

    def deleted(data: dict[str, Any]) -> Any:
        if not _pool_is_protected(str(data.get("UserPoolId"))):
            return delete(data)
        body = {"__type": "InvalidParameterException", "message": POOL_PROTECTED}
        return 400, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()

    return deleted


def _pool_is_protected(pool_id: str) -> bool:
    from ministack.services import cognito  # noqa: PLC0415

    pool = cognito._user_pools.get(pool_id)
    return pool is not None and pool.get("DeletionProtection") == "ACTIVE"


def of_bucket(delete: Delete) -> Delete:
    """A bucket, with its versions and delete markers."""
    from ministack.services import s3  # noqa: PLC0415

    require(hasattr(s3, "_bucket_has_versions"), "S3's look for versions in a bucket")

    def deleted(name: str, *rest: Any) -> Any:
        bucket = s3._buckets.get(name)
        if bucket is not None and (bucket["objects"] or s3._bucket_has_versions(name)):
            raise ValueError(
                f"The bucket you tried to delete is not empty. (Service: S3, bucket: {name})"
            )
        return delete(name, *rest)

    return deleted
