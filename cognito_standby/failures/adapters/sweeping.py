"""What the sweep looks through: listings of executions, and the ledger's sparse index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.adapters.items import plain, wire
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.ledger_keys import BY_ATTENTION
from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.failures.ports import FailedRun, FailedRunPage, Stranded

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_stepfunctions import SFNClient


_PAGE = 100
"""Executions of a page, so that one BatchGetItem finds their markers."""

_COUNT_PAGES = 5
_LIMITS = {"ExecutionLimitExceeded": ThrottledError}
_STALE = ("InvalidToken", "ValidationException")


class SfnFailedRuns:
    """FailedRuns on Step Functions; treatment is an execution of `contain_failure`."""

    def __init__(self, client: SFNClient, contain_failure_arn: str) -> None:
        self._client, self._contain_failure_arn = client, contain_failure_arn

    def page(self, machine_arn: str, status: ExecutionStatus, token: str) -> FailedRunPage:
        """One ListExecutions; two if the token is stale."""
        request: dict[str, Any] = {
            "stateMachineArn": machine_arn,
            "statusFilter": status.value,
            "maxResults": _PAGE,
        }
        onward = {**request, "nextToken": token} if token else request
        with translated():
            try:
                answer = self._client.list_executions(**onward)
            except ClientError as error:
                if not (token and code_of(error) in _STALE):
                    raise
                answer = self._client.list_executions(**request)
        return FailedRunPage(
            [_run(each) for each in answer["executions"]], answer.get("nextToken", "")
        )

    def treat(self, run: FailedRun) -> None:
        """One StartExecution."""
        with translated(_LIMITS):
            self._client.start_execution(
                stateMachineArn=self._contain_failure_arn,
                input=json.dumps({"execution_arn": run.arn, "status": run.status}),
            )


class DynamoAttentionIndex:
    """AttentionIndex on the ledger's global secondary index."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._client, self._table = client, table_name

    def applying(self, limit: int) -> Sequence[Stranded]:
        """One Query."""
        with translated():
            answer = self._client.query(
                **self._query(SyncState.APPLYING.value), Limit=limit, ScanIndexForward=True
            )
        return [_stranded(plain(item)) for item in answer["Items"]]

    def count(self, state: str) -> int:
        """A few Queries."""
        request, total = self._query(state), 0
        for _ in range(_COUNT_PAGES):
            with translated():
                answer = self._client.query(**request, Select="COUNT")
            total += answer["Count"]
            if "LastEvaluatedKey" not in answer:
                break
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return total

    def _query(self, state: str) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "IndexName": BY_ATTENTION,
            "KeyConditionExpression": "attention = :state",
            "ExpressionAttributeValues": wire({":state": state}),
        }


def _run(answer: Any) -> FailedRun:
    started = answer["startDate"]
    return FailedRun(
        arn=answer["executionArn"],
        status=answer["status"],
        redrive_count=answer.get("redriveCount") or 0,
        started_at=started if started.tzinfo else started.replace(tzinfo=UTC),
    )


def _stranded(item: dict[str, Any]) -> Stranded:
    expires_at = item.get("lease_expires_at")
    return Stranded(str(item["subject"]), None if expires_at is None else float(expires_at))
