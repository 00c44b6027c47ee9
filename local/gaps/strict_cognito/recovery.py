"""Who can recover a password."""

from __future__ import annotations

from local.gaps.strict_cognito.context import CONTACTS, Context, invalid, not_authorized
from local.protocol import Reply

_RESETS = ("ForgotPassword", "AdminResetUserPassword")
_PENDING = "FORCE_CHANGE_PASSWORD"


def recoverable(context: Context) -> Reply | None:
    """A reset needs an enabled user, past the first password, with a verified contact.

    API reference, ForgotPassword: InvalidParameterException without a verified e-mail or phone
    number; developer guide, "Recovering passwords": a user in FORCE_CHANGE_PASSWORD cannot (it is
    NotAuthorizedException). To a client that hides who exists, all of these look like a code on its
    way (developer guide, "Managing user existence error responses"), and no code is issued.
    """
    user = context.user
    if context.operation not in _RESETS or user is None:
        return None
    if not user.enabled:
        refusal = not_authorized("User is disabled.")
    elif user.status == _PENDING:
        return not_authorized("User password cannot be reset in the current state.")
    elif not any(user.verified(contact) for contact in CONTACTS):
        refusal = invalid(
            "Cannot reset password for the user as there is no registered/verified email or "
            "phone_number"
        )
    else:
        return None
    return _pretended(context) if _hides(context) else refusal


def _hides(context: Context) -> bool:
    client = context.pool.client(context.client_id) or {}
    return (
        context.operation == "ForgotPassword"
        and client.get("PreventUserExistenceErrors") == "ENABLED"
    )


def _pretended(context: Context) -> Reply:
    name = str(context.call.params.get("Username") or "")
    destination = f"{name[:1]}***@***"
    details = {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": destination}
    return Reply.of({"CodeDeliveryDetails": details})
