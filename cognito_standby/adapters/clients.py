"""boto3 clients with explicit time-outs that fit a task's own limit.

A task has 30 s and makes about fifteen calls; the machine repeats what the SDK gives up on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_stepfunctions import SFNClient

_TASK = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)


def cognito() -> CognitoIdentityProviderClient:
    """For the tasks."""
    return boto3.client("cognito-idp", config=_TASK)


def dynamodb() -> DynamoDBClient:
    """For the tasks."""
    return boto3.client("dynamodb", config=_TASK)


def events() -> EventBridgeClient:
    """For the tasks."""
    return boto3.client("events", config=_TASK)


def stepfunctions() -> SFNClient:
    """For the tasks."""
    return boto3.client("stepfunctions", config=_TASK)
