"""The bounds in which pools and the records table are replaced or recovered."""

from __future__ import annotations

from dataclasses import replace

from tests.property.bounds.sync import ANN, gone, named
from tests.property.people import Op
from tests.property.states import Bounds


def recovery(region: int) -> tuple[Op, ...]:
    """A pool goes back to its mark, and a reconciliation looks after it."""
    return Op(region, "begin"), Op(region, "end"), Op(region, "reconcile")


MARK, MARK_STANDBY, MARK_TABLE = Op(0, "mark"), Op(1, "mark"), Op(0, "mark table")
ANOTHER_TABLE = (Op(0, "other table"), Op(0, "right table"))

TAKES_AWAY = Bounds(
    "a recovery removes somebody new", (), (MARK, ANN), doubts=recovery(0), visits=1
)
BRINGS_BACK = Bounds(
    "a recovery brings somebody deleted back",
    (),
    (ANN, MARK, gone()),
    doubts=recovery(0),
    visits=1,
)
NEW_POOL = Bounds(
    "the active pool is replaced", (), (ANN,), doubts=(Op(0, "replace pool"),), visits=1
)
NEW_STANDBY = Bounds(
    "the standby pool is replaced",
    ((named("v1"), gone()),),
    (ANN,),
    doubts=(Op(1, "replace pool"),),
)
OLD_TABLE = Bounds(
    "another table knows a deleted user",
    (),
    (ANN, MARK_TABLE, gone()),
    doubts=ANOTHER_TABLE,
)
EMPTY_TABLE = Bounds(
    "another table knows nobody", (), (MARK_TABLE, ANN), doubts=ANOTHER_TABLE, visits=1
)

DOUBTS = [
    TAKES_AWAY,
    BRINGS_BACK,
    Bounds(
        "a change while the pool is recovered", ((named("v1"),),), (ANN, MARK), doubts=recovery(0)
    ),
    Bounds(
        "a recovery is cancelled",
        ((gone(),),),
        (MARK, ANN),
        doubts=(Op(0, "begin"), Op(0, "cancel")),
    ),
    Bounds(
        "the standby pool is recovered",
        ((named("v1"), gone()),),
        (MARK_STANDBY, ANN),
        doubts=recovery(1),
    ),
    NEW_POOL,
    NEW_STANDBY,
    OLD_TABLE,
    EMPTY_TABLE,
]
"""Complete within seconds all together; they run in every test run."""

DEEP_DOUBTS = [
    replace(TAKES_AWAY, name="a recovery removes somebody new, any fault", faults=1),
    Bounds("a recovery and a deletion, at any time", ((gone(),),), (ANN, MARK), doubts=recovery(0)),
    replace(NEW_STANDBY, name="the standby pool is replaced, a fault", faults=1),
]
"""For `python -m tests.property.prove`."""
