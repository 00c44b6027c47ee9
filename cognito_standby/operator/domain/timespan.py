"""Times as people type them: an ISO 8601 moment, or how long ago."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta

from cognito_standby.core.domain.moments import moment_in

_AGO = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment_of(text: str, now: datetime) -> datetime:
    """2h, 30m, 7d: that long before now; `now`; otherwise ISO 8601, in UTC unless it says.

    ValueError, with what was expected.
    """
    if text == "now":
        return now
    if found := _AGO.fullmatch(text.strip()):
        with suppress(OverflowError):  # before the year 1
            return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
    moment = moment_in(text.strip())
    if moment is None:
        expected = "expected for example 2h, 30m, 7d or 2026-03-04T05:06:00Z"
        raise ValueError(f"{text!r} is not a time: {expected}")
    return moment


def spoken(seconds: float) -> str:
    """An age in its two largest units: 45 s, 12 min, 3 h 5 min, 2 d 4 h."""
    whole = int(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{whole} s"
