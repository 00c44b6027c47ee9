"""The reverse map of the ledger table, read within a time limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.config import Config

from cognito_standby.core.adapters.origin_items import origin_of
from cognito_standby.triggers.adapters.in_time import in_time

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CLIENT = Config(connect_timeout=0.5, read_timeout=0.7, retries={"total_max_attempts": 2})
"""Two tries: a connection that a frozen process kept may be dead. The SDK waits 50 ms in between
(its own growth for DynamoDB, `botocore/data/_retry.json`)."""


class DynamoOrigins:
    """Origins on a Region's ledger table."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._client, self._table = client, table_name

    def origin_of(self, local_sub: str, seconds: float) -> str | None:
        """One consistent BatchGetItem."""
        return in_time(seconds, lambda: origin_of(self._client, self._table, local_sub))
