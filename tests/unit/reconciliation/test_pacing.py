"""A worker spends its share evenly, slows down when refused, and comes back."""

from __future__ import annotations

import pytest

from cognito_standby.reconciliation.adapters.pacing import SharePacer, shares


class Time:
    """Virtual seconds."""

    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def pacer(time: Time, rates: dict[str, float], seconds: float = 1000.0) -> SharePacer:
    return SharePacer(rates, deadline=time.now + seconds, now=lambda: time.now, sleep=time.sleep)


def seconds_of(time: Time, one: SharePacer, calls: int, category: str = "UserList") -> float:
    begin = time.now
    for _ in range(calls):
        one.wait(category)
    return time.now - begin


def test_the_rate_is_kept() -> None:
    time = Time()
    assert seconds_of(time, pacer(time, {"UserList": 5}), 101) == pytest.approx(20)


def test_idle_time_is_not_saved_up() -> None:
    time = Time()
    one = pacer(time, {"UserList": 5})
    time.now += 60
    assert seconds_of(time, one, 101) == pytest.approx(20)


def test_categories_are_spent_apart_and_unknown_ones_freely() -> None:
    time = Time()
    one = pacer(time, {"UserList": 1, "UserRead": 1})
    for _ in range(3):
        one.wait("UserList")
        one.wait("UserRead")
        one.wait("UserPoolRead")
    assert time.now == pytest.approx(102)


def test_a_refusal_halves_the_rate_and_time_restores_it() -> None:
    time = Time()
    one = pacer(time, {"UserList": 8})
    one.throttled("UserList")
    assert seconds_of(time, one, 8) == pytest.approx(2)
    time.now += 60
    assert seconds_of(time, one, 81) == pytest.approx(10)


def test_refusals_slow_a_worker_to_a_sixteenth_and_no_further() -> None:
    time = Time()
    one = pacer(time, {"UserList": 16})
    for _ in range(50):
        one.throttled("UserList")
    assert seconds_of(time, one, 2) == pytest.approx(2)


def test_a_slow_worker_still_sees_its_deadline() -> None:
    time = Time()
    one = pacer(time, {"UserList": 0.2})
    for _ in range(9):
        one.throttled("UserList")
    assert seconds_of(time, one, 1) == pytest.approx(10)


def test_the_time_left() -> None:
    time = Time()
    one = pacer(time, {}, seconds=30)
    time.now += 10
    assert one.remaining_seconds() == pytest.approx(20)
    time.now += 40
    assert one.remaining_seconds() == 0


def test_a_share_is_divided() -> None:
    assert shares({"UserList": 30, "UserRead": 120}, 0.5, 10) == {"UserList": 1.5, "UserRead": 6}
    assert shares({"UserList": 30}, 1, 0) == {"UserList": 30}
