"""How rarely a schedule fires."""

from __future__ import annotations

import pytest

from stacks.config.cadence import ScheduleError, longest_gap_seconds

HOUR, DAY = 3600, 86_400


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [
        ("rate(1 minute)", 60),
        ("rate(6 hours)", 6 * HOUR),
        ("rate(10 days)", 10 * DAY),
        ("cron(0 3 * * ? *)", DAY),
        ("cron(30 3 ? * * *)", DAY),
        ("cron(0 0/6 * * ? *)", 6 * HOUR),
        ("cron(0 */6 * * ? *)", 6 * HOUR),
        ("cron(0/15 * * * ? *)", 15 * 60),
        ("cron(0 8-18/5 * * ? *)", 14 * HOUR),
        ("cron(0 1,4 * * ? *)", 21 * HOUR),
        ("cron(0 3 ? * SUN *)", 7 * DAY),
        ("cron(0 3 ? * 1 *)", 7 * DAY),
        ("cron(0 3 ? * MON-FRI *)", 3 * DAY),
        ("cron(0 3 ? * fri-mon *)", 4 * DAY),
        ("cron(0 3 ? * L *)", 7 * DAY),
        ("cron(0 3 1 * ? *)", 31 * DAY),
        ("cron(0 3 1,15 * ? *)", 17 * DAY),
        ("cron(0 3 L * ? *)", 31 * DAY),
        ("cron(0 3 31 * ? *)", 61 * DAY),
        ("cron(0 3 1W * ? *)", 33 * DAY),
        ("cron(0 3 LW * ? *)", 33 * DAY),
        ("cron(0 3 ? * 2#1 *)", 35 * DAY),
        ("cron(0 3 ? * 6L *)", 35 * DAY),
        ("cron(0 3 1 JAN-JUN ? *)", 214 * DAY),
        ("cron(0 3 1 1 ? *)", 366 * DAY),
        ("cron(0 3 29 2 ? *)", (4 * 365 + 1) * DAY),
        ("cron(0 3 1 1 ? 1971/2)", 731 * DAY),
    ],
)
def test_the_longest_time_between_two_runs(expression: str, seconds: int) -> None:
    assert longest_gap_seconds(expression) == seconds


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("rate(0 days)", "neither rate"),
        ("rate(1 week)", "neither rate"),
        ("rate(1２ hours)", "of another alphabet"),  # noqa: RUF001
        ("cron(0 ３ * * ? *)", "of another alphabet"),  # noqa: RUF001
        ("at(2026-01-01T00:00:00)", "neither rate"),
        ("cron(0 3 * * ?)", "it has 5 fields, not 6"),
        ("cron(0 3 * * * *)", "one of day of month and day of week"),
        ("cron(0 3 ? * ? *)", "one of day of month and day of week"),
        ("cron(0 3 ? * 8 *)", "8 is not understood"),
        ("cron(0 24 * * ? *)", "24 is not understood"),
        ("cron(0 3 1X * ? *)", "1X is not understood"),
        ("cron(0 3 1+ * ? *)", "1\\+ is not understood"),
        ("cron(0/0 3 1 * ? *)", "has no step"),
        ("cron(0 3 30 2 ? *)", "it never fires"),
        ("cron(0 3 * * ? 2026)", "it ends in 2026"),
    ],
)
def test_what_is_no_schedule(expression: str, why: str) -> None:
    with pytest.raises(ScheduleError, match=why):
        longest_gap_seconds(expression)
