"""How many triggers of sign-ups can run at once, and what account that takes.

Cognito admits at most its request rates, so they bound how often it calls the trigger; how long a
run lasts is bounded by the trigger's own time-outs (`tasks/post_confirmation.py`, a test compares).
A reservation is a cap, too: fewer than `trigger_concurrency` would refuse sign-ups when bus and
queue hang, although the account had room. The arithmetic is checked by a simulation.
"""

from __future__ import annotations

from math import ceil

from cognito_standby.core.domain.quotas import DEFAULTS, USER_ACCOUNT_RECOVERY, USER_CREATION

LONGEST_SECONDS = 4
"""Of one run: both ways out hang, the rounds begun in time are over."""

UNRESERVED_AT_LEAST = 100
"""What Lambda keeps free of reservations in an account ("Configuring reserved concurrency for a
function", Lambda developer guide)."""


def trigger_concurrency(
    creations: float = DEFAULTS[USER_CREATION],
    recoveries: float = DEFAULTS[USER_ACCOUNT_RECOVERY],
) -> int:
    """Runs at once at most, at these rates in requests a second.

    ConfirmSignUp, AdminConfirmSignUp and SignUp share UserCreation, ConfirmForgotPassword is of
    UserAccountRecovery. The rates are taken as buckets of one second, full at first.
    """
    return ceil((creations + recoveries) * (LONGEST_SECONDS + 1))


SIGN_UP_SECONDS, OWNER_SECONDS = 2, 4
"""Of one run of PreSignUp: a cold start, after which the fence waits for claims and for the
parameter, both of which hang; or it asks the owner's function as well, which together has to answer
within Cognito's 5 s less a cold start."""


def sign_up_concurrency(
    creations: float = DEFAULTS[USER_CREATION], *, asks_owner: bool = False
) -> int:
    """Runs of PreSignUp at once at most: SignUp and AdminCreateUser are of UserCreation."""
    return ceil(creations * ((OWNER_SECONDS if asks_owner else SIGN_UP_SECONDS) + 1))


def message_concurrency(
    creations: float = DEFAULTS[USER_CREATION],
    recoveries: float = DEFAULTS[USER_ACCOUNT_RECOVERY],
    *,
    asks_owner: bool = False,
) -> int:
    """Runs of CustomMessage at once at most, of sign-ups and recoveries: it is asked on the way of
    both, and one that is not started fails them. It waits for what PreSignUp waits for. Codes of
    sign-ins are of other quotas and share what is reserved."""
    seconds = OWNER_SECONDS if asks_owner else SIGN_UP_SECONDS
    return ceil((creations + recoveries) * (seconds + 1))


def account_concurrency(reserved: int) -> int:
    """The smallest limit of concurrent invocations with which an account can reserve so many."""
    return reserved + UNRESERVED_AT_LEAST if reserved else 0
