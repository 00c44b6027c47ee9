"""Opening and closing the table of a time, and clearing away what restores left behind.

Each is asked again until it is done, and may be repeated at any point: it looks before it acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.ports import Clock
from cognito_standby.recovery.domain.past_tables import (
    CloseStep,
    OpenStep,
    left_behind,
    new_opening,
    next_close,
    seen_opening,
)
from cognito_standby.recovery.services.past_ports import PastTables, Restores


@dataclass(frozen=True)
class Opened:
    """The restore's table. `reason`: why it is ready, or why not yet."""

    table: str
    ready: bool
    reason: str


def open_past(tables: PastTables, clock: Clock, restore_id: str, as_of: datetime) -> Opened:
    """Begin, wait, or find it ready. InvalidRecordError: it can never be; the reason."""
    name, look = tables.name(restore_id), tables.look(restore_id)
    if look is None:
        opening = new_opening(tables.window(), as_of, clock.now())
    else:
        opening = seen_opening(look, as_of)
    match opening.step:
        case OpenStep.REFUSE:
            raise InvalidRecordError(f"no table as of {as_of.isoformat()}: {opening.reason}")
        case OpenStep.START:
            begun = tables.start(restore_id, as_of)
            return Opened(name, False, "it was begun" if begun else "somebody else began it")
        case OpenStep.WAIT | OpenStep.READY:
            return Opened(name, opening.step is OpenStep.READY, opening.reason)
        case _ as never:
            assert_never(never)


def close_past(tables: PastTables, restore_id: str) -> bool:
    """Whether it is gone; if not, its removal was begun or is waited for."""
    step = next_close(tables.look(restore_id))
    if step is CloseStep.REMOVE:
        tables.remove(restore_id)
    return step is CloseStep.GONE


def clear_past(tables: PastTables, restores: Restores, clock: Clock) -> int:
    """Begin to remove tables that nobody is going to close; how many.

    While any restore runs, none is: one that was resumed uses the table of the one before.
    """
    left = [one for one in tables.restores() if _left(tables, clock, one)]
    if not left or restores.any_running():
        return 0
    for restore_id in left:
        tables.remove(restore_id)
    return len(left)


def _left(tables: PastTables, clock: Clock, restore_id: str) -> bool:
    look = tables.look(restore_id)
    return look is not None and left_behind(look, clock.now())
