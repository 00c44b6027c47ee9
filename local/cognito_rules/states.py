"""The states of a user, and what each of them refuses."""

from __future__ import annotations

from collections.abc import Container

from local.cognito_rules.people import Person, Status, verified
from local.cognito_rules.pools import PoolSettings
from local.cognito_rules.refusals import CognitoError, invalid, not_authorized

NEW_PASSWORD_REQUIRED = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - a challenge, not a password
SIGNED_IN = ""
"""No challenge is left."""


def check_confirmable(person: Person) -> None:
    """API, ConfirmSignUp and AdminConfirmSignUp: UNCONFIRMED becomes CONFIRMED, nothing else."""
    if person.status != Status.UNCONFIRMED:
        raise not_authorized(f"User cannot be confirmed. Current status is {person.status}")


def after_password(*, permanent: bool) -> Status:
    """API, AdminSetUserPassword: in whatever state the user was."""
    return Status.CONFIRMED if permanent else Status.FORCE_CHANGE_PASSWORD


def recovery_contact(
    pool: PoolSettings, person: Person, blocked: Container[str] = frozenset()
) -> str:
    """Where a recovery code goes: the first verified contact in the pool's order, or "".

    API, AccountRecoverySettingType. `blocked`: contacts that are the person's second factor
    (`factors.blocked_for_recovery`).
    """
    able = (c for c in pool.recovery if verified(person.attributes, c) and c not in blocked)
    return next(able, "")


def check_recovery(
    pool: PoolSettings, person: Person, blocked: Container[str] = frozenset()
) -> str:
    """ForgotPassword and AdminResetUserPassword; returns the contact that the code goes to.

    NotAuthorizedException: disabled, for administrators too (amazon-cognito-identity-js, issue
    373); in FORCE_CHANGE_PASSWORD (guide, "Recovering passwords"), or federated, who has no
    password. InvalidParameterException: no verified contact (API, ForgotPassword). Guide, "Managing
    user existence error responses": to a client that hides who exists, all but the state look like
    a code on its way.
    """
    if not person.enabled:
        raise not_authorized("User is disabled.", reveals=True)
    if person.status in (Status.FORCE_CHANGE_PASSWORD, Status.EXTERNAL_PROVIDER):
        raise not_authorized("User password cannot be reset in the current state.")
    contact = recovery_contact(pool, person, blocked)
    if not contact:
        raise invalid(
            "Cannot reset password for the user as there is no registered/verified email or "
            "phone_number",
            reveals=True,
        )
    return contact


def check_sign_in(person: Person, *, password_right: bool) -> str:
    """A sign-in by password: the challenge that follows, or SIGNED_IN.

    API, InitiateAuth: NotAuthorizedException, PasswordResetRequiredException,
    UserNotConfirmedException.
    """
    if not person.enabled:
        raise not_authorized("User is disabled.")
    if person.status == Status.RESET_REQUIRED:
        raise CognitoError("PasswordResetRequiredException", "Password reset required for the user")
    if not password_right:
        raise wrong_password()
    if person.status == Status.UNCONFIRMED:
        raise CognitoError("UserNotConfirmedException", "User is not confirmed.")
    if person.status == Status.FORCE_CHANGE_PASSWORD:
        return NEW_PASSWORD_REQUIRED
    return SIGNED_IN


def wrong_password() -> CognitoError:
    """The same for a name that nobody has, to a client that hides who exists."""
    return not_authorized("Incorrect username or password.")


def check_new_password(person: Person, *, password_right: bool) -> None:
    """An answer to NEW_PASSWORD_REQUIRED."""
    if person.status != Status.FORCE_CHANGE_PASSWORD or not password_right:
        raise not_authorized("Invalid session for the user.")


def check_token(person: Person) -> None:
    """Guide, "Managing and searching for user accounts": disabling revokes the tokens."""
    if not person.enabled or person.status == Status.UNCONFIRMED:
        raise not_authorized("Access Token has been revoked")
