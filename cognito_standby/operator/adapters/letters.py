"""The dead letter queue on SQS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.operator.ports import Envelope

_BATCH = 10
"""Messages of one ReceiveMessage, at most (API limit)."""

_WAIT_SECONDS = 1
"""A long poll asks every server of the queue; a short one can miss messages (SQS guide)."""

_GONE = ("MessageNotInflight", "ReceiptHandleIsInvalid", "InvalidParameterValue")
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class SqsDeadLetters:
    """DeadLetters on one queue."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client, self._url = client, queue_url

    def receive(self, hide_seconds: int) -> Sequence[Envelope]:
        """One ReceiveMessage."""
        return self._receive(hide_seconds, _WAIT_SECONDS)

    def peek(self) -> Sequence[Envelope]:
        """One ReceiveMessage that hides nothing. Receiving does no harm here: a dead letter queue
        has no limit of receives."""
        return self._receive(0, 0)

    def hold(self, letter: Envelope, hide_seconds: int) -> None:
        """One ChangeMessageVisibility."""
        self._hide(letter, hide_seconds)

    def give_back(self, letter: Envelope) -> None:
        """One ChangeMessageVisibility."""
        self._hide(letter, 0)

    def delete(self, letter: Envelope) -> None:
        """One DeleteMessage."""
        with translated():
            try:
                self._client.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)
            except ClientError as error:
                if _code(error) not in _GONE:
                    raise

    def count(self) -> int:
        """One GetQueueAttributes: visible, hidden and delayed ones."""
        with translated():
            answer = self._client.get_queue_attributes(
                QueueUrl=self._url, AttributeNames=list(_COUNTS)
            )
        return sum(int(answer["Attributes"].get(name, 0)) for name in _COUNTS)

    def _receive(self, hide_seconds: int, wait_seconds: int) -> list[Envelope]:
        with translated():
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=hide_seconds,
                WaitTimeSeconds=wait_seconds,
                MessageSystemAttributeNames=["SentTimestamp"],
                MessageAttributeNames=["All"],
            )
        return [_envelope(message) for message in answer.get("Messages", [])]

    def _hide(self, letter: Envelope, seconds: int) -> None:
        with translated():
            try:
                self._client.change_message_visibility(
                    QueueUrl=self._url, ReceiptHandle=letter.receipt, VisibilityTimeout=seconds
                )
            except ClientError as error:
                if _code(error) not in _GONE:
                    raise


def _envelope(message: Any) -> Envelope:
    sent = message.get("Attributes", {}).get("SentTimestamp")
    attributes = message.get("MessageAttributes", {})
    return Envelope(
        id=str(message["MessageId"]),
        receipt=str(message["ReceiptHandle"]),
        body=str(message["Body"]),
        attributes={name: str(value.get("StringValue", "")) for name, value in attributes.items()},
        sent_at=datetime.fromtimestamp(int(sent) / 1000, UTC) if sent else None,
    )


def _code(error: ClientError) -> str:
    """The code without the prefix of SQS's query protocol."""
    return code_of(error).rsplit(".", 1)[-1]
