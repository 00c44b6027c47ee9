"""Policies that resources have of their own, and whose a resource is; read from the emulator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local.rights.model import account_of

_DEFAULT = "__default_policy_ID"
"""Of the policy that every topic is born with: whoever the account's own policies let in (SNS
developer guide, "Amazon SNS access control"; its condition `aws:SourceOwner` is of another age)."""


@contextmanager
def at(arn: str) -> Iterator[None]:
    """Where an ARN lies; what it does not name is as it is for whoever asks."""
    from ministack.core.responses import get_account_id, get_region, request_scope  # noqa: PLC0415

    region = arn.split(":")[3] if arn.startswith("arn:") else ""
    with request_scope(owner_of(arn) or get_account_id(), region or get_region()):
        yield


def owner_of(arn: str) -> str:
    """The account of a resource; "" where no account is named and no such bucket is there."""
    from ministack.services import s3  # noqa: PLC0415

    if arn.startswith("arn:aws:s3:::"):
        return str(s3._bucket_owner_account(arn.split(":", 5)[5].split("/", maxsplit=1)[0]) or "")
    return account_of(arn)


def as_text(document: Any) -> str:
    """A policy as JSON."""
    return document if isinstance(document, str) else json.dumps(document)


def trust(role_arn: str) -> Any:
    """A role's trust policy."""
    from ministack.services import iam  # noqa: PLC0415

    role = iam._roles.get(role_arn.rsplit("/", 1)[-1]) or {}
    return role.get("AssumeRolePolicyDocument")


def policy_text(resource: str) -> Any:
    """The stored document of a resource, or something empty."""
    from ministack.services import (  # noqa: PLC0415
        dynamodb,
        eventbridge,
        kms,
        lambda_svc,
        s3,
        sns,
        sqs,
    )

    readers = {
        "kms": kms.key_policy_for_arn,
        "lambda": lambda_svc.function_policy_for_arn,
        "s3": s3.bucket_policy_for_arn,
        "sns": sns.topic_policy_for_arn,
        "sqs": sqs.queue_policy_for_arn,
    }
    service = resource.split(":")[2] if resource.startswith("arn:") else ""
    if service == "events" and ":event-bus/" in resource:
        found = eventbridge._event_bus_policies.get(resource.rsplit("/", 1)[-1])
    elif service == "dynamodb":
        told = dynamodb._resource_policies.get(resource.split("/index/", maxsplit=1)[0]) or {}
        found = told.get("Policy")
    elif reader := readers.get(service):
        found = (reader(resource) or ("", ""))[0]
    else:
        return ""
    empty = isinstance(found, Mapping) and not found.get("Statement")
    return "" if empty or (service == "sns" and _DEFAULT in as_text(found)) else found
