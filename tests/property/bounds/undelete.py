"""The bounds in which somebody deleted is undeleted, with tombstones that are late or marked."""

from __future__ import annotations

from dataclasses import replace

from tests.property.bounds.housework import BURIED, DELETED, LET_IN, RETIRED, strip
from tests.property.bounds.sync import ANN, gone
from tests.property.states import Bounds

UNDELETE = ("undelete",)

ALONE = Bounds("undelete, a fault", (), DELETED, chores=1, tidy=UNDELETE, faults=1)
FROM_AFAR = Bounds("undelete after a failover", (), DELETED, chores=1, tidy=UNDELETE, claims=1)
FOREIGN = Bounds(
    "undelete, the own one stripped", (), (*RETIRED, strip(0)), chores=1, tidy=UNDELETE
)
LATE = Bounds(
    "undelete, marked and stripped meanwhile",
    (),
    RETIRED,
    chores=2,
    tidy=(*UNDELETE, "strip"),
    workers=2,
)
UNDELETING = [
    ALONE,
    FROM_AFAR,
    LATE,
    FOREIGN,
    Bounds("undelete, a late duplicate", (), BURIED, chores=1, tidy=UNDELETE, visits=1),
    Bounds("undelete while the deletion is late", ((gone(),),), (ANN,), chores=1, tidy=UNDELETE),
]
"""Complete within seconds each; they run in every test run."""

DEEP_UNDELETE = [
    Bounds(
        "undelete, purged meanwhile, a fault",
        *((), DELETED),
        chores=2,
        tidy=(*UNDELETE, "purge"),
        faults=1,
    ),
    replace(FROM_AFAR, name="undelete, let in again, failover", script=((LET_IN,),), strays=1),
    replace(ALONE, name="undelete twice, a fault", chores=2),
    replace(FROM_AFAR, name="undelete after a failover, a fault", faults=1),
    replace(LATE, name="undelete, stripped meanwhile, failover", claims=1),
]
