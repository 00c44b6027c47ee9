"""What operators are told at once, by the topic of the alarms."""

from __future__ import annotations

from typing import Any, Protocol

from cognito_standby.core.adapters.aws_errors import translated

_SUBJECT = 100
"""Characters of an SNS subject, ASCII (Publish, API reference)."""


class Topics(Protocol):
    """What is called of boto3's SNS client."""

    def publish(self, **request: Any) -> Any:
        """Publish."""


class TopicNotices:
    """Messages for people; ids and reasons only."""

    def __init__(self, client: Topics, topic_arn: str) -> None:
        self._client, self._topic = client, topic_arn

    def tell(self, subject: str, text: str) -> None:
        """One Publish."""
        short = subject.encode("ascii", "replace").decode()[:_SUBJECT]
        with translated():
            self._client.publish(TopicArn=self._topic, Subject=short, Message=text)
