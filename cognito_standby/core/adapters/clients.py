"""boto3 clients with explicit time-outs that fit a task's own limit.

A task has 30 s and makes about fifteen calls; the machine repeats what the SDK gives up on. Every
client refuses truncated answers. Any other client is made here, too, by `of`; the trigger, which
must start fast, has its own in `trigger_clients`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from cognito_standby.core.adapters.whole_answers import whole

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_stepfunctions import SFNClient

_TASK = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)


_QUICK = Config(
    connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 1}
)

_FILES = Config(
    connect_timeout=2, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 3}
)
"""A part of a listing has some megabytes; the functions that write them have minutes."""


def of(service: str, region: str | None = None, config: Config | None = None) -> Any:
    """For custom resources and deployments, which may wait longer: by default as long as the SDK
    does. `region`: by default the environment's."""
    make: Any = boto3  # typed for each service's name, which is a variable here
    return whole(make.client(service, region_name=region, config=config))


def of_profile(profile: str) -> Callable[[str, str], Any]:
    """The same for deployments into another account: (service, region) -> client, by a profile of
    this machine. ProfileNotFound."""
    session: Any = boto3.session.Session(profile_name=profile)
    return lambda service, region: whole(session.client(service, region_name=region))


def s3() -> Any:
    """For the files of reconciliations."""
    return whole(boto3.client("s3", config=_FILES))


def small_files() -> Any:
    """For a file of less than a kilobyte."""
    return whole(boto3.client("s3", config=_TASK))


def ssm() -> Any:
    """For the tasks."""
    return whole(boto3.client("ssm", config=_TASK))


def sns() -> Any:
    """For what operators are told."""
    return whole(boto3.client("sns", config=_TASK))


def cognito() -> CognitoIdentityProviderClient:
    """For the tasks."""
    return whole(boto3.client("cognito-idp", config=_TASK))


def dynamodb() -> DynamoDBClient:
    """For the tasks."""
    return whole(boto3.client("dynamodb", config=_TASK))


def events() -> EventBridgeClient:
    """For the tasks."""
    return whole(boto3.client("events", config=_TASK))


def secrets() -> Any:
    """For the key of the index of names, without which everything else goes on."""
    return whole(boto3.client("secretsmanager", config=_QUICK))


def stepfunctions() -> SFNClient:
    """For the tasks."""
    return whole(boto3.client("stepfunctions", config=_TASK))
