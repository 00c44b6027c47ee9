"""Codes that Cognito sends: where to, how long they hold, how they are refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from local.cognito_rules.pools import PoolSettings
from local.cognito_rules.refusals import CognitoError

_HOUR, _DAY = 3_600, 86_400


class Purpose(StrEnum):
    """Why Cognito sends a message."""

    INVITATION = "invitation"
    SIGN_UP = "sign-up code"
    VERIFICATION = "verification code"
    RECOVERY = "recovery code"


VALID_SECONDS: Mapping[Purpose, int] = {
    Purpose.SIGN_UP: _DAY,
    Purpose.VERIFICATION: _DAY,
    Purpose.RECOVERY: _HOUR,
}
"""Guide, "Quotas in Amazon Cognito", code security."""


def sign_up_contact(pool: PoolSettings, attributes: Mapping[str, str]) -> str:
    """Where a sign-up's code goes, and what it proves; "" without an auto-verified address.

    Guide, "Configuring email or phone verification": with both, the code goes by SMS.
    """
    for contact in ("phone_number", "email"):
        if contact in pool.auto_verified and attributes.get(contact):
            return contact
    return ""


def expired() -> CognitoError:
    """None is outstanding, or it is too old."""
    return CognitoError(
        "ExpiredCodeException", "Invalid code provided, please request a code again."
    )


def mismatch() -> CognitoError:
    """It is another one."""
    text = "Invalid verification code provided, please try again."
    return CognitoError("CodeMismatchException", text)
