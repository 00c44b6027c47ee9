"""Times as people see them: UTC, to the second; and what is shown can be typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cognito_standby.core.domain.moments import moment_in, utc, utc_after
from cognito_standby.operator.domain.timespan import moment_of
from cognito_standby.recovery.domain.past_tables import OpenStep, Window, new_opening
from cognito_standby.recovery.domain.restore_request import utc_time

AT = datetime(2026, 11, 29, 18, 0, 7, 123456, tzinfo=UTC)
SHOWN = "2026-11-29 18:00:07 UTC"


@pytest.mark.parametrize(
    "moment",
    [
        AT,
        AT.astimezone(timezone(timedelta(hours=2))),
        "2026-11-29T18:00:07.123456+00:00",
        "2026-11-29T20:00:07.123+02:00",
        "2026-11-29T18:00:07Z",
        "2026-11-29 18:00:07",
        SHOWN,
    ],
)
def test_it_is_told_in_utc_and_to_the_second(moment: datetime | str) -> None:
    assert utc(moment) == SHOWN


@pytest.mark.parametrize("text", ["", "yesterday", "0001-01-01T00:00:00+02:00"])
def test_what_is_no_time_is_shown_as_it_is(text: str) -> None:
    assert utc(text) == text and moment_in(text) is None


def test_what_is_shown_can_be_typed() -> None:
    whole = AT.replace(microsecond=0)
    assert utc_time(SHOWN) == whole.isoformat()
    assert moment_of(SHOWN, AT) == whole


def test_the_earliest_time_that_is_named_is_one_that_is_taken() -> None:
    """A window begins at a fraction of a second, and nobody has to type one."""
    window = Window(AT, AT + timedelta(days=1))
    refused = new_opening(window, AT.replace(microsecond=0), AT + timedelta(days=1))
    assert refused.step is OpenStep.REFUSE
    assert refused.reason == "before 2026-11-29 18:00:08 UTC nothing is kept"
    named = datetime.fromisoformat(utc_time(refused.reason.split("before ")[1][: len(SHOWN)]))
    assert new_opening(window, named, AT + timedelta(days=1)).step is OpenStep.START
    assert utc_after(AT.replace(microsecond=0)) == SHOWN
