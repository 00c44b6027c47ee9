"""Every state within small bounds: nothing wrong, and always a way to rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.property.bounds.sync import ANN, QUICK, fine, gone, named, named_bounds
from tests.property.explore import explore
from tests.property.proofs import all_is_well
from tests.property.states import Bounds

_SECONDS = 60


@pytest.mark.parametrize("bounds", QUICK, ids=lambda bounds: bounds.name)
def test_all_is_well_within(bounds: Bounds) -> None:
    all_is_well(bounds)


@pytest.mark.parametrize(
    "name",
    [
        *("recovery after failover", "containment of a sign-up", "sign-up, failover, a fault"),
        *("a change, failover, a late duplicate", "address used again"),
    ],
)
def test_merging_calls_that_commute_hides_nothing(name: str) -> None:
    bounds = named_bounds(name)
    merged, single = explore(bounds), explore(fine(bounds))
    assert single.finding is None
    assert single.complete
    assert single.states > merged.states
    assert single.outcomes == merged.outcomes


BEYOND = [
    Bounds(
        "a call that outlives its lease",
        (),
        (ANN,),
        prelude=(named("v1"), named("v2")),
        faults=1,
        kinds=("ghost",),
        expiries=1,
        late=frozenset({"set_attributes"}),
        claims=1,
    ),
    # A Region that was active before claims again without a drain.
    Bounds(
        "failback without a drain",
        ((named("w1", 1),), (named("v2"), gone())),
        (ANN,),
        claims=2,
        drain=False,
    ),
]


@pytest.mark.parametrize("bounds", BEYOND, ids=lambda bounds: bounds.name)
def test_what_is_assumed_is_needed(bounds: Bounds) -> None:
    assert explore(bounds, seconds=_SECONDS, deep=True).finding is not None
    assert explore(replace(bounds, late=frozenset(), drain=True), seconds=_SECONDS).finding is None
