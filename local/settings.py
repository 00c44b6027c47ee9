"""What can be turned on the local AWS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.quotas.account import AccountQuotas

UNPACED = json.dumps(
    dict.fromkeys(
        (
            *("UserList", "UserRead", "UserResourceRead", "UserCreation", "UserUpdate"),
            *("UserAccountRecovery", "UserPoolRead", "UserPoolResourceRead"),
            "UserPoolResourceUpdate",
        ),
        100_000,
    )
)
"""As `QUOTAS` of the functions' environment: no pace of our own requests. Pacing is shown in
virtual time (`make bench`); here it would only take time."""


@dataclass(frozen=True)
class LocalSettings:
    """Knobs of the local AWS; the defaults behave like AWS, only faster.

    `workers_per_function` bounds the Lambda processes of one function; more invocations queue.
    `trigger_seconds` is Cognito's limit for a trigger, and what the deployed triggers get.
    `wait_scale` multiplies the waits and retry delays of state machines. `strict_cognito` refuses
    what AWS refuses and the emulator accepts.
    `trail_delay` is how many seconds after a call its CloudTrail event reaches the bus;
    `trail_drop` holds patterns of the event names that never do. `pipe_poll_seconds` is how often
    pipes look. `environment` replaces variables that the templates give to functions.
    `restore_seconds` is how long a table takes to be restored to a time, and how long such a table
    takes to go; `restorable_lag` how long ago the latest moment is that it can be restored to.

    `rights` judges every call of what is deployed by the policies that are deployed with it. Off
    only for tests of the emulator itself, whose functions and machines have no policies. `quotas`
    makes the account refuse what exceeds them; None: it refuses nothing.
    """

    workers_per_function: int = 2
    trigger_seconds: float = 5.0
    wait_scale: float = 1.0
    strict_cognito: bool = True
    trail_delay: float = 0.0
    trail_drop: tuple[str, ...] = ()
    pipe_poll_seconds: float = 0.1
    restore_seconds: float = 0.5
    restorable_lag: float = 1.0
    rights: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    quotas: AccountQuotas | None = None
