"""The machine `reconcile_pool` on Step Functions, as an operator starts and answers it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.failures.domain.executions import execution_arn

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_LIMITS = {"ExecutionLimitExceeded": ThrottledError}
_OVER = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")
"""API reference, SendTaskSuccess: the task's time is over, it has ended, or there never was one."""


class SfnReconciliations:
    """Reconciliations on one machine."""

    def __init__(self, client: SFNClient, machine_arn: str) -> None:
        self._client, self._machine = client, machine_arn

    def start(self, name: str, given: Mapping[str, Any]) -> str:
        """One StartExecution. Where the name is taken, one DescribeExecution tells by whom: a
        start whose answer was lost is made again by the SDK. MisconfiguredError: another input.
        """
        text = json.dumps(given)
        with translated(_LIMITS):
            try:
                answer = self._client.start_execution(
                    stateMachineArn=self._machine, name=name, input=text
                )
            except ClientError as error:
                if code_of(error) == "ExecutionAlreadyExists" and self._has(name, text):
                    return self._execution(name)
                raise
        return answer["executionArn"]

    def _has(self, name: str, text: str) -> bool:
        found = self._client.describe_execution(executionArn=self._execution(name))
        return found.get("input") == text

    def _execution(self, name: str) -> str:
        return execution_arn(self._machine, name)

    def answer(self, task_token: str, *, approved: bool) -> bool:
        """One SendTaskSuccess, for a no as well: a no is an answer and not a failure of the run."""
        with translated():
            try:
                self._client.send_task_success(
                    taskToken=task_token, output=json.dumps({"approved": approved})
                )
            except ClientError as error:
                if code_of(error) in _OVER:
                    return False
                raise
        return True
