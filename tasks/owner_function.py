"""The owner's function of a trigger, connected to. Imported only where there is one: a trigger that
asks nobody starts without the SDK."""

from __future__ import annotations

import boto3

from cognito_standby.core.adapters.whole_answers import whole
from cognito_standby.triggers.adapters.owner import CLIENT, LambdaOwner


def connected(arn: str) -> LambdaOwner:
    """The function of this ARN."""
    return LambdaOwner(whole(boto3.client("lambda", config=CLIENT)), arn)
