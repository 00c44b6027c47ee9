"""PreAuthentication and PostAuthentication (developer guide, the pages of these triggers).

PreAuthentication fires at the first call of a sign-in, before the password is looked at, for
whoever exists; for others only where the app client hides who exists. It does not fire for renewed
sessions. Source of what it is told: API reference, InitiateAuth (ClientMetadata).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.gaps.triggers import events
from local.gaps.triggers.inside import Inside
from local.patching import replace

_RENEWALS = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
_BEFORE, _AFTER = "PreAuthentication_Authentication", "PostAuthentication_Authentication"


def install(inside: Inside) -> None:
    """Ask at the first call of a sign-in, as a person or as an administrator."""
    for name in ("_initiate_auth", "_admin_initiate_auth"):
        replace(inside.cognito, name, lambda initiate: _asking_first(inside, initiate))


def _asking_first(inside: Inside, initiate: Callable[..., Any]) -> Callable[..., Any]:
    def initiated(data: dict[str, Any]) -> Any:
        if data.get("AuthFlow") not in _RENEWALS:
            ask_before(inside, data)
        return initiate(data)

    return initiated


def ask_before(inside: Inside, data: dict[str, Any]) -> None:
    """PreAuthentication: nothing was proved yet."""
    cognito, client = inside.cognito, str(data.get("ClientId") or "")
    pool, _ = cognito._pool_for_client(client)
    name = (data.get("AuthParameters") or {}).get("USERNAME")
    if pool is None or not name or not inside.function(pool, "PreAuthentication"):
        return
    user, _ = cognito._resolve_user(pool, name)
    hides = cognito._hides_user_existence(pool, client)
    if user is None and not hides:
        return
    if user and (not user.get("Enabled", True) or user.get("UserStatus") == "UNCONFIRMED"):
        return
    inside.ask(
        _BEFORE,
        pool,
        username=user["Username"] if user else name,
        client_id=client,
        request={
            "userAttributes": inside.attributes(user) if user else {},
            "validationData": data.get("ClientMetadata") or None,
            **({"userNotFound": user is None} if hides else {}),
        },
        response={},
    )


def ask_after(inside: Inside, pool: Any, client_id: str, user: Any, client_metadata: Any) -> None:
    """PostAuthentication: everything was proved, and tokens are about to be made."""
    inside.ask(
        _AFTER,
        pool,
        username=user["Username"],
        client_id=client_id,
        request={
            "userAttributes": inside.attributes(user),
            "newDeviceUsed": False,
            **events.metadata(client_metadata),
        },
        response={},
    )
