"""Whether this Region's door is open, as one process of a trigger knows it.

At most one look in `keep_seconds`, however many people sign in: a claim that changed is seen within
that time. What could not be read is not asked for again before that time is over either, so that a
table that hangs costs one call of a process its seconds and not all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cognito_standby.core.domain.roles import Active, Door, door_of, latest
from cognito_standby.triggers.ports import ActiveSource

KEEP_SECONDS = 5.0
"""How long a process believes what it has seen."""
SECONDS = 0.5
"""For one source, connecting included. A read takes some milliseconds."""
MARGIN = 0.2
"""Seconds that are left for the way back."""

Told = Callable[[str], None]
"""Is told that the claims could not be read: the class of the error."""


@dataclass
class KnownRole:
    """The door of `region`.

    primary    the Region that is active where nothing is known
    claims     both claims, in this Region's replica of the records
    published  what was last known, which outlives this process and the table
    now        the wall clock, in seconds: the monotonic one may stand still while a function's
               process is frozen, and what it saw before would then look fresh
    """

    region: str
    primary: str
    claims: ActiveSource
    published: ActiveSource
    now: Callable[[], float]
    told: Told
    keep_seconds: float = KEEP_SECONDS
    look_seconds: float = SECONDS
    _looked_at: float | None = field(default=None, init=False)
    _claims: Active | None = field(default=None, init=False)
    _last: Active | None = field(default=None, init=False)

    def door(self, seconds_left: Callable[[], float]) -> Door:
        """The door, looked at within `seconds_left` if the last look is too old."""
        if not self._is_young():
            self._look(seconds_left)
        return door_of(self.region, self._claims, self._last, self.primary)

    def _is_young(self) -> bool:
        return self._looked_at is not None and (
            0 <= self.now() - self._looked_at < self.keep_seconds
        )

    def _look(self, left: Callable[[], float]) -> None:
        if left() <= MARGIN:  # nobody is asked, so the next call may ask
            self._claims = None
            self.told(TimeoutError.__name__)
            return
        self._ask(left)
        self._looked_at = self.now()

    def _ask(self, left: Callable[[], float]) -> None:
        try:
            self._claims = self._read(self.claims, left)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, there is something to go by
            self._claims = None
            self.told(type(error).__name__)
        if self._claims is not None:
            self._last = self._claims
            return
        try:
            self._last = latest(self._last, self._read(self.published, left))
        except Exception as error:  # noqa: BLE001 - the same
            self.told(type(error).__name__)

    def _read(self, source: ActiveSource, left: Callable[[], float]) -> Active | None:
        seconds = min(self.look_seconds, left() - MARGIN)
        if seconds <= 0:
            raise TimeoutError("no time is left")
        return source.read(seconds)
