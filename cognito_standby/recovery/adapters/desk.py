"""A Region's desk on AWS: its machines, and what `standby status` does not show."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.domain.absence import unsettled
from cognito_standby.core.domain.errors import MisconfiguredError, StandbyError, ThrottledError
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.failures.domain.executions import Execution
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, machines_of, open_context
from cognito_standby.operator.services.accept_table import tables_of
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.recovery.domain.checks import World
from cognito_standby.recovery.domain.requests import FAIL_OVER, STAND_DOWN
from cognito_standby.recovery.services.desk import Desk

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_LIMITS = {"ExecutionLimitExceeded": ThrottledError}
_EVENTS = 20
T = TypeVar("T")


class SfnMachine:
    """Machine on Step Functions."""

    def __init__(self, client: SFNClient, arn: str) -> None:
        self._client, self._arn = client, arn
        self._executions = SfnExecutions(client, {})

    def find(self, name: str) -> Execution | None:
        """One DescribeExecution."""
        return self._executions.describe(self._of(name))

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
                return False
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
            events: Any = self._client.get_execution_history(
                executionArn=arn, reverseOrder=True, maxResults=_EVENTS
            )["events"]
        for event in events:
            if entered := event.get("stateEnteredEventDetails"):
                return _told(entered["name"], entered.get("input", ""))
        return ""

    def _of(self, name: str) -> str:
        return f"{self._arn.replace(':stateMachine:', ':execution:')}:{name}"


def _told(state: str, given: str) -> str:
    """A state, and what it waits for if its input says so."""
    try:
        value = json.loads(given or "{}")
    except ValueError:
        return state
    waits = value.get("waits_for") if isinstance(value, dict) else None
    why = value.get("why", "") if isinstance(value, dict) and state.startswith("Await") else ""
    more = ", ".join(map(str, waits)) if isinstance(waits, list) and waits else str(why)
    return f"{state}: {more}" if more else state


@dataclass(frozen=True)
class AwsWorld:
    """Looks at what a failover asks besides; each part by itself, so that one that cannot be read
    does not hide the others."""

    context: OperatorContext
    dynamodb: Any
    directory: CognitoUserDirectory
    records_table: str

    def __call__(self) -> World:
        """DescribeTable, DescribeContinuousBackups, ListPointInTimeRecoveries, and one GetItem."""
        notes = _or_none(self.context.ledger.region_notes)
        tables = _or_none(lambda: tables_of(self.context))
        recoveries = _or_none(self.directory.recoveries)
        return World(
            table_confirmed=None if tables is None else not tables.differ,
            table_recovery=_or_none(self._recovery),
            pool_recoveries=None
            if recoveries is None or notes is None
            else tuple(each.id for each in unsettled(recoveries, notes)),
        )

    def _recovery(self) -> bool:
        with translated():
            answer = self.dynamodb.describe_continuous_backups(TableName=self.records_table)
        told = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        return bool(told.get("PointInTimeRecoveryStatus") == "ENABLED")


def _or_none(look: Callable[[], T]) -> T | None:
    try:
        return look()
    except StandbyError:
        return None


def open_desk(connection: Connection, outputs: Outputs, other_region: str) -> Desk:
    """A Region's desk. MisconfiguredError: the stack is of a release without these machines."""
    machines = machines_of(outputs)
    if FAIL_OVER not in machines or STAND_DOWN not in machines:
        raise MisconfiguredError("its stack cannot fail over: deploy this release first")
    context = open_context(connection, outputs, other_region)
    region, states = context.region, connection.client("stepfunctions", context.region)
    directory = CognitoUserDirectory(
        connection.client("cognito-idp", region), outputs["UserPoolId"]
    )
    return Desk(
        context,
        SfnMachine(states, machines[FAIL_OVER]),
        SfnMachine(states, machines[STAND_DOWN]),
        AwsWorld(
            context, connection.client("dynamodb", region), directory, outputs["RecordsTable"]
        ),
    )
