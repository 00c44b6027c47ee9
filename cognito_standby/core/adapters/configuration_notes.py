"""The notes about each Region's configuration, items of the records table. Shape: docs/data.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import unless_refused
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import Item, wire
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.core.domain.subjects import CONFIGURATION_KEY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_ATTEMPTS = 3


class DynamoConfigurationNotes:
    """ConfigurationNotes, by this Region's replica; `region` is the only one written for."""

    def __init__(self, client: DynamoDBClient, table_name: str, region: str) -> None:
        self._client, self._table, self._region = client, table_name, region

    def read(self, region: str) -> ConfigurationNote:
        """One consistent BatchGetItem, as whoever reads the claims may: `standby status` needs no
        right more. InvalidRecordError: it is not of its shape."""
        key = {"origin_sub": CONFIGURATION_KEY, "region": region}
        found = batch_get(self._client, self._table, [key], attempts=_ATTEMPTS)
        wrong = "the note of a configuration is not of its shape"
        return from_plain(ConfigurationNote, found[0] if found else {}, wrong=wrong)

    def keep(self, note: ConfigurationNote, instead_of: ConfigurationNote) -> bool:
        """One conditional PutItem. False: somebody has changed it since."""
        item = {
            "origin_sub": CONFIGURATION_KEY,
            "region": self._region,
            "bulk": True,  # so that no stream starts anything
            **to_plain(note),
        }
        condition, values = _same(instead_of)
        more = {"ExpressionAttributeValues": wire(values)} if values else {}
        return unless_refused(
            lambda: self._client.put_item(
                TableName=self._table,
                Item=wire(item),
                ConditionExpression=condition,
                **more,  # type: ignore[arg-type]
            )
        )


def _same(note: ConfigurationNote) -> tuple[str, Item]:
    """The condition that nothing of what is decided by has changed since that note was read."""
    if note == ConfigurationNote():
        return "attribute_not_exists(looked_at)", {}
    names = ("looked_at", "latest", "accepted")
    return " AND ".join(f"{name} = :{name}" for name in names), {
        f":{name}": getattr(note, name) for name in names
    }
