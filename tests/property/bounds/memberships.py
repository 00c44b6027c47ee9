"""The bounds in which memberships change while something is replayed: here, there, and both."""

from __future__ import annotations

from tests.property.bounds.sync import ANN, GROUP, JOIN, named
from tests.property.people import Op
from tests.property.states import Bounds

JOIN_THERE, LEAVE_THERE = (Op(1, verb, "ann", "g") for verb in ("join", "leave"))
LEAVE = Op(0, "leave", "ann", "g")

ACTIVE = Bounds(
    "joined in the active pool under a replay",
    ((JOIN_THERE,),),
    (ANN, GROUP),
    prelude=(named("v1"),),
    claims=1,
)
STANDBY = Bounds(
    "joined in a standby under a replay, a fault",
    ((JOIN_THERE,),),
    (ANN, GROUP),
    prelude=(named("v1"),),
    strays=1,
    faults=1,
    kinds=("lost",),
    at=frozenset({"set_attributes", "join_group", "leave_group"}),
)
LEFT = Bounds(
    "left under a replay, failover",
    ((LEAVE_THERE,),),
    (ANN, GROUP, JOIN),
    prelude=(named("v1"),),
    strays=1,
    claims=1,
)
BOTH = Bounds(
    "profile and membership come, and the membership moves",
    ((JOIN_THERE, LEAVE_THERE),),
    (ANN, GROUP),
    prelude=(named("v1"), JOIN),
    strays=1,
    newest=True,
)
AWAY = Bounds(
    "profile and departure come, and the profile moves",
    ((named("w1", 1),),),
    (ANN, GROUP, JOIN),
    prelude=(named("v1"), LEAVE),
    claims=1,
    newest=True,
)

MEMBERSHIPS = [ACTIVE, STANDBY, LEFT, BOTH, AWAY]
"""Complete within seconds each; they run in every test run."""
