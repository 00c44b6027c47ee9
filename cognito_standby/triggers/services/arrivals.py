"""The part of UserMigration: whom Cognito is to make of whoever comes and is not in the pool.

It never fails: whatever is wrong, nobody is made, and Cognito tells the caller what it tells of any
unknown name. So nothing says that somebody is awaited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.replication.domain.on_demand import (
    Comer,
    Coming,
    Made,
    Refusal,
    response_of,
)
from cognito_standby.triggers.ports import OldPool, StandsByError
from cognito_standby.triggers.services.slots import Call, Part, Response

SIGN_IN, FORGOT = "UserMigration_Authentication", "UserMigration_ForgotPassword"
RESERVED = 1.5
"""Seconds that the pool which is asked for the password leaves to what follows: some fifteen calls
in this Region, whose connections a cold start makes."""
MARGIN = 0.2
"""For the way back."""

Answer = Made | Refusal
OriginOf = Callable[[str, str], str | None]
Meet = Callable[[str, Comer, float], Answer]
"""Of a pool's id and a comer, within so many seconds."""
Told = Callable[[str, Answer, str], None]
"""Is told the occasion, the answer, and the class of an error, if there was one."""


@dataclass(frozen=True)
class Arrival:
    """Answers Cognito's question about somebody whom the pool does not know.

    old_pool   the pool that they come from; None: nobody can look at a password
    origin_of  the origin sub that this Region's ledger maps a sub of a pool to
    guards     the fence
    """

    meet: Meet
    origin_of: OriginOf
    told: Told
    old_pool: OldPool | None = None
    guards: tuple[Part, ...] = ()

    def __call__(self, call: Call, _: Response) -> Response:
        """What Cognito is to make; empty: nobody."""
        answer, why = self._safely(call)
        self.told(call.source, answer, why)
        return response_of(answer)

    def _safely(self, call: Call) -> tuple[Answer, str]:
        try:
            return self._answer(call), ""
        except StandsByError:
            return Refusal.STANDS_BY, ""
        except Exception as error:  # noqa: BLE001 - unreadable means that nobody is made
            return Refusal.UNREAD, type(error).__name__

    def _answer(self, call: Call) -> Answer:
        name = call.event.get("userName")
        if not name or not isinstance(name, str):
            return Refusal.UNKNOWN
        for guard in self.guards:
            guard(call, {})
        pool = str(call.event.get("userPoolId", ""))
        comer = self._comer(call, pool, name)
        if comer is None:
            return Refusal.UNVOUCHED
        return self.meet(pool, comer, call.seconds_left() - MARGIN)

    def _comer(self, call: Call, pool: str, name: str) -> Comer | None:
        """None: by a password that nobody can look at, or that does not open the former pool."""
        if call.source == FORGOT:
            return Comer(name, Coming.FORGOT)
        password = (call.event.get("request") or {}).get("password")
        if call.source != SIGN_IN or self.old_pool is None or not isinstance(password, str):
            return None
        seconds = call.seconds_left() - RESERVED
        if seconds <= 0 or not password:
            return None
        who = self.old_pool.let_in(name, password, seconds)
        if who is None:
            return None
        origin = who.origin(self.origin_of(pool, who.sub))
        return Comer(name, Coming.VOUCHED, origin, self.old_pool.region, self.old_pool.id)
