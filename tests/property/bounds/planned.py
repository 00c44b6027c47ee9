"""The bounds of planned failovers."""

from __future__ import annotations

from dataclasses import replace

from tests.property.bounds.sync import ANN, BEN, anything, named
from tests.property.people import Op
from tests.property.states import Bounds

EITHER = (named("v1"), named("w1", 1))
TRAFFIC = Bounds(
    "changes wherever the door is open, planned failover",
    (EITHER, (named("v2"), named("w2", 1))),
    (ANN,),
    planned=1,
)
FENCED = Bounds(
    "a planned failover behind the fence", (anything("v1"),), (ANN,), planned=1, strays=1
)
"""Both people and operators act at any time; the fence alone decides who gets in where."""

PLANNED = [
    TRAFFIC,
    FENCED,
    Bounds("a sign-up, planned failover", ((BEN, BEN._replace(region=1)),), planned=1),
    replace(FENCED, name="a change, there and back by plan", planned=2),
    Bounds("a change, planned failover, an abort", (EITHER,), (ANN,), planned=1, aborts=1),
    Bounds("a change, planned failover, a fault", (EITHER,), (ANN,), planned=1, faults=1),
    Bounds("a change, by plan against an outage", (EITHER,), (ANN,), planned=1, claims=1),
]
"""Complete within seconds each; they run in every test run."""

DEEP_PLANNED = [
    replace(FENCED, name="a planned failover behind the fence, a fault", faults=1),
    replace(
        FENCED,
        name="a planned failover behind the fence, two changes",
        script=((*anything("v1"), Op(0, "sign up", "ben", "ben@x.org")), anything("w1")),
        strays=2,
    ),
]
