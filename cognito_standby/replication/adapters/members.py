"""The members of a group by their records, and hints in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.events import event_entry
from cognito_standby.core.adapters.items import plain, wire
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.hints import DETAIL_TYPE, SOURCE, Hint
from cognito_standby.core.domain.subjects import GROUP, TRUE
from cognito_standby.replication.adapters.scan_tokens import start_at, token_of
from cognito_standby.replication.ports import MemberPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient

PAGE_ITEMS = 1000
"""Items read at a time, before the filter; 1 MB ends a page, too (Scan, API reference). At least
so few that all their hints fit into a task."""

_ENTRIES = 10
"""Entries of one PutEvents, at most (API limit)."""
_ATTEMPTS = 3


class DynamoMemberRecords:
    """MemberRecords by a strongly consistent Scan of this Region's replica.

    A whole scan, because nothing indexes memberships: half a million users of 2 KB are 250,000
    read units, 0.03 USD. An index would cost that with every few hundred changes.
    """

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._client, self._table = client, table_name

    def members(self, group: str, after: str) -> MemberPage:
        """One Scan."""
        start = start_at(after, "search")
        with translated():
            answer = self._client.scan(
                TableName=self._table,
                ConsistentRead=True,
                Limit=PAGE_ITEMS,
                FilterExpression="#fields.#group = :true AND deleted = :false",
                ProjectionExpression="origin_sub",
                ExpressionAttributeNames={"#fields": "fields", "#group": GROUP + group},
                ExpressionAttributeValues=wire({":true": TRUE, ":false": False}),
                **start,
            )
        subs = [plain(item)["origin_sub"] for item in answer["Items"]]
        # Both Regions' records of a user lie side by side.
        return MemberPage(tuple(dict.fromkeys(subs)), token_of(answer))


class EventBridgeHintBatches:
    """HintBatches on the installation's own bus."""

    def __init__(self, client: EventBridgeClient, bus_name: str) -> None:
        self._client, self._bus_name = client, bus_name

    def publish_all(self, hints: Sequence[Hint]) -> None:
        """Ten at a time; refused entries are put again, a few times."""
        for start in range(0, len(hints), _ENTRIES):
            self._publish(hints[start : start + _ENTRIES])

    def _publish(self, hints: Sequence[Hint]) -> None:
        left = list(hints)
        for _ in range(_ATTEMPTS):
            with translated():
                answer = self._client.put_events(Entries=[self._entry(hint) for hint in left])
            results = answer["Entries"]
            left = [hint for hint, one in zip(left, results, strict=True) if "ErrorCode" in one]
            if not left:
                return
        raise ServiceUnavailableError(f"PutEvents: {len(left)} entries refused")

    def _entry(self, hint: Hint) -> Any:
        return event_entry(self._bus_name, SOURCE, DETAIL_TYPE, hint.to_dict())
