"""Who is a stranger in a pool after a run."""

from __future__ import annotations

from local.demo.compare import SeenUser
from tests.chaos.look import strangers


def _user(name: str) -> SeenUser:
    return SeenUser(name, True, "CONFIRMED", {"sub": name}, frozenset())


def test_the_canary_of_a_long_run_is_no_stranger() -> None:
    users = {"a": _user("ada"), "b": _user("standby-canary"), "c": _user("somebody")}
    assert strangers(users, {"a"}) == ["c"]
