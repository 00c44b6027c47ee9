"""The bounds of planned failovers."""

from __future__ import annotations

from tests.property.bounds.sync import ANN, BEN, anything, named
from tests.property.states import Bounds

EITHER = (named("v1"), named("w1", 1))
TRAFFIC = Bounds(
    "changes wherever the door is open, planned failover",
    (EITHER, (named("v2"), named("w2", 1))),
    (ANN,),
    planned=1,
)
PLANNED = [
    TRAFFIC,
    Bounds("a sign-up, planned failover", ((BEN, BEN._replace(region=1)),), planned=1),
    Bounds("a change, there and back by plan", (anything("v1"),), (ANN,), planned=2),
    Bounds("a change, planned failover, an abort", (EITHER,), (ANN,), planned=1, aborts=1),
    Bounds("a change, planned failover, a fault", (EITHER,), (ANN,), planned=1, faults=1),
    Bounds("a change, by plan against an outage", (EITHER,), (ANN,), planned=1, claims=1),
]
"""Complete within seconds each."""
