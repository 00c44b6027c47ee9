"""The bounds in which deleted users are purged and their tombstones stripped."""

from __future__ import annotations

from dataclasses import replace

from tests.property.bounds.sync import ANN, gone, named
from tests.property.people import Op
from tests.property.states import Bounds


def purge(region: int = 1) -> Op:
    """The grace period of Ann has ended, in one Region."""
    return Op(region, "purge", "ann")


def strip(region: int) -> Op:
    """Tombstones of Ann are old enough, in one Region."""
    return Op(region, "strip", "ann")


LET_IN = Op(1, "enable", "ann")
DELETED = (ANN, gone())
BURIED = (*DELETED, purge())
RETIRED = (*BURIED, strip(0), strip(1))

PURGE, STRIP = ("purge",), ("strip",)
AGAIN = Bounds(
    "purge, changed and let in again after failover",
    ((named("v1", 1),), (LET_IN,)),
    DELETED,
    chores=1,
    tidy=PURGE,
    claims=1,
    strays=1,
)
OF_THE_LIVING = Bounds(
    "purge of the living",
    ((gone(), Op(0, "disable", "ann")), (LET_IN, Op(0, "enable", "ann"))),
    (ANN,),
    chores=1,
    tidy=PURGE,
    strays=1,
)
ANY_TIME = Bounds("deletion, purge and strip at any time", ((gone(),),), (ANN,), chores=2)
TO_THE_END = Bounds(
    "strip to the end, a late duplicate", (), BURIED, chores=4, tidy=STRIP, visits=1
)
UNPURGED = Bounds("strip before the purge", (), DELETED, chores=4, tidy=STRIP)
LAST = Bounds("the last strips, a fault", (), RETIRED, chores=2, tidy=STRIP, visits=1, faults=1)

HOUSEWORK = [
    Bounds("purge, two faults", (), DELETED, chores=1, tidy=PURGE, faults=2),
    AGAIN,
    OF_THE_LIVING,
    ANY_TIME,
    Bounds("strip, two chores, two faults", (), BURIED, chores=2, tidy=STRIP, faults=2),
    TO_THE_END,
    LAST,
    UNPURGED,
    Bounds("strip and purge in any order, a fault", (), DELETED, chores=3, faults=1),
    Bounds("strip, failover", (), BURIED, chores=3, tidy=STRIP, claims=1),
]
"""Complete within seconds each; they run in every test run."""

DEEP_HOUSEWORK = [
    replace(AGAIN, name="purge, let in again, a fault", faults=1),
    Bounds(
        "purge twice, changed while deleted, failover",
        ((named("v1", 1), LET_IN),),
        DELETED,
        chores=2,
        tidy=PURGE,
        claims=1,
        strays=1,
    ),
    replace(AGAIN, name="strip, let in again", chores=3, tidy=STRIP),
    Bounds("strip, a partition", ((gone(),),), (ANN,), chores=3, partitions=1, claims=1),
]
