"""The records table as of a time, in a table of its own: its name, and what to do about it. Pure.

DynamoDB restores a table to a second of its window as a new table, which takes minutes to come and
can be removed only once it is there (API reference, RestoreTableToPointInTime, DeleteTable). So a
step looks, does one thing, and is asked again until it is done. A table is named by its time: who
has only looked, and then restores, uses the one that is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.moments import utc_after
from cognito_standby.reconciliation.domain.run_request import RUN_ID

RESTORE_POOL = "restore_pool"
"""The machine whose executions use such tables."""
KEPT = timedelta(hours=12)
"""How long the table is kept of which somebody has only looked at what a restore would do, or whose
restore crashed: as long as somebody may go on with it."""
COMES_WITHIN = timedelta(days=1)
"""DynamoDB takes minutes, and some hours for a very large table (developer guide, "Restoring a
table to a point in time")."""


def past_prefix(installation: str) -> str:
    """How the names of an installation's tables of a time begin. An installation's name has no dot,
    so no other table of this one, and none of another installation, begins so."""
    return f"{installation}.past."


def key_of(as_of: datetime) -> str:
    """By what the table of a time is told from others: its second, in UTC. The release before told
    them by their restores."""
    return f"{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def past_table(prefix: str, key: str) -> str:
    """The name of a table. InvalidRecordError: that is no key of one."""
    if not RUN_ID.fullmatch(key):
        raise InvalidRecordError("that is not the key of a table of a time")
    return f"{prefix}{key}"


def key_in(prefix: str, table: str) -> str | None:
    """The key of a table; None: it is no such table."""
    rest = table.removeprefix(prefix)
    return rest if rest != table and RUN_ID.fullmatch(rest) else None


def to_the_second(text: str) -> datetime:
    """A time in UTC, ISO 8601, without its fraction: DynamoDB restores to whole seconds.

    InvalidRecordError: it is no time, or says no zone.
    """
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise InvalidRecordError("`as_of` says no time zone")
        return at.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):  # OverflowError: in UTC it is in no year from 1 to 9999
        raise InvalidRecordError("`as_of` is no time") from None


class TableState(StrEnum):
    """How far a table is (DescribeTable, TableStatus)."""

    COMING = "CREATING"
    THERE = "ACTIVE"
    GOING = "DELETING"
    CHANGING = "UPDATING"
    OTHER = "other"
    """None that passes by itself: its key cannot be used, or it was archived for that."""


@dataclass(frozen=True)
class TableLook:
    """A table of a time as it is seen.

    as_of   the time that it was restored to; None: it was not restored
    filled  all of its items are there
    told    TableStatus, as DynamoDB names it
    """

    state: TableState
    made_at: datetime
    as_of: datetime | None
    filled: bool
    told: str = ""


@dataclass(frozen=True)
class Window:
    """The moments that the records table can be restored to."""

    earliest: datetime
    latest: datetime


class OpenStep(StrEnum):
    """What opening asks for."""

    START = "start"
    WAIT = "wait"
    READY = "ready"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Opening:
    """The next step, and why."""

    step: OpenStep
    reason: str


def seen_opening(look: TableLook, as_of: datetime, now: datetime) -> Opening:
    """What to do where the table was begun already."""
    if look.as_of != as_of:
        return Opening(OpenStep.REFUSE, "the table of that name is of another time")
    if look.state is TableState.THERE and look.filled:
        return Opening(OpenStep.READY, "it is there")
    match look.state:
        case TableState.GOING:
            return Opening(OpenStep.WAIT, "the former table is going")
        case TableState.COMING | TableState.THERE | TableState.CHANGING:
            if now - look.made_at <= COMES_WITHIN:
                return Opening(OpenStep.WAIT, "it is being restored")
            told = f"its table is not ready after {COMES_WITHIN.total_seconds() / 3600:.0f} h"
            return Opening(OpenStep.REFUSE, f"{told}, but {look.told}")
        case TableState.OTHER:
            return Opening(OpenStep.REFUSE, f"its table is {look.told}")
        case _ as never:
            assert_never(never)


def new_opening(window: Window | None, as_of: datetime, now: datetime) -> Opening:
    """What to do where there is none. `window`: None, recovery is off."""
    if window is None:
        return Opening(OpenStep.REFUSE, "the records table has no point-in-time recovery")
    if as_of > now:
        return Opening(OpenStep.REFUSE, "the time is in the future")
    if as_of < window.earliest:
        return Opening(OpenStep.REFUSE, f"before {utc_after(window.earliest)} nothing is kept")
    if as_of > window.latest:
        return Opening(OpenStep.WAIT, "the latest minutes cannot be restored yet")
    return Opening(OpenStep.START, "it is in the window")


class CloseStep(StrEnum):
    """What closing asks for."""

    REMOVE = "remove"
    WAIT = "wait"
    GONE = "gone"


def next_close(look: TableLook | None) -> CloseStep:
    """A table that is coming cannot be removed yet, and one that is going is still there."""
    if look is None:
        return CloseStep.GONE
    if look.state in (TableState.THERE, TableState.OTHER):
        return CloseStep.REMOVE
    return CloseStep.WAIT


def left_behind(look: TableLook, now: datetime) -> bool:
    """Whether nobody is going to close it, given that no restore is running."""
    return next_close(look) is CloseStep.REMOVE and now - look.made_at > KEPT
