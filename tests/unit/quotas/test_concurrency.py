"""Lambda's concurrency: shared, reserved, refused."""

import pytest

from local.quotas.concurrency import Concurrency, Limit, refused_reservation


def test_what_is_not_reserved_is_shared() -> None:
    at = Concurrency(10)
    assert [at.enter("a", {}) for _ in range(6)] == [None] * 6
    assert [at.enter("b", {}) for _ in range(5)] == [None] * 4 + [Limit.ACCOUNT]
    at.leave("a")
    assert at.enter("b", {}) is None
    assert (at.peak, at.peaks["a"], at.peaks["b"]) == (10, 6, 5)


def test_a_reservation_is_a_floor_and_a_cap() -> None:
    at, reserved = Concurrency(110), {"trigger": 10}
    assert [at.enter("hog", reserved) for _ in range(101)] == [None] * 100 + [Limit.ACCOUNT]
    assert [at.enter("trigger", reserved) for _ in range(11)] == [None] * 10 + [Limit.FUNCTION]
    assert at.peak == 110


@pytest.mark.parametrize(
    ("limit", "others", "wanted", "least"),
    [(1000, 0, 901, 100), (1000, 500, 401, 100), (10, 0, 1, 10), (50, 0, 1, 50), (100, 0, 1, 100)],
)
def test_the_account_keeps_its_least(limit: int, others: int, wanted: int, least: int) -> None:
    told = refused_reservation(limit, others, wanted)
    assert told.endswith(f"UnreservedConcurrentExecution below its minimum value of [{least}].")
    assert not refused_reservation(limit, others, wanted - 1)


def test_nothing_can_always_be_reserved() -> None:
    assert not refused_reservation(10, 0, 0)
