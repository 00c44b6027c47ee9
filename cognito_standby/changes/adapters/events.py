"""EventBridge as the way of a change to its machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_standby.changes.domain import changes
from cognito_standby.core.adapters.events import put_event

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


class EventBridgeChangeBus:
    """ChangeBus on the same bus; the archive does not take this kind of event."""

    def __init__(self, client: EventBridgeClient, bus_name: str) -> None:
        self._client, self._bus_name = client, bus_name

    def publish_change(self, change_id: str) -> None:
        """Put one event: the id and nothing else."""
        detail = {"change_id": change_id}
        put_event(self._client, self._bus_name, changes.SOURCE, changes.DETAIL_TYPE, detail)
