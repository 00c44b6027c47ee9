"""Opening and closing the table of a time, and clearing away what restores left behind.

Each is asked again until it is done, and may be repeated at any point: it looks before it acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.moments import utc
from cognito_standby.core.ports import Clock
from cognito_standby.recovery.domain.past_tables import (
    CloseStep,
    Opening,
    OpenStep,
    key_of,
    left_behind,
    new_opening,
    next_close,
    seen_opening,
)
from cognito_standby.recovery.services.past_ports import PastTables, Restores


@dataclass(frozen=True)
class Opened:
    """The table of a time. `reason`: why it is ready, or why not yet."""

    table: str
    ready: bool
    reason: str


def open_past(tables: PastTables, clock: Clock, as_of: datetime) -> Opened:
    """Begin, wait, or find it ready. InvalidRecordError: it can never be; the reason."""
    name = tables.name(key_of(as_of))
    opening = _opening(tables, clock, as_of)
    match opening.step:
        case OpenStep.REFUSE:
            raise InvalidRecordError(f"no table as of {utc(as_of)}: {opening.reason}")
        case OpenStep.START:
            begun = tables.start(as_of)
            return Opened(name, False, "it was begun" if begun else "somebody else began it")
        case OpenStep.WAIT | OpenStep.READY:
            return Opened(name, opening.step is OpenStep.READY, opening.reason)
        case _ as never:
            assert_never(never)


def why_never(tables: PastTables, clock: Clock, as_of: datetime) -> str:
    """Why there can be no table of a time, for people; "": there is one, or it can be made."""
    opening = _opening(tables, clock, as_of)
    return opening.reason if opening.step is OpenStep.REFUSE else ""


def _opening(tables: PastTables, clock: Clock, as_of: datetime) -> Opening:
    look = tables.look(key_of(as_of))
    if look is None:
        return new_opening(tables.window(), as_of, clock.now())
    return seen_opening(look, as_of, clock.now())


def close_past(tables: PastTables, key: str) -> bool:
    """Whether it is gone; if not, its removal was begun, or it is going already. Nobody has to wait
    for that: who wants a table of the same time does, and what did not go is swept."""
    step = next_close(tables.look(key))
    if step is CloseStep.REMOVE:
        tables.remove(key)
    return step is CloseStep.GONE


def clear_past(tables: PastTables, restores: Restores, clock: Clock) -> int:
    """Begin to remove tables that nobody is going to close; how many.

    While any restore runs, none is: one that was resumed uses the table of the one before.
    """
    left = [key for key in tables.known_keys() if _left(tables, clock, key)]
    if not left or restores.any_running():
        return 0
    for key in left:
        tables.remove(key)
    return len(left)


def _left(tables: PastTables, clock: Clock, key: str) -> bool:
    look = tables.look(key)
    return look is not None and left_behind(look, clock.now())
