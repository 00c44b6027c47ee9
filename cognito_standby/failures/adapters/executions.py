"""Executions on Step Functions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import MisconfiguredError, ThrottledError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.failures.domain.failures import CHANGE_MACHINE, MEMBERS_MACHINE

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_PAGE = 1000
"""Executions of one ListExecutions, at most (API limit)."""

_REFUSED = ("ExecutionNotRedrivable", "ExecutionDoesNotExist", "InvalidArn", "ValidationException")
_LIMITS = {"ExecutionLimitExceeded": ThrottledError}
_REDRIVABLE = {"REDRIVABLE": True, "NOT_REDRIVABLE": False, "REDRIVABLE_BY_MAP_RUN": False}


class SfnExecutions:
    """Executions of the machines given by name; `sync_user` must be one of them."""

    def __init__(self, client: SFNClient, machines: Mapping[str, str]) -> None:
        self._client, self._machines = client, machines

    def describe(self, arn: str) -> Execution | None:
        """One DescribeExecution."""
        with translated():
            try:
                answer: Any = self._client.describe_execution(executionArn=arn)
            except ClientError as error:
                if code_of(error) in ("ExecutionDoesNotExist", "InvalidArn", "ValidationException"):
                    return None
                raise
        return _execution(answer)

    def redrive(self, arn: str) -> str:
        """One RedriveExecution."""
        with translated(_LIMITS):
            try:
                self._client.redrive_execution(executionArn=arn)
            except ClientError as error:
                if code_of(error) in _REFUSED:
                    return code_of(error)
                raise
        return ""

    def start(self, hint: Hint) -> str:
        """One StartExecution of `sync_user`."""
        return self._start("sync_user", hint.to_dict())

    def start_change(self, change_id: str) -> str:
        """One StartExecution of `apply_admin_change`."""
        return self._start(CHANGE_MACHINE, {"change_id": change_id})

    def start_members(self, hint: Hint) -> str:
        """One StartExecution of `hint_members`."""
        return self._start(MEMBERS_MACHINE, hint.to_dict())

    def _start(self, machine: str, given: Mapping[str, Any]) -> str:
        if machine not in self._machines:
            raise MisconfiguredError(f"the stack has no output for the machine {machine}")
        with translated(_LIMITS):
            answer = self._client.start_execution(
                stateMachineArn=self._machines[machine], input=json.dumps(given)
            )
        return answer["executionArn"]

    def recent(self, status: ExecutionStatus, since: datetime) -> Sequence[Execution]:
        """One ListExecutions for each machine: it lists the most recent start first."""
        found: list[Execution] = []
        for arn in self._machines.values():
            with translated():
                answer: Any = self._client.list_executions(
                    stateMachineArn=arn, statusFilter=status.value, maxResults=_PAGE
                )
            found += map(_execution, answer["executions"])
        recent = [execution for execution in found if execution.started_at >= since]
        return sorted(recent, key=lambda each: each.started_at, reverse=True)


def _execution(answer: Mapping[str, Any]) -> Execution:
    return Execution(
        arn=answer["executionArn"],
        status=ExecutionStatus(answer["status"]),
        started_at=_aware(answer["startDate"]),
        stopped_at=_aware(answer["stopDate"]) if answer.get("stopDate") else None,
        error=answer.get("error") or "",
        cause=answer.get("cause") or "",
        input=answer.get("input") or "",
        output=answer.get("output") or "",
        redrivable=_REDRIVABLE.get(answer.get("redriveStatus", "")),
        redrive_reason=answer.get("redriveStatusReason") or "",
        redrive_count=answer.get("redriveCount") or 0,
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
