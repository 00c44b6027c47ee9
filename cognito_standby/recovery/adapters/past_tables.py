"""Tables of a time on DynamoDB, what lies in a table, and whether a restore runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.adapters.items import plain, record_from
from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    NewerSchemaError,
    ServiceUnavailableError,
    ThrottledError,
)
from cognito_standby.core.domain.records import Record
from cognito_standby.recovery.domain.past_tables import (
    TableLook,
    TableState,
    Window,
    key_in,
    key_of,
    past_table,
)
from cognito_standby.recovery.services.past_ports import PastPage
from cognito_standby.replication.adapters.scan_tokens import start_at, token_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_stepfunctions import SFNClient

_STATES = {state.value: state for state in TableState}
_ERRORS = {
    "InvalidRestoreTimeException": InvalidRecordError,
    "LimitExceededException": ThrottledError,
    "TableInUseException": ServiceUnavailableError,
}
"""Of the control plane: too much of it at once passes, as an update of the source does."""


class DynamoPastTables:
    """PastTables of this Region's replica of the records."""

    def __init__(self, client: DynamoDBClient, records_table: str, prefix: str) -> None:
        self._client, self._records, self._prefix = client, records_table, prefix

    def name(self, key: str) -> str:
        """By its prefix."""
        return past_table(self._prefix, key)

    def look(self, key: str) -> TableLook | None:
        """One DescribeTable."""
        name = self.name(key)
        with translated():
            try:
                found: Any = self._client.describe_table(TableName=name)["Table"]
            except ClientError as error:
                if code_of(error) == "ResourceNotFoundException":
                    return None
                raise
        restored = found.get("RestoreSummary")
        return TableLook(
            state=_STATES.get(found["TableStatus"], TableState.OTHER),
            made_at=_utc(found["CreationDateTime"]),
            as_of=_utc(restored["RestoreDateTime"]) if restored else None,
            filled=bool(restored) and not restored["RestoreInProgress"],
            told=found["TableStatus"],
        )

    def window(self) -> Window | None:
        """One DescribeContinuousBackups."""
        recovery = recovery_of(self._client, self._records)
        if recovery is None:
            return None
        return Window(
            recovery["EarliestRestorableDateTime"].astimezone(UTC),
            recovery["LatestRestorableDateTime"].astimezone(UTC),
        )

    def start(self, as_of: datetime) -> bool:
        """One RestoreTableToPointInTime. Its items are read by segments, which need no index, and
        without one it is there sooner (developer guide, "Restore a table in DynamoDB")."""
        with translated(_ERRORS):
            try:
                self._client.restore_table_to_point_in_time(
                    SourceTableName=self._records,
                    TargetTableName=self.name(key_of(as_of)),
                    RestoreDateTime=as_of,
                    GlobalSecondaryIndexOverride=[],
                    LocalSecondaryIndexOverride=[],
                    BillingModeOverride="PAY_PER_REQUEST",
                )
            except ClientError as error:
                if code_of(error) == "TableAlreadyExistsException":
                    return False
                raise
        return True

    def remove(self, key: str) -> None:
        """One DeleteTable."""
        with translated(_ERRORS):
            try:
                self._client.delete_table(TableName=self.name(key))
            except ClientError as error:
                if code_of(error) not in ("ResourceNotFoundException", "ResourceInUseException"):
                    raise

    def known_keys(self) -> Sequence[str]:
        """ListTables, 100 tables of the account and Region at once."""
        found: list[str] = []
        more: dict[str, Any] = {}
        while True:
            with translated():
                answer: Any = self._client.list_tables(**more)
            known = (key_in(self._prefix, name) for name in answer["TableNames"])
            found += [key for key in known if key is not None]
            if not (last := answer.get("LastEvaluatedTableName")):
                return found
            more = {"ExclusiveStartTableName": last}


class DynamoRecordSegments:
    """RecordSegments of any table with the keys of the records: theirs, or one of a time."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client, self._table = client, table

    def estimated_items(self) -> int:
        """One DescribeTable."""
        with translated():
            table: Any = self._client.describe_table(TableName=self._table)["Table"]
        return int(table.get("ItemCount", 0))

    def page(self, segment: int, segments: int, after: str) -> PastPage:
        """One Scan of at most 1 MB. Claims, addresses, names and notes have no revision."""
        with translated():
            answer: Any = self._client.scan(
                TableName=self._table,
                ConsistentRead=True,
                Segment=segment,
                TotalSegments=segments,
                FilterExpression="attribute_exists(revision)",
                **start_at(after, "segment"),
            )
        records: list[Record] = []
        unreadable: dict[str, str] = {}
        for item in map(plain, answer["Items"]):
            try:
                records.append(record_from(item))
            except (InvalidRecordError, NewerSchemaError) as error:
                unreadable[str(item["origin_sub"])] = f"{item['region']}: {error}"
        return PastPage(records, unreadable, token_of(answer))


class SfnRestores:
    """Restores of one machine. A Region whose stack has none yet runs none."""

    def __init__(self, client: SFNClient, machine_arn: str) -> None:
        self._client, self._machine = client, machine_arn

    def any_running(self) -> bool:
        """One ListExecutions. PENDING_REDRIVE, which this API refuses for a machine, is of children
        of a map run; the machine's own execution is RUNNING meanwhile."""
        with translated():
            try:
                answer = self._client.list_executions(
                    stateMachineArn=self._machine, statusFilter="RUNNING", maxResults=1
                )
            except ClientError as error:
                if code_of(error) == "StateMachineDoesNotExist":
                    return False
                raise
        return bool(answer["executions"])


def recovery_of(client: DynamoDBClient, table: str) -> Any:
    """What DynamoDB tells of a table's recovery, by one DescribeContinuousBackups; None: it is
    off."""
    with translated():
        told = client.describe_continuous_backups(TableName=table)
    recovery = told["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    return recovery if recovery.get("PointInTimeRecoveryStatus") == "ENABLED" else None


def _utc(moment: datetime) -> datetime:
    """A time of DynamoDB's in whole seconds, as it is asked for."""
    return moment.astimezone(UTC).replace(microsecond=0)
