"""The part of every trigger that keeps people out of a pool that stands by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.roles import Door
from cognito_standby.triggers.domain.doors import Creation, Need, lets_in, need_of, refusal_text
from cognito_standby.triggers.ports import Intents, StandsByError
from cognito_standby.triggers.services.role import MARGIN, SECONDS
from cognito_standby.triggers.services.slots import Call, Response

DoorOf = Callable[[Callable[[], float]], Door]
"""The Region's door, looked at within the time that the argument says is left."""


@dataclass(frozen=True)
class Fence:
    """Refuses what needs an open door while it is closed.

    marked  whoever is made in this pool by a replay names their origin sub in the very call
    """

    region: str
    door: DoorOf
    intents: Intents
    marked: bool = False
    look_seconds: float = SECONDS

    def __call__(self, call: Call, response: Response) -> Response:
        """The response as it is. StandsByError: the door is closed."""
        need = need_of(call.source)
        if need is Need.NOTHING:
            return response
        door = self.door(call.seconds_left)
        if door.is_open or (need is Need.INTENT and lets_in(self._creation(call))):
            return response
        raise StandsByError(refusal_text(self.region), door.reason)

    def _creation(self, call: Call) -> Creation:
        """Where the claims hang, the ledger may find no time any more."""
        origin = call.attributes.get(ORIGIN_SUB_ATTRIBUTE, "")
        if not origin:
            return Creation.NOT_INTENDED if self.marked else Creation.UNMARKED
        seconds = min(self.look_seconds, call.seconds_left() - MARGIN)
        if seconds <= 0:
            return Creation.UNREAD
        try:
            intended = self.intents.creates(origin, seconds)
        except Exception:  # noqa: BLE001 - `lets_in` says why this is no refusal
            return Creation.UNREAD
        return Creation.INTENDED if intended else Creation.NOT_INTENDED
