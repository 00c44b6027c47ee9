"""One function a trigger: a pool has one place for each, which several have to share.

Asked in this order, each with the answer of those before it:

1. the owner's function, with the event as Cognito sent it; its answer and its errors stand;
2. the guards: the fence, which says whether this Region lets anybody in, and what protects the
   origin sub. Whatever the owner's function answered, they are asked;
3. the claim of the origin sub.

Who is refused by one is not seen by those behind it. PostConfirmation has the owner's function
alone: its hint goes out beside that (`tasks/post_confirmation.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.triggers.ports import OwnerFunction

COLD_START = 1.0
"""Seconds, of the 5 that Cognito waits, for starting a process: Lambda's own clock of a call begins
after it. Then Cognito asks again, three times in all ("Customizing user pool workflows with Lambda
triggers", Amazon Cognito Developer Guide)."""
_AT_LEAST = 0.05


@dataclass(frozen=True)
class Call:
    """One question of Cognito. `seconds_left` until the function has to have answered."""

    event: Mapping[str, Any]
    seconds_left: Callable[[], float]

    @property
    def source(self) -> str:
        """Trigger and occasion, such as PreSignUp_AdminCreateUser."""
        return str(self.event.get("triggerSource", ""))

    @property
    def attributes(self) -> Mapping[str, str]:
        """The user's attributes; none where there is no user."""
        return (self.event.get("request") or {}).get("userAttributes") or {}


Response = Mapping[str, Any]
Part = Callable[[Call, Response], Response]
"""Sees the question as Cognito put it and the answer so far; answers, or raises to refuse."""


@dataclass(frozen=True)
class Slot:
    """What one trigger does.

    guards    parts that refuse or say nothing: their answer is not looked at
    reserved  seconds that the owner's function has to leave
    """

    parts: tuple[Part, ...]
    owner: OwnerFunction | None = None
    reserved: float = 0.0
    guards: tuple[Part, ...] = ()

    def answer(self, call: Call) -> Any:
        """The event with the answer of all parts. Raises what a part raises.

        An owner's answer that is none is passed on, for Cognito to refuse it as it would. Whether
        it does is Cognito's to say, so the guards are asked before.
        """
        given = self._of_owner(call)
        for guard in self.guards:
            guard(call, {})
        if not isinstance(given, Mapping) or not isinstance(given.get("response", 0), dict | None):
            return given
        response: Response = given["response"] or {}
        for part in self.parts:
            response = part(call, response)
        return {**given, "response": dict(response)}

    def _of_owner(self, call: Call) -> Any:
        if self.owner is None:
            return call.event
        seconds = max(call.seconds_left() - self.reserved, _AT_LEAST)
        return self.owner.ask(call.event, seconds)
