"""Point-in-time recovery of a whole pool: what it refuses meanwhile, and in which state.

Source: API, InitiatePointInTimeRecovery and its kin. What a write is answered with meanwhile is
not documented: OperationNotEnabledException, which each operation of a recovery lists, is a guess.
"""

from __future__ import annotations

from enum import StrEnum

from local.cognito_rules.refusals import CognitoError, invalid
from local.cognito_rules.states import NEW_PASSWORD_REQUIRED

INITIATE, START = "InitiatePointInTimeRecovery", "StartPointInTimeRecovery"
CANCEL, DESCRIBE = "CancelPointInTimeRecovery", "DescribePointInTimeRecovery"
LIST = "ListPointInTimeRecoveries"
OPERATIONS = (INITIATE, START, CANCEL, DESCRIBE, LIST)

_READS = ("AdminGet", "AdminList", "Describe", "Get", "List")
_SIGNS_IN = ("InitiateAuth", "AdminInitiateAuth", "FederatedSignIn")
_ANSWERS = ("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
_WRITING_CHALLENGES = (NEW_PASSWORD_REQUIRED, "MFA_SETUP")
_SENDS = ("GetUserAttributeVerificationCode",)
"""Begins with Get and reads nothing."""


class RestoreStatus(StrEnum):
    """RestoreStatusType, as far as a rule names it."""

    WAITS = "PREVIEW_GENERATED"
    COMPLETED = "RESTORE_COMPLETED"
    CANCELLED = "PREVIEW_CANCELLED"


def goes_on(operation: str, challenge: str = "") -> bool:
    """What a recovery does not stop: "Sign-in and read operations continue to work" (API,
    StartPointInTimeRecovery). A challenge whose answer is kept is a write."""
    if operation in _ANSWERS:
        return challenge not in _WRITING_CHALLENGES
    if operation in _SENDS:
        return False
    return operation.startswith(_READS) or operation in (*_SIGNS_IN, *OPERATIONS)


def check_goes_on(operation: str, challenge: str = "") -> None:
    """Any operation while a recovery is under way."""
    if not goes_on(operation, challenge):
        why = "This operation is not available while the user pool is being recovered."
        raise CognitoError("OperationNotEnabledException", why)


def check_initiate(*, paused: bool, reachable: bool) -> None:
    """One at a time, to a moment that can be gone back to."""
    if paused:
        raise CognitoError("ConcurrentModificationException", "A recovery is in progress.")
    if not reachable:
        raise invalid("The recovery point is out of range.")


def unknown() -> CognitoError:
    """Of a recovery that is not there."""
    return CognitoError("ResourceNotFoundException", "There is no such recovery.")


def check_waiting(status: str | None) -> None:
    """StartPointInTimeRecovery and CancelPointInTimeRecovery; None: there is no such recovery.

    API: both only while the status is PREVIEW_GENERATED (or, to cancel, PREVIEW_GENERATING, which
    no adapter shows).
    """
    if status is None:
        raise unknown()
    if status != RestoreStatus.WAITS:
        raise invalid("The recovery has ended.")
