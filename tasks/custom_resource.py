"""How the function of a custom resource answers CloudFormation.

The answer goes to the request's ResponseURL ("Custom resource reference", CloudFormation user
guide). It must be given whatever happens, or the stack waits until its time limit.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any


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
