"""Deployments of the installation's stack in a Region, by CloudFormation."""

from __future__ import annotations

from typing import Any

from cognito_standby.configuration.ports import Deployment
from cognito_standby.core.adapters.aws_errors import translated

_UNDER_WAY = "_IN_PROGRESS"


class StackDeployments:
    """Deployments."""

    def __init__(self, client: Any, stack: str) -> None:
        self._client, self._stack = client, stack

    def last(self) -> Deployment:
        """One DescribeStacks."""
        with translated():
            (told,) = self._client.describe_stacks(StackName=self._stack)["Stacks"]
        began = told.get("LastUpdatedTime") or told["CreationTime"]
        return Deployment(began, str(told["StackStatus"]).endswith(_UNDER_WAY))
