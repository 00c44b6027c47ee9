"""The part of PreSignUp that keeps the names of those who are awaited.

Only in a pool that is filled on demand. In any other pool Cognito itself knows who has a name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.triggers.domain.sign_ups import Typed, names_typed
from cognito_standby.triggers.ports import RefusedError
from cognito_standby.triggers.services.slots import Call, Response

SECONDS = 2.0
"""For index, records and ledger, connecting included."""
MARGIN = 0.2
TAKEN = "An account with this name or address already exists; sign in, or use forgot password"
NOT_NOW = "Whether an account with this name exists cannot be told now; try again"

Kept = Callable[[str, Typed, float], bool]
"""Whether somebody who is awaited in a pool has one of these names, told within so many seconds."""


@dataclass(frozen=True)
class KeepNames:
    """Refuses a sign-up that takes a name, or a verified address, of somebody who is awaited."""

    kept: Kept

    def __call__(self, call: Call, response: Response) -> Response:
        """The response as it is. RefusedError: the name is theirs, or it cannot be told."""
        typed = names_typed(call.source, str(call.event.get("userName", "")), call.attributes)
        if (typed.names or typed.preferred) and self._are_kept(call, typed):
            raise RefusedError(TAKEN)
        return response

    def _are_kept(self, call: Call, typed: Typed) -> bool:
        seconds = min(SECONDS, call.seconds_left() - MARGIN)
        if seconds <= 0:
            raise RefusedError(NOT_NOW)
        try:
            return self.kept(str(call.event.get("userPoolId", "")), typed, seconds)
        except Exception as error:
            raise RefusedError(NOT_NOW) from error
