"""The sessions of challenges: who was asked what, and until when an answer counts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

MINUTE = 60.0


class SessionError(Exception):
    """An answer came with a session that is not its own, or too late."""


@dataclass(frozen=True)
class Pending:
    """One challenge that waits for its answer.

    challenge  its name
    username   "" for somebody who does not exist, and whom the client hides
    choices    what can be answered, where one is chosen
    first      a code is the first factor, not the second
    secret     of a token that is being set up
    proved     the token's first code was right
    """

    challenge: str
    pool_id: str
    client_id: str
    username: str
    choices: tuple[str, ...] = ()
    first: bool = False
    secret: str = ""
    proved: bool = False
    expires: float = 0.0


@dataclass
class Sessions:
    """All that wait, by the session's name. `clock` tells seconds."""

    clock: Callable[[], float] = time.time
    _waiting: dict[str, Pending] = field(default_factory=dict)

    def begin(self, pending: Pending, seconds: float) -> str:
        """Remember a challenge; returns the session."""
        session = secrets.token_urlsafe(32)
        self._waiting[session] = replace(pending, expires=self.clock() + seconds)
        return session

    def find(self, session: object, challenge: str = "") -> Pending | None:
        """The challenge of a session; None for a session that is not ours.

        SessionError: it is another challenge's, or has expired.
        """
        pending = self._waiting.get(str(session))
        if pending is None:
            return None
        if challenge and pending.challenge != challenge:
            raise SessionError("Invalid session for the user.")
        if self.clock() > pending.expires:
            self.end(session)
            raise SessionError("Invalid session for the user, session is expired.")
        return pending

    def end(self, session: object) -> None:
        """Forget a session: a right answer counts once."""
        self._waiting.pop(str(session), None)

    def follow(self, session: object, pending: Pending) -> str:
        """A new session in the place of one; it lasts no longer."""
        self.end(session)
        return self.begin(pending, max(0.0, pending.expires - self.clock()))


def seconds_of(client: dict[str, object]) -> float:
    """AuthSessionValidity, in minutes; 3 by default (API reference, CreateUserPoolClient)."""
    return MINUTE * int(str(client.get("AuthSessionValidity") or 3))
