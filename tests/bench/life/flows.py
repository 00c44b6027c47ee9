"""What people do to get in: the calls of Cognito, and what each call asks of the pool's triggers.

In the order in which Cognito asks (developer guide, "Customizing user pool workflows with Lambda
triggers"). `tests/local/test_one_time_codes.py` holds the local AWS to the first flow; of
PostAuthentication, which is asked in between, the pool has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trigger(StrEnum):
    """Our functions, as they are named."""

    PRE_AUTHENTICATION = "pre_authentication"
    CUSTOM_MESSAGE = "custom_message"
    PRE_TOKEN_GENERATION = "pre_token_generation"
    POST_CONFIRMATION = "post_confirmation"


@dataclass(frozen=True)
class Step:
    """One call. `waits`: seconds until the person makes it, assumed: a mail has to be read."""

    operation: str
    asks: tuple[tuple[Trigger, str], ...]
    challenge: str = ""
    waits: float = 0.0


BEGINS = Trigger.PRE_AUTHENTICATION, "PreAuthentication_Authentication"
TOKENS = Trigger.PRE_TOKEN_GENERATION, "TokenGeneration_Authentication"
READS_MAIL = 4.0

BY_CODE = (
    Step("InitiateAuth", (BEGINS, (Trigger.CUSTOM_MESSAGE, "CustomMessage_Authentication"))),
    Step("RespondToAuthChallenge", (TOKENS,), "EMAIL_OTP", READS_MAIL),
)
"""InitiateAuth with USER_AUTH and EMAIL_OTP as the preferred challenge."""

BY_RECOVERY = (
    Step("ForgotPassword", ((Trigger.CUSTOM_MESSAGE, "CustomMessage_ForgotPassword"),)),
    Step(
        "ConfirmForgotPassword",
        ((Trigger.POST_CONFIRMATION, "PostConfirmation_ConfirmForgotPassword"),),
        waits=READS_MAIL,
    ),
    Step("InitiateAuth", (BEGINS, TOKENS), waits=1.0),
)
"""Forgot password, and a sign-in with the new one."""
