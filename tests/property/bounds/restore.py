"""The bounds in which a restore makes somebody again whose deletion is late, or seen by nobody."""

from __future__ import annotations

from tests.property.bounds.housework import RETIRED, strip
from tests.property.bounds.sync import ANN, gone, named
from tests.property.states import Bounds

RESTORE = ("restore",)

FAULTY = Bounds(
    "restore beside a deletion, a fault", ((gone(),),), (ANN,), chores=1, tidy=RESTORE, faults=1
)
RESTORING = [
    FAULTY,
    Bounds("restore in the standby", ((gone(1),),), (ANN,), chores=1, tidy=RESTORE, strays=1),
    Bounds("restore, changed meanwhile", ((gone(), named("v1")),), (ANN,), chores=1, tidy=RESTORE),
    Bounds(
        "restore of the retired, stripped here", (), (*RETIRED, strip(0)), chores=1, tidy=RESTORE
    ),
]
"""Complete within seconds each; they run in every test run."""

LARGER = [
    Bounds("restore, failover", ((gone(),),), (ANN,), chores=1, tidy=RESTORE, claims=1),
    Bounds("restore, a late hint", ((gone(),),), (ANN,), chores=1, tidy=RESTORE, visits=1),
]
"""For `make test-full`."""
