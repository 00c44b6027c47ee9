"""Which calls make Cognito send a mail. Pure: from the call, the pool and the user as they are.

Source: API reference of the operations; developer guide, "Email settings for Amazon Cognito user
pools" (50 a day by its own sender) and "Signing up and confirming user accounts".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cognito_factors import blocked
from local.cognito_rules import changes, codes, names, states
from local.cognito_store import Pool, User
from local.protocol import Call

EMAIL, EMAIL_OTP = "email", "EMAIL_OTP"
REFUSAL = (
    "Exceeded daily email limit for the operation or the account. If a higher limit is required, "
    "please configure your user pool to use your own Amazon SES configuration for sending email."
)


def own_sender(pool: Pool) -> bool:
    """Whether Cognito sends by itself: 50 a day. With DEVELOPER it is the customer's SES."""
    told = pool.setting("EmailConfiguration") or {}
    return bool(told.get("EmailSendingAccount", "COGNITO_DEFAULT") != "DEVELOPER")


def sends_mail(call: Call, pool: Pool, user: User | None) -> bool:
    """Whether the call sends a mail if it succeeds."""
    match call.operation:
        case "SignUp":
            return _verifies(pool, _of_somebody_new(call, pool))
        case "AdminCreateUser":
            return _invites(call, pool, user)
        case "ResendConfirmationCode":
            return user is not None and _verifies(pool, user.attributes)
        case "ForgotPassword" | "AdminResetUserPassword":
            return user is not None and _recovers_by_mail(pool, user)
        case "UpdateUserAttributes" | "AdminUpdateUserAttributes":
            return _asks_again(call, pool, user)
        case "GetUserAttributeVerificationCode":
            return call.params.get("AttributeName") == EMAIL
        case (
            "InitiateAuth"
            | "AdminInitiateAuth"
            | "RespondToAuthChallenge"
            | "AdminRespondToAuthChallenge"
        ):
            return _asks_for_a_code(call, user)
        case _:
            return False


def may_be_confirmed(call: Call, pool: Pool) -> bool:
    """Whether a trigger may confirm the sign-up, which then sends no code."""
    return call.operation == "SignUp" and bool(pool.trigger("PreSignUp"))


def _given(call: Call, name: str) -> dict[str, str]:
    return {str(a["Name"]): str(a.get("Value", "")) for a in call.params.get(name) or ()}


def _verifies(pool: Pool, attributes: Mapping[str, Any]) -> bool:
    return codes.sign_up_contact(pool.settings, attributes) == EMAIL


def _of_somebody_new(call: Call, pool: Pool) -> dict[str, str]:
    """A username that is an address is the attribute, too: nobody has to give it twice."""
    username = str(call.params.get("Username") or "")
    kind = names.address_kind(pool.settings, username)
    given = _given(call, "UserAttributes")
    return {kind: username, **given} if kind else given


def _invites(call: Call, pool: Pool, user: User | None) -> bool:
    media = call.params.get("DesiredDeliveryMediums") or ["SMS"]
    return "EMAIL" in media and bool(_of_the_invited(call, pool, user).get(EMAIL))


def _of_the_invited(call: Call, pool: Pool, user: User | None) -> Mapping[str, str]:
    """RESEND writes to a user who exists, whatever attributes the call names (API reference,
    AdminCreateUser, `MessageAction`); nobody is invited with SUPPRESS."""
    match call.params.get("MessageAction"):
        case "SUPPRESS":
            return {}
        case "RESEND":
            return user.attributes if user else {}
        case _:
            return _of_somebody_new(call, pool)


def _recovers_by_mail(pool: Pool, user: User) -> bool:
    return states.recovery_contact(pool.settings, user, blocked(pool, user)) == EMAIL


def _asks_for_a_code(call: Call, user: User | None) -> bool:
    """A one-time code as first factor was chosen; a second one needs the customer's sender."""
    given = call.params.get("AuthParameters") or call.params.get("ChallengeResponses") or {}
    chosen = EMAIL_OTP in (given.get("PREFERRED_CHALLENGE"), given.get("ANSWER"))
    return chosen and user is not None and bool(user.attributes.get(EMAIL))


def _asks_again(call: Call, pool: Pool, user: User | None) -> bool:
    """A new address that nobody calls verified."""
    held = user.attributes if user else {}
    update = changes.updated(pool.settings, held, _given(call, "UserAttributes"))
    return EMAIL in dict(update.codes)
