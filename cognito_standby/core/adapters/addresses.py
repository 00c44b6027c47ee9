"""Where each Region's Admin API is: an item of the records table, put by the Region's own stack.

The two stacks cannot know each other's address when they are deployed, and no task calls another
Region; the table is there already. Shape: docs/data.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.items import plain, wire
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.subjects import ADDRESS_KEY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoAddresses(Mapping[str, str]):
    """Region -> address, read when it is asked for."""

    def __init__(self, client: DynamoDBClient, table_name: str, installation: Installation) -> None:
        self._client, self._table = client, table_name
        self._regions = (installation.primary, installation.backup)

    def __getitem__(self, region: str) -> str:
        with translated():
            answer = self._client.get_item(
                TableName=self._table, Key=wire({"origin_sub": ADDRESS_KEY, "region": region})
            )
        address = plain(answer.get("Item", {})).get("address")
        if not isinstance(address, str):
            raise KeyError(region)
        return address

    def __iter__(self) -> Iterator[str]:
        return (region for region in self._regions if self.get(region))

    def both_stand(self) -> bool:
        """Whether both Regions' stacks stand: each puts its item last, and removes it first."""
        return len(self) == len(self._regions)

    def __len__(self) -> int:
        return sum(1 for _ in self)
