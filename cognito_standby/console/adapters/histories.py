"""Histories on Step Functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.console.domain.trace import HistoryEvent
from cognito_standby.console.ports import History
from cognito_standby.core.adapters.aws_errors import code_of, translated

_PAGE, _PAGES = 1000, 10
"""Events of one call (API limit), and calls of one look: a history has 25,000 at most."""
_GONE = ("ExecutionDoesNotExist", "InvalidArn", "ValidationException")


class SfnHistories:
    """Histories, by boto3's `stepfunctions` client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def events(self, execution: str) -> History | None:
        """GetExecutionHistory, up to ten pages; without input and output, which name people."""
        found: list[HistoryEvent] = []
        asked: dict[str, Any] = {"executionArn": execution, "maxResults": _PAGE}
        for _ in range(_PAGES):
            with translated():
                try:
                    answer = self._client.get_execution_history(**asked, includeExecutionData=False)
                except ClientError as error:
                    if code_of(error) in _GONE:
                        return None
                    raise
            found += map(_event, answer["events"])
            if not (token := answer.get("nextToken")):
                return History(found)
            asked["nextToken"] = token
        return History(found, complete=False)

    def definition(self, execution: str) -> str:
        """One DescribeStateMachineForExecution."""
        with translated():
            try:
                answer = self._client.describe_state_machine_for_execution(executionArn=execution)
            except ClientError as error:
                if code_of(error) in (*_GONE, "StateMachineDoesNotExist"):
                    return ""
                raise
        return str(answer["definition"])


def _event(event: Mapping[str, Any]) -> HistoryEvent:
    details: dict[str, Any] = {}
    for name, value in event.items():
        if name.endswith("EventDetails") and isinstance(value, dict):
            details |= value
    return HistoryEvent(
        id=int(event["id"]),
        previous=int(event.get("previousEventId", 0)),
        kind=str(event["type"]),
        at=event["timestamp"].isoformat(timespec="seconds"),
        state=str(details.get("name", "")),
        error=str(details.get("error") or ""),
    )
