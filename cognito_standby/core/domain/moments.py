"""How a time is told to people: in UTC, to the second. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_UTC = " UTC"


def utc(moment: datetime | str) -> str:
    """2026-11-29 23:58:03 UTC; what is no time is shown as it is."""
    at = moment_in(moment)
    return str(moment) if at is None else f"{at:%Y-%m-%d %H:%M:%S}{_UTC}"


def utc_after(moment: datetime) -> str:
    """The first whole second that is not before it: where less would be refused."""
    whole = moment.replace(microsecond=0)
    return utc(whole if whole == moment else whole + timedelta(seconds=1))


def moment_in(told: datetime | str) -> datetime | None:
    """A time, in UTC, also as `utc` tells it; None: it is none."""
    try:
        at = datetime.fromisoformat(told.removesuffix(_UTC)) if isinstance(told, str) else told
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # OverflowError: in UTC it is in no year from 1 to 9999
        return None
