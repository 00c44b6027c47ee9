"""The machines of a failover, by Step Functions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.recovery.domain.region_switch import Seen

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_LIMITS = {"ExecutionLimitExceeded": ThrottledError}


class SfnFailoverMachines:
    """FailoverMachines. `machines`: name -> ARN."""

    def __init__(self, client: SFNClient, machines: Mapping[str, str]) -> None:
        self._client, self._machines = client, machines

    def find(self, machine: str, name: str) -> Seen | None:
        """One DescribeExecution."""
        arn = self._machines[machine].replace(":stateMachine:", ":execution:") + f":{name}"
        with translated():
            try:
                found = self._client.describe_execution(executionArn=arn)
            except ClientError as error:
                if code_of(error) == "ExecutionDoesNotExist":
                    return None
                raise
        status = found["status"]
        ended = status not in ("RUNNING", "PENDING_REDRIVE")
        failed = ended and status != "SUCCEEDED"
        return Seen(
            going=not ended,
            given=_object(found.get("input")),
            output=_object(found.get("output")),
            error=f"{status} {found.get('error', '')}".strip() if failed else "",
        )

    def start(self, machine: str, name: str, given: Mapping[str, Any]) -> bool:
        """One StartExecution."""
        with translated(_LIMITS):
            try:
                self._client.start_execution(
                    stateMachineArn=self._machines[machine], name=name, input=json.dumps(given)
                )
            except ClientError as error:
                if code_of(error) == "ExecutionAlreadyExists":
                    return False
                raise
        return True


def _object(text: str | None) -> Mapping[str, Any]:
    """What is no object is nobody's whom we know."""
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
