"""Bounds in which the explorer once found something wrong, smallest first, with what it was."""

from __future__ import annotations

import pytest

from tests.property.explore import explore
from tests.property.model import Bounds
from tests.property.people import Op

ANN = Op(0, "sign up", "ann", "ann@x.org")

FOUND = [
    # A creation that was found again after a crash was noted without its sub. The user, then
    # unfindable, looked deleted: the Region, just made active, recorded a deletion and the other
    # Region disabled a living person.
    Bounds("a found creation loses its sub", ((ANN,),), faults=1, claims=1),
]


@pytest.mark.parametrize("bounds", FOUND, ids=lambda bounds: bounds.name)
def test_stays_mended(bounds: Bounds) -> None:
    report = explore(bounds, seconds=60)
    assert report.finding is None, report
    assert report.complete, report
