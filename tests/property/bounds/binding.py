"""The bounds in which somebody comes through a provider, in one pool after the other."""

from __future__ import annotations

from dataclasses import replace

from tests.property.actors import FAULTS
from tests.property.bounds.sync import GROUP, JOIN, gone, named
from tests.property.people import COMES, Op
from tests.property.states import Bounds

AT_HOME, THERE = (Op(region, COMES, "ann", "ann@x.org") for region in (0, 1))

FIRST = Bounds(
    "comes in the standby, a fault",
    ((THERE,),),
    (AT_HOME, GROUP, JOIN),
    strays=1,
    faults=1,
    kinds=("lost", "crash"),
)
FAILED_OVER = Bounds(
    "comes after a failover, and is visited", ((THERE,),), (AT_HOME,), strays=1, claims=1, visits=1
)
CHANGED = Bounds(
    "comes, and is changed at home", ((THERE,), (named("v1"), gone())), (AT_HOME,), strays=1
)
BINDING = [FIRST, FAILED_OVER, CHANGED]
"""Complete within seconds each; they run in every test run."""

DEEP_BINDING = [
    replace(FIRST, name="comes in the standby, any fault", kinds=FAULTS, claims=1),
    replace(CHANGED, name="comes, is changed at home, failover", claims=1),
]
