"""What a trigger's function is given (developer guide, "Lambda trigger common parameters")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
"""Where no app client took part, as in an administrator's call."""


def event(
    source: str,
    *,
    region: str,
    pool_id: str,
    username: str,
    client_id: str,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
) -> dict[str, Any]:
    """The parameters that all triggers share, and those of one."""
    return {
        "version": "1",
        "region": region,
        "userPoolId": pool_id,
        "userName": username,
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": client_id or NO_CLIENT,
        },
        "triggerSource": source,
        "request": dict(request),
        "response": dict(response),
    }


def metadata(given: Any) -> dict[str, Any]:
    """`clientMetadata`, where the caller sent some."""
    return {"clientMetadata": dict(given)} if given else {}
