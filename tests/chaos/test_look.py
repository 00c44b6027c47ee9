"""Who is a stranger in a pool after a run, and what is believed to be left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from local.demo.compare import SeenUser
from tests.chaos.look import at_rest, strangers


def _user(name: str) -> SeenUser:
    return SeenUser(name, True, "CONFIRMED", {"sub": name}, frozenset())


def test_the_canary_of_a_long_run_is_no_stranger() -> None:
    users = {"a": _user("ada"), "b": _user("standby-canary"), "c": _user("somebody")}
    assert strangers(users, {"a"}) == ["c"]


def _told(*looks: list[str]) -> Iterator[list[str]]:
    """One after the other, and the last one for ever."""
    yield from looks
    while True:
        yield looks[-1]


def test_what_a_schedule_began_is_not_believed_to_be_left() -> None:
    looks = _told(["the canary differs"], ["the canary differs"], [])
    runs = _told(["a sync_user RUNNING"], ["a sync_user SUCCEEDED"])
    assert at_rest(lambda: next(looks), lambda: Counter(next(runs)), 0) == []


def test_what_begins_between_two_looks_is_waited_for() -> None:
    numbers, looks = iter(range(9)), _told(*[["differs"]] * 9, [])
    ended = "a sync_user SUCCEEDED"
    began = lambda: Counter({ended: next(numbers, 9)})  # noqa: E731
    assert at_rest(lambda: next(looks), began, 0) == []


def test_what_stays_while_nothing_works_is_left() -> None:
    looks = _told(["the canary differs"], ["somebody differs"])
    assert at_rest(lambda: next(looks), Counter[str], 0) == ["somebody differs"]
