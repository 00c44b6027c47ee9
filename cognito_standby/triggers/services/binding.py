"""The part of PreTokenGeneration that notes whom our answer has made, before their first token.

Only in a pool that is filled on demand. Whoever is not certain gets no token yet, and signs in
again: the sync that was hinted at notes them within minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, PoolUser, UserStatus
from cognito_standby.triggers.domain.origins import STATUS
from cognito_standby.triggers.ports import Origins, RefusedError
from cognito_standby.triggers.services.origin_claim import MARGIN, SECONDS
from cognito_standby.triggers.services.slots import Call, Response

RENEWED = "TokenGeneration_RefreshTokens"
REFUSAL = "This account is being set up; sign in again"

Bind = Callable[[str, PoolUser, float], str]
"""Notes a user of a pool, within so many seconds; their origin sub, "": nothing is certain."""


@dataclass(frozen=True)
class BindFirst:
    """Refuses a token to a copy that the ledger does not map and that cannot be bound."""

    origins: Origins
    bind: Bind

    def __call__(self, call: Call, response: Response) -> Response:
        """The response as it is. RefusedError: no token yet."""
        sub, mark = call.attributes.get("sub", ""), call.attributes.get(ORIGIN_SUB_ATTRIBUTE, "")
        if call.source == RENEWED or not sub or mark in ("", sub):
            return response
        if not self._is_bound(call, sub):
            raise RefusedError(REFUSAL)
        return response

    def _is_bound(self, call: Call, sub: str) -> bool:
        try:
            if self.origins.origin_of(sub, _seconds(call)):
                return True
            pool = str(call.event.get("userPoolId", ""))
            return bool(self.bind(pool, user_of(call), _seconds(call)))
        except Exception:  # noqa: BLE001 - what cannot be read or noted is not certain
            return False


def user_of(call: Call) -> PoolUser:
    """The user of a question, as the pool shows them."""
    told = call.attributes
    known = told.get(STATUS, "") in set(UserStatus)
    status = UserStatus(told[STATUS]) if known else UserStatus.UNKNOWN
    username = str(call.event.get("userName", ""))
    return PoolUser(told["sub"], username, status, enabled=True, attributes=told)


def _seconds(call: Call) -> float:
    """TimeoutError: none is left."""
    seconds = min(SECONDS, call.seconds_left() - MARGIN)
    if seconds <= 0:
        raise TimeoutError("no time is left")
    return seconds
