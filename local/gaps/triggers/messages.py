"""CustomMessage: before an invitation or a code is sent (developer guide, "Custom message Lambda
trigger"). Codes of sign-ups, recoveries and changed contacts are the layer `code_delivery`'s, which
asks through `asked`; what the function wants to have sent goes nowhere, as nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.gaps.triggers import events
from local.gaps.triggers.inside import Inside
from local.patching import replace

TRIGGER = "CustomMessage"
RESPONSE = {"smsMessage": None, "emailMessage": None, "emailSubject": None}
"""What the function may fill in."""


def install(inside: Inside) -> None:
    """Ask where the emulator writes an invitation."""

    def invitation(
        pool: Mapping[str, Any],
        trigger_source: str,
        username: str,
        user_attrs: Mapping[str, Any],
        client_metadata: Any = None,
        username_parameter: str = "{username}",
    ) -> dict[str, Any]:
        status = "FORCE_CHANGE_PASSWORD"  # who is invited has not chosen a password yet
        attributes = {**user_attrs, "cognito:user_status": status}
        return (
            inside.ask(
                trigger_source,
                pool,
                username=username,
                client_id="",
                request=asked(attributes, client_metadata, username_parameter),
                response=RESPONSE,
            )
            or {}
        )

    replace(inside.cognito, "_apply_custom_message_trigger", lambda _: invitation)


def asked(
    attributes: Mapping[str, Any], client_metadata: Any, username_parameter: str | None = None
) -> dict[str, Any]:
    """The `request` of the trigger's event."""
    return {
        "userAttributes": dict(attributes),
        "codeParameter": "{####}",
        "linkParameter": "{##Click Here##}",
        "usernameParameter": username_parameter,
        **events.metadata(client_metadata),
    }


def message_event(
    source: str,
    *,
    region: str,
    pool_id: str,
    username: str,
    client_id: str,
    attributes: Mapping[str, Any],
    client_metadata: Any,
) -> dict[str, Any]:
    """The event about a code."""
    return events.event(
        source,
        region=region,
        pool_id=pool_id,
        username=username,
        client_id=client_id,
        request=asked(attributes, client_metadata),
        response=RESPONSE,
    )
