"""The pool's triggers as they are deployed, on tables that answer in virtual time, or hang.

What runs is `cognito_standby/triggers`: the slots, the fence, its view of the role and the claim of
the origin sub, put together as `tasks/pre_authentication.py`, `custom_message.py` and
`pre_token_generation.py` do it; `tests/bench/test_life.py` compares what they ask with what the
deployed handlers ask on a wire.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.roles import Active
from cognito_standby.triggers.services.fence import Fence
from cognito_standby.triggers.services.origin_claim import OriginClaim
from cognito_standby.triggers.services.role import KnownRole
from cognito_standby.triggers.services.slots import COLD_START, Call, Slot
from local.quotas.buckets import Bucket
from tests.bench.life.flows import Trigger
from tests.bench.life.functions import Cursor
from tests.bench.reconcile.assumptions import Delays, Latencies

CLAIM = "origin_sub"
COGNITO_WAITS = 5.0
PARAMETERS_A_SECOND = 40.0
"""GetParameter, an account and Region ("AWS Systems Manager endpoints and quotas")."""
_NORMAL = Latencies()


@dataclass
class Stores:
    """What the triggers read in one Region.

    actives  (since, who): what the claims say from when on, in seconds of the run
    hangs    the table answers nobody; `parameter_hangs`: nor does the parameter
    """

    region: str
    primary: str
    actives: tuple[tuple[float, Active], ...]
    origin_of: Callable[[str], str | None]
    hangs: bool = False
    parameter_hangs: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    delays: Delays = field(default_factory=lambda: Delays(1))
    parameters: Bucket = field(
        default_factory=lambda: Bucket(PARAMETERS_A_SECOND, PARAMETERS_A_SECOND)
    )

    def active(self, at: float) -> Active:
        """By the claims."""
        return [who for since, who in self.actives if since <= at][-1]

    def answer(self, cursor: Cursor, what: str, seconds: float, *, hangs: bool) -> None:
        """Wait for one answer. TimeoutError: none came in time."""
        self.asked[what] += 1
        takes = self.delays.of(_NORMAL.batch_get)
        cursor.wait(seconds if hangs else min(seconds, takes))
        if hangs or takes > seconds:
            raise TimeoutError(what)


@dataclass(frozen=True)
class _Claims:
    stores: Stores
    cursor: Cursor

    def read(self, seconds: float) -> Active:
        self.stores.answer(self.cursor, "claims", seconds, hangs=self.stores.hangs)
        return self.stores.active(self.cursor.at)


@dataclass(frozen=True)
class _Published:
    """As published by the function that does, which is within its own limits of the claim."""

    stores: Stores
    cursor: Cursor

    def read(self, seconds: float) -> Active:
        stores = self.stores
        stores.answer(self.cursor, "parameter", seconds, hangs=stores.parameter_hangs)
        if not stores.parameters.take(self.cursor.at):
            stores.asked["parameter, refused"] += 1
            raise ThrottledError("GetParameter")
        return stores.active(self.cursor.at)


@dataclass(frozen=True)
class _Origins:
    stores: Stores
    cursor: Cursor

    def origin_of(self, local_sub: str, seconds: float) -> str | None:
        self.stores.answer(self.cursor, "ledger", seconds, hangs=self.stores.hangs)
        return self.stores.origin_of(local_sub)


class _NoIntents:
    def creates(self, origin_sub: str, seconds: float) -> bool:
        raise NotImplementedError("nobody is made by a call of an administrator here")


class Process:
    """One process of one trigger, with what it keeps of the role."""

    def __init__(self, trigger: str, stores: Stores, cursor: Cursor) -> None:
        self._cursor = cursor
        self.unread: Counter[str] = Counter()
        role = KnownRole(
            *(stores.region, stores.primary, _Claims(stores, cursor), _Published(stores, cursor)),
            now=lambda: cursor.at,
            told=self._tell,
        )
        fence = Fence(stores.region, role.door, _NoIntents(), marked=True)
        origins = _Origins(stores, cursor)
        claim = OriginClaim(CLAIM, origins, lambda *_: None, marked=True, home=True)
        parts = (claim,) if trigger == Trigger.PRE_TOKEN_GENERATION else ()
        self._slot = Slot(parts, None, 0.0, (fence,))

    def ask(self, source: str, attributes: dict[str, str]) -> dict[str, Any]:
        """One question; the response. StandsByError."""
        self._cursor.wait(_NORMAL.warm_start)
        began = self._cursor.at
        event = {
            "version": "1",
            "triggerSource": source,
            "request": {"userAttributes": attributes},
            "response": {},
        }
        left = COGNITO_WAITS - COLD_START
        answer = self._slot.answer(Call(event, lambda: left - (self._cursor.at - began)))
        return dict(answer["response"])

    def _tell(self, error: str) -> None:
        self.unread[error] += 1


def active(region: str, number: int) -> Active:
    """Who is active under a claim of this number."""
    return Active(Epoch(number, region))
