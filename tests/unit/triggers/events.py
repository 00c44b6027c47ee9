"""Events as Cognito sends them, about somebody who does not exist; and the time to answer them."""

from __future__ import annotations

from typing import Any

from cognito_standby.triggers.services.slots import Call

SUB, ORIGIN, POOL = "0aaa-local", "0bbb-origin", "us-east-1_Pool"
PERSONAL = ("ann.smith@example.com", "Ann Smith", "ann-the-user")
PLENTY = 4.0


def attributes(**more: str) -> dict[str, str]:
    """Of a confirmed user."""
    return {
        "sub": SUB,
        "email": PERSONAL[0],
        "name": PERSONAL[1],
        "cognito:user_status": "CONFIRMED",
        **more,
    }


def event(
    source: str, about: dict[str, str], version: str = "1", **response: Any
) -> dict[str, Any]:
    """A trigger's event."""
    return {
        "version": version,
        "triggerSource": source,
        "region": "us-east-1",
        "userPoolId": POOL,
        "userName": PERSONAL[2],
        "callerContext": {"awsSdkVersion": "any", "clientId": "client"},
        "request": {"userAttributes": about, "groupConfiguration": {"groupsToOverride": []}},
        "response": response,
    }


def tokens(version: str = "1", **more: str) -> dict[str, Any]:
    """PreTokenGeneration's, of a sign-in."""
    name = "claimsOverrideDetails" if version == "1" else "claimsAndScopeOverrideDetails"
    return event("TokenGeneration_Authentication", attributes(**more), version, **{name: None})


def call(given: dict[str, Any], seconds: float = PLENTY) -> Call:
    """With so much time left, which does not pass."""
    return Call(given, lambda: seconds)


class Context:
    """What Lambda tells a function of its time."""

    def __init__(self, seconds: float = 5.0) -> None:
        self._milliseconds = round(seconds * 1000)

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds
