"""What an app client may write."""

from __future__ import annotations

from local.gaps.strict_cognito.context import SELF_SERVICE, Context, not_authorized
from local.protocol import Reply

_NEVER = ("email_verified", "phone_number_verified")


def writable(context: Context) -> Reply | None:
    """A person writes, through an app client, what the client may write.

    Developer guide, "Attribute permissions and scopes" and API reference, CreateUserPoolClient
    (WriteAttributes): with a list, only what it names; without one, or with an empty one, every
    standard attribute but the verified marks, and every custom one.
    """
    if context.operation not in SELF_SERVICE:
        return None
    client = context.pool.client(context.client_id) or {}
    allowed = set(client.get("WriteAttributes") or ())
    names = list(context.call.params.get("UserAttributeNames") or context.attributes)
    for name in names:
        if name in _NEVER or (allowed and name not in allowed and not _is_name(context, name)):
            return not_authorized("A client attempted to write unauthorized attribute")
    return None


def _is_name(context: Context, attribute: str) -> bool:
    """At sign-up the username's own contact may be repeated as an attribute."""
    names = context.pool.listed("UsernameAttributes")
    return context.operation == "SignUp" and attribute in names
