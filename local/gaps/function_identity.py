"""Gap: a function's calls do not say which function made them.

On AWS the execution role's credentials identify the caller, and CloudTrail records the role's ARN
as `userIdentity.sessionContext.sessionIssuer.arn`. The emulator gives every function the account's
own key. Here each worker's session token names its role and function, so that the CloudTrail layer
and the judge of rights can tell callers apart without any change to the account that a request
resolves to.

The same place pins the workers to this emulator: whatever AWS endpoint, secret or profile the
host's shell exports, a local function can only ever call the loopback address.

Limits: the token is readable and unsigned.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.patching import replace

_PREFIX = "local-function."


@dataclass(frozen=True)
class FunctionCaller:
    """The deployed function behind a call."""

    function: str
    role_arn: str

    @property
    def role_name(self) -> str:
        """The role's name without its path."""
        return self.role_arn.rsplit("/", 1)[-1]


def token_for(config: dict[str, Any]) -> str:
    """The session token that a function's worker is started with."""
    caller = {"function": config.get("FunctionName", ""), "role": config.get("Role", "")}
    return _PREFIX + base64.urlsafe_b64encode(json.dumps(caller).encode()).decode()


def caller_from(token: str) -> FunctionCaller | None:
    """The function that a session token names; None for any other caller."""
    if not token.startswith(_PREFIX):
        return None
    try:
        data = json.loads(base64.urlsafe_b64decode(token.removeprefix(_PREFIX)))
        return FunctionCaller(str(data["function"]), str(data["role"]))
    except (ValueError, KeyError, TypeError):
        return None


def install(endpoint: str) -> None:
    """Give each worker a session token of its own, and this endpoint."""
    from ministack.core import lambda_runtime  # noqa: PLC0415

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def credentials(config: dict[str, Any]) -> dict[str, str]:
            return {
                **original(config),
                "AWS_SECRET_ACCESS_KEY": "local",
                "AWS_SESSION_TOKEN": token_for(config),
                "AWS_ENDPOINT_URL": endpoint,
            }

        return credentials

    replace(lambda_runtime, "execution_credentials", wrap)
