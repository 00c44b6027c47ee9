"""The hashes of erased users: items of the records table, so that both Regions and every backup of
the table have them. Each Region writes its own. Shape: docs/data.md."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import wire
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.subjects import ERASED_KEY, Subject
from cognito_standby.core.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoErasureList:
    """ErasureList."""

    def __init__(
        self,
        client: DynamoDBClient,
        table_name: str,
        region: str,
        installation: Installation,
        clock: Clock,
    ) -> None:
        self._client, self._table, self._clock = client, table_name, clock
        self._regions = (region, installation.other(region))

    def add(self, subject: Subject) -> None:
        """One PutItem."""
        self._put(subject, erased=True)

    def take_back(self, subject: Subject) -> None:
        """One PutItem: nothing in this table is ever deleted by us."""
        self._put(subject, erased=False)

    def has(self, subject: Subject) -> bool:
        """One consistent BatchGetItem. ThrottledError: keys stay unprocessed."""
        keys = [{"origin_sub": key_of(subject), "region": r} for r in self._regions]
        return any(item.get("erased") for item in batch_get(self._client, self._table, keys))

    def _put(self, subject: Subject, *, erased: bool) -> None:
        item = {
            "origin_sub": key_of(subject),
            "region": self._regions[0],
            "erased": erased,
            "noted_at": self._clock.now().isoformat(),
        }
        with translated():
            self._client.put_item(TableName=self._table, Item=wire(item))


def key_of(subject: Subject) -> str:
    """Partition key: SHA-256 of the whole key. An origin sub is a random UUID, so only somebody who
    already has it can find it by its hash."""
    return ERASED_KEY + hashlib.sha256(subject.key.encode()).hexdigest()
