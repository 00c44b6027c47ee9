"""How the function of a custom resource answers CloudFormation.

The answer goes to the request's ResponseURL ("Custom resource reference", CloudFormation user
guide). It must be given whatever happens, or the stack waits until its time limit.
"""

from __future__ import annotations

import json
import logging
import urllib.request
from collections.abc import Callable
from typing import Any

from cognito_standby.core.adapters.whole_answers import CutAnswerError

_LOGGER = logging.getLogger(__name__)

ATTEMPTS = 3
"""Each with the SDK's own; that asks again for whatever but an answer that is cut."""


def respond(
    event: dict[str, Any],
    context: object,
    physical_id: str,
    work: Callable[[], dict[str, str]],
    *,
    trouble: str,
) -> None:
    """Do what one request of CloudFormation asks for, and answer with what it gives.

    Whatever goes wrong becomes a FAILED answer, and `trouble` in the log; raising after the answer
    would only make Lambda repeat the request.
    """
    try:
        data = work()
    except Exception as error:
        _LOGGER.exception(trouble)
        reason = f"{type(error).__name__}: {error}"
        answer(event, context, "FAILED", physical_id=physical_id, reason=reason)
    else:
        answer(event, context, "SUCCESS", physical_id=physical_id, data=data)


def until_whole(call: Callable[[], None]) -> None:
    """Do something that does no harm when it is done again, until its answer is whole.

    CutAnswerError: all answers were truncated, so it is not known whether it was done.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            call()
        except CutAnswerError:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def answer(
    event: dict[str, Any],
    context: object,
    status: str,
    *,
    physical_id: str,
    reason: str = "",
    data: dict[str, str] | None = None,
) -> None:
    """SUCCESS or FAILED. `physical_id` is kept once the resource has one."""
    log = getattr(context, "log_stream_name", "")
    body = {
        "Status": status,
        "Reason": reason or f"see log stream {log}",
        "PhysicalResourceId": event.get("PhysicalResourceId") or physical_id,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": data or {},
    }
    request = urllib.request.Request(  # noqa: S310 - CloudFormation's own presigned address
        event["ResponseURL"],
        data=json.dumps(body).encode(),
        method="PUT",
        headers={"content-type": ""},
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass
