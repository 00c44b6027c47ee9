"""Buckets and machines' transitions, with a clock that the test turns."""

from local.quotas.account import AccountQuotas, Place, starts, transitions
from local.quotas.buckets import Bucket, Daily
from local.quotas.counts import Counts
from local.quotas.machines import STARTS, TRANSITIONS, Machines


def test_a_bucket_is_deep_once_and_then_as_fast_as_its_rate() -> None:
    bucket = Bucket(10, 2)
    assert sum(bucket.take(0) for _ in range(20)) == 10
    assert sum(bucket.take(1) for _ in range(20)) == 2
    assert sum(bucket.take(100) for _ in range(20)) == 10


def test_credit_is_waited_for() -> None:
    bucket = Bucket(1, 2)
    assert [bucket.wait(0) for _ in range(4)] == [0, 0.5, 1.0, 1.5]


def test_a_day_ends() -> None:
    day = Daily(50)
    assert sum(day.take(86399) for _ in range(60)) == 50
    day.give_back()
    assert day.take(86399)
    assert sum(day.take(86400) for _ in range(60)) == 50


def test_starts_are_refused_and_transitions_wait() -> None:
    now = [0.0]
    slept: list[float] = []
    counts, here = Counts(), Place("1", "eu-central-1")
    machines = Machines(AccountQuotas(), counts, lambda: now[0], slept.append)
    size = int(starts("eu-central-1").size)
    assert sum(machines.may_start(here, "sync") for _ in range(1000)) == size
    for there in (Place("1", "us-west-2"), Place("2", "eu-central-1")):
        assert machines.may_start(there, "sync"), "another Region has its own, another account too"
    now[0] = 1.0
    assert sum(machines.may_start(here, "sync") for _ in range(1000)) == 150

    deep = transitions("eu-central-1")
    for _ in range(int(deep.size) + 1):
        machines.pass_on(here, "sync")
    assert slept == [1 / deep.rate]
    told = {(e["quota"], e["region"]): e["refused"] for e in counts.state()["calls"]}
    assert told[TRANSITIONS, "eu-central-1"] == 1
    assert told[STARTS, "eu-central-1"] == 2000 - size - 150
