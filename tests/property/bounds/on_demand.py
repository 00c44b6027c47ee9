"""The bounds in which the backup's pool is filled on demand, and people come there."""

from __future__ import annotations

from dataclasses import replace

from tests.property.bounds.sync import ANN, BEN, JOIN, anything, gone, named
from tests.property.people import Op
from tests.property.states import Bounds
from tests.property.world import username_pool

GROUP = Op(0, "create group", "", "g")
COMES = Bounds("comes after a failover", (), (ANN,), claims=1, on_demand=1)
TWICE = replace(COMES, name="comes twice", on_demand=2)
AND_BACK = replace(COMES, name="comes, failover and failback", claims=2)
SHUT_OUT = Bounds(
    "comes, shut out at home", ((Op(0, "disable", "ann"),),), (ANN,), claims=1, on_demand=1
)
DELETED = replace(SHUT_OUT, name="comes, deleted at home", script=((gone(),),))
ERASED = replace(COMES, name="comes, erased", erased=True)
OUTDATED = replace(COMES, name="comes by an older password", outdated=True)
MISNAMED = replace(COMES, name="comes by somebody else's name", setup=(ANN, BEN), misnamed=True)
ON_DEMAND = [
    COMES,
    TWICE,
    AND_BACK,
    ERASED,
    OUTDATED,
    MISNAMED,
    replace(COMES, name="comes by an alias", pool=username_pool()),
    replace(COMES, name="comes, a member", setup=(ANN, GROUP, JOIN)),
    replace(COMES, name="comes, a fault", faults=1),
    replace(TWICE, name="comes twice, a fault", faults=1),
    replace(COMES, name="comes, changed there", script=((named("w1", 1),),)),
]
"""Complete within seconds each; they run in every test run."""

FILLED = replace(COMES, name="comes, and everybody is asked for", chores=1, tidy=("fill",))
LEFT = replace(
    FILLED, name="comes, is deleted there, and is asked for", script=((gone(1),),), workers=1
)
CHANGED = replace(
    COMES, name="comes, changed by an administrator", chores=1, tidy=("admin update",), workers=1
)
WIPED = replace(CHANGED, name="comes, erased by an administrator", tidy=("admin erase",))
REMOVED = replace(CHANGED, name="comes, deleted by an administrator", tidy=("admin delete",))
ASKED = [FILLED, CHANGED]
"""An operator asks about who is awaited, while they come: complete within a second in every test
run."""
ASKED_TOO = [LEFT, WIPED, REMOVED]
"""Complete within two seconds each, in `make test-full`."""
DEEP_ASKED = [
    *(replace(each, name=f"{each.name}, a fault", faults=1) for each in (*ASKED, WIPED)),
    *(replace(each, name=f"{each.name}, a late hint", visits=1) for each in (*ASKED, WIPED)),
    *(replace(each, name=f"{each.name}, failback", claims=2) for each in (*ASKED, WIPED)),
    *(replace(each, name=f"{each.name}, two at work", workers=2) for each in (CHANGED, WIPED)),
]
"""For `prove`."""

SLOW = replace(COMES, name="comes, made after the lease", expiries=1)
"""What is assumed not to happen: Cognito waits 5 s for an answer, and a lease lasts 90."""
AGAIN = replace(TWICE, name="comes, deleted there, comes again", script=((gone(1),),))
DEEP_ON_DEMAND = [
    SHUT_OUT,
    DELETED,
    AGAIN,
    replace(COMES, name="two come", setup=(ANN, BEN), on_demand=2),
    replace(COMES, name="comes, changed meanwhile", script=(anything("v1"),)),
    replace(DELETED, name="comes, deleted at home, a late duplicate", visits=1),
    replace(AND_BACK, name="comes, changed there, failback", script=((named("w1", 1),),)),
    replace(SHUT_OUT, name="comes, shut out at home, a fault", faults=1),
    replace(
        TWICE,
        name="comes to a new pool",
        script=((named("w1", 1),),),
        doubts=(Op(1, "replace pool"),),
    ),
]
