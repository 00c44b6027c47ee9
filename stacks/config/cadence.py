"""How rarely a schedule fires: the longest time between two runs, of `rate(...)` and `cron(...)`.

AWS's own form of cron (EventBridge Scheduler user guide, "Schedule types"): minutes, hours, day of
month, month, day of week (1 is Sunday), year; `?` in one of the two days; `L`, `W`, `#` in them.
By the calendar in UTC: a schedule says no time zone here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

_UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
_MINUTE, _DAY = 60, 86_400
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_CYCLE = 28
"""Years after which weekdays and leap days fall on the same dates again, within a century."""
_FIELDS = 6

_MONTHS = {
    **{"JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6},
    **{"JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12},
}
_WEEKDAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_SATURDAY = 7


class ScheduleError(ValueError):
    """An expression that is not understood, or that does not fire for ever."""


@cache
def longest_gap_seconds(expression: str) -> int:
    """The longest time between two runs. ScheduleError."""
    if not expression.isascii():
        raise ScheduleError(f"{expression} has letters or digits of another alphabet")
    if found := re.fullmatch(r"rate\(([1-9]\d*) (minute|hour|day)s?\)", expression):
        return int(found[1]) * _UNITS[found[2]]
    if found := re.fullmatch(r"cron\(([^()]+)\)", expression):
        return _Cron(expression, found[1].upper().split()).longest_gap()
    raise ScheduleError(f"{expression} is neither rate(...) nor cron(...)")


def for_ever(expression: str) -> str:
    """The expression, if it fires again and again. ScheduleError."""
    longest_gap_seconds(expression)
    return expression


class _Cron:
    def __init__(self, expression: str, fields: list[str]) -> None:
        self._whole = expression
        if len(fields) != _FIELDS:
            raise self._wrong(f"it has {len(fields)} fields, not {_FIELDS}")
        minutes, hours, self._dom, months, self._dow, years = fields
        if [self._dom, self._dow].count("?") != 1:
            raise self._wrong("one of day of month and day of week is `?`, the other one is not")
        hour_set, minute_set = self._values(hours, 0, 23), self._values(minutes, 0, 59)
        self._times = sorted(60 * hour + minute for hour in hour_set for minute in minute_set)
        self._months = self._values(months, 1, 12, _MONTHS)
        self._ever = years == "*"
        self._years = sorted(self._values(years, _FIRST_YEAR, _LAST_YEAR))

    def longest_gap(self) -> int:
        """In seconds."""
        days = list(self._days())
        if not days:
            raise self._wrong("it never fires")
        if not self._ever and days[-1].year < _LAST_YEAR:
            raise self._wrong(f"it ends in {days[-1].year}")
        if self._ever:
            days.append(days[0].replace(year=days[0].year + _CYCLE))
        first, last = self._times[0], self._times[-1]
        over_night = _DAY - _MINUTE * (last - first)
        apart = max((later - earlier).days for earlier, later in pairwise(days))
        in_a_day = (_MINUTE * (later - earlier) for earlier, later in pairwise(self._times))
        return max((apart - 1) * _DAY + over_night, *in_a_day, 0)

    def _days(self) -> Iterator[date]:
        first = 2000
        for year in range(first, first + _CYCLE) if self._ever else self._years:
            for month in sorted(self._months):
                yield from sorted(self._in_month(year, month))

    def _in_month(self, year: int, month: int) -> set[date]:
        length = calendar.monthrange(year, month)[1]
        days = [date(year, month, day) for day in range(1, length + 1)]
        if self._dow == "?":
            return {day for item in self._dom.split(",") for day in self._of_month(item, days)}
        return {day for item in self._dow.split(",") for day in self._of_week(item, days)}

    def _of_month(self, item: str, days: list[date]) -> list[date]:
        if item == "L":
            return days[-1:]
        if item == "LW":
            return [_nearest_weekday(days[-1], days)]
        if found := re.fullmatch(r"(\d+)W", item):
            number = self._number(found[1], 1, 31, {})
            return [_nearest_weekday(days[number - 1], days)] if number <= len(days) else []
        wanted = self._values(item, 1, 31)
        return [day for day in days if day.day in wanted]

    def _of_week(self, item: str, days: list[date]) -> list[date]:
        if item == "L":
            return [day for day in days if _weekday(day) == _SATURDAY]
        if found := re.fullmatch(r"(\w+)L", item):
            number = self._number(found[1], 1, 7, _WEEKDAYS)
            return [day for day in days if _weekday(day) == number][-1:]
        if found := re.fullmatch(r"(\w+)#([1-5])", item):
            number, place = self._number(found[1], 1, 7, _WEEKDAYS), int(found[2])
            return [day for day in days if _weekday(day) == number][place - 1 : place]
        wanted = self._values(item, 1, 7, _WEEKDAYS)
        return [day for day in days if _weekday(day) in wanted]

    def _values(
        self, field: str, least: int, most: int, names: dict[str, int] | None = None
    ) -> set[int]:
        found: set[int] = set()
        for item in field.split(","):
            parts = re.fullmatch(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?", item)
            if parts is None:
                raise self._wrong(f"{item} is not understood")
            span, step = self._span(parts, least, most, names or {}), int(parts[3] or 1)
            if step < 1:
                raise self._wrong(f"{item} has no step")
            found.update(span[::step])
        return found

    def _span(
        self, parts: re.Match[str], least: int, most: int, names: dict[str, int]
    ) -> list[int]:
        if parts[1] == "*":
            return list(range(least, most + 1))
        begin = self._number(parts[1], least, most, names)
        if parts[2] is None:
            return list(range(begin, most + 1)) if parts[3] else [begin]
        end = self._number(parts[2], least, most, names)
        if begin <= end:
            return list(range(begin, end + 1))
        return [*range(begin, most + 1), *range(least, end + 1)]  # FRI-MON

    def _number(self, text: str, least: int, most: int, names: dict[str, int]) -> int:
        number = names.get(text, int(text) if text.isdecimal() else -1)
        if not least <= number <= most:
            raise self._wrong(f"{text} is not understood")
        return number

    def _wrong(self, why: str) -> ScheduleError:
        return ScheduleError(f"{self._whole}: {why}")


def _weekday(day: date) -> int:
    return (day.weekday() + 1) % 7 + 1


def _nearest_weekday(day: date, month: list[date]) -> date:
    """Monday to Friday, within the month."""
    steps = {5: -1, 6: 1}.get(day.weekday(), 0)  # Saturday, Sunday
    near = day + timedelta(days=steps)
    if near < month[0]:
        return day + timedelta(days=2)
    return near if near <= month[-1] else day - timedelta(days=2)
