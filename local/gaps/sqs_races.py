"""Gap: a message can vanish when SQS is used by several threads at once.

SQS never loses an accepted message (Amazon SQS developer guide, "at-least-once delivery"). The
emulator rebuilds a queue's message list on every deletion and sweep, without a lock that senders
respect; what EventBridge, Step Functions, Lambda or a pipe appends meanwhile, in another thread,
is dropped. Here every function that touches the list takes one lock.

Limits: one lock for all queues.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from local.patching import replace, require

_SQS = (
    "_collect_msgs",
    "_dlq_sweep",
    "_expire_retained",
    "_refresh_counts",
    "_receive_messages_for_esm",
    "_delete_messages_for_esm",
)
_SQS_ACTIONS = (
    "SendMessage",
    "SendMessageBatch",
    "DeleteMessage",
    "DeleteMessageBatch",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "PurgeQueue",
)


def install() -> None:
    """Serialise all access to message lists."""
    from ministack.services import eventbridge, lambda_svc, sqs  # noqa: PLC0415

    lock = threading.RLock()

    def locked(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            with lock:
                return function(*args, **kwargs)

        return run

    for name in _SQS:
        replace(sqs, name, locked)
    for action in _SQS_ACTIONS:
        require(action in sqs._HANDLERS, f"sqs has no {action} handler")
        sqs._HANDLERS[action] = locked(sqs._HANDLERS[action])
    replace(eventbridge, "_dispatch_to_sqs", locked)
    replace(lambda_svc, "_route_async_failure", locked)
