"""EventBridge and SQS as the ways of a hint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.hints import DETAIL_TYPE, SOURCE, Hint

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient


class EventBridgeHintBus:
    """HintBus on the installation's own bus."""

    def __init__(self, client: EventBridgeClient, bus_name: str) -> None:
        self._client, self._bus_name = client, bus_name

    def publish(self, hint: Hint) -> None:
        """Put one event."""
        put_event(self._client, self._bus_name, SOURCE, DETAIL_TYPE, hint.to_dict())


def put_event(
    client: EventBridgeClient, bus_name: str, source: str, detail_type: str, detail: Any
) -> None:
    """Put one event. PutEvents answers 200 even when it took nothing, so the count is read."""
    with translated():
        answer = client.put_events(Entries=[event_entry(bus_name, source, detail_type, detail)])
    if answer["FailedEntryCount"]:
        code = answer["Entries"][0].get("ErrorCode", "Unknown")
        raise ServiceUnavailableError(f"PutEvents: entry refused: {code}")


def event_entry(bus_name: str, source: str, detail_type: str, detail: Any) -> Any:
    """One event as PutEvents takes it."""
    return {
        "EventBusName": bus_name,
        "Source": source,
        "DetailType": detail_type,
        "Detail": json.dumps(detail),
    }


class SqsHintParking:
    """HintParking on the queue that a pipe feeds into the same machine."""

    def __init__(self, client: SQSClient, queue_url: str) -> None:
        self._client, self._queue_url = client, queue_url

    def park(self, hint: Hint) -> None:
        """Send one message: the hint as JSON."""
        with translated():
            self._client.send_message(
                QueueUrl=self._queue_url, MessageBody=json.dumps(hint.to_dict())
            )
