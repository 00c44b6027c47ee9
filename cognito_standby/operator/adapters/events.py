"""The bus's archive, and the stream's records by sequence number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ParamValidationError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.operator.ports import ReplayProgress

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

_PAGES = 20
_LOST = ("TrimmedDataAccessException", "ResourceNotFoundException", "ExpiredIteratorException")


class EventBridgeArchive:
    """EventArchive: the archive of one bus, replayed to that bus and all its rules."""

    def __init__(self, client: EventBridgeClient, archive_name: str) -> None:
        self._client, self._archive = client, archive_name

    def start(self, name: str, since: datetime, until: datetime) -> None:
        """DescribeArchive and StartReplay. At most ten replays run at a time in an account."""
        with translated({"LimitExceededException": ThrottledError}):
            archive = self._client.describe_archive(ArchiveName=self._archive)
            self._client.start_replay(
                ReplayName=name,
                Description="standby resend-events",
                EventSourceArn=archive["ArchiveArn"],
                EventStartTime=since,
                EventEndTime=until,
                Destination={"Arn": archive["EventSourceArn"]},
            )

    def progress(self, name: str) -> ReplayProgress:
        """One DescribeReplay."""
        with translated():
            answer = self._client.describe_replay(ReplayName=name)
        return ReplayProgress(
            state=answer["State"],
            reason=answer.get("StateReason", ""),
            reached=answer.get("EventLastReplayedTime"),
        )


class DynamoStreamRecords:
    """StreamRecords on DynamoDB Streams."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def keys(self, stream_arn: str, shard_id: str, first: str, last: str) -> Sequence[str]:
        """GetShardIterator and GetRecords, up to the last sequence number.

        Sequence numbers of a shard grow, and are numbers of up to 40 digits (API reference,
        StreamRecord).
        """
        if not (first.isdecimal() and last.isdecimal()):
            return ()
        with translated():
            try:
                return self._read(stream_arn, shard_id, first, int(last))
            except ParamValidationError:
                return ()  # no stream has a place of that shape
            except ClientError as error:
                if code_of(error) in _LOST:
                    return ()
                raise

    def _read(self, stream_arn: str, shard_id: str, first: str, last: int) -> list[str]:
        iterator = self._client.get_shard_iterator(
            StreamArn=stream_arn,
            ShardId=shard_id,
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=first,
        )["ShardIterator"]
        keys: dict[str, None] = {}
        for _ in range(_PAGES):
            answer = self._client.get_records(ShardIterator=iterator)
            for record in answer["Records"]:
                if int(record["dynamodb"]["SequenceNumber"]) > last:
                    return list(keys)
                keys[record["dynamodb"]["Keys"]["origin_sub"]["S"]] = None
                if int(record["dynamodb"]["SequenceNumber"]) == last:
                    return list(keys)
            iterator = answer.get("NextShardIterator")
            if not iterator:
                break
        return list(keys)
