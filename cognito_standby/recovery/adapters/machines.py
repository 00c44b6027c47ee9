"""One state machine, whose executions are named, on Step Functions."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.failures.domain.executions import Execution, execution_arn, object_in

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_LIMITS = {"ExecutionLimitExceeded": ThrottledError}
_EVENTS = 20
_LOOKS, _SECONDS = 30, 1.0
"""For an execution that was begun: the API is eventually consistent, and tells no bound (API
reference, DescribeExecution)."""


class SfnMachine:
    """Machine on Step Functions. `pause` waits that many seconds."""

    def __init__(
        self, client: SFNClient, arn: str, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._client, self._arn, self._pause = client, arn, pause
        self._executions = SfnExecutions(client, {})
        self._begun: set[str] = set()

    def find(self, name: str) -> Execution | None:
        """One DescribeExecution; more of one that this object began and that is not shown yet."""
        arn = execution_arn(self._arn, name)
        found = self._executions.describe(arn)
        for _ in range(_LOOKS if name in self._begun else 0):
            if found is not None:
                break
            self._pause(_SECONDS)
            found = self._executions.describe(arn)
        return found

    def start(self, name: str, given: Mapping[str, Any]) -> bool:
        """One StartExecution. The same input again is the same execution while that runs; the SDK
        repeats a start whose answer was lost."""
        with translated(_LIMITS):
            try:
                self._client.start_execution(
                    stateMachineArn=self._arn, name=name, input=json.dumps(given)
                )
            except ClientError as error:
                if code_of(error) != "ExecutionAlreadyExists":
                    raise
                self._begun.add(name)
                return False
        self._begun.add(name)
        return True

    def redrive(self, arn: str) -> str:
        """One RedriveExecution."""
        return self._executions.redrive(arn)

    def stop(self, arn: str, why: str) -> None:
        """One StopExecution."""
        with translated():
            self._client.stop_execution(executionArn=arn, error="Aborted", cause=why)

    def place(self, arn: str) -> str:
        """One GetExecutionHistory, from its end."""
        with translated():
            try:
                told: Any = self._client.get_execution_history(
                    executionArn=arn, reverseOrder=True, maxResults=_EVENTS
                )
            except ClientError as error:
                if code_of(error) != "ExecutionDoesNotExist":
                    raise
                return ""
        for event in told["events"]:
            if entered := event.get("stateEnteredEventDetails"):
                return _told(entered["name"], entered.get("input", ""))
        return ""


def _told(state: str, given: str) -> str:
    """A state, and what it waits for if its input says so."""
    value = object_in(given)
    waits = value.get("waits_for")
    why = value.get("why", "") if state.startswith("Await") else ""
    more = ", ".join(map(str, waits)) if isinstance(waits, list) and waits else str(why)
    return f"{state}: {more}" if more else state
