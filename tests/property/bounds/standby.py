"""The bounds in which people are changed in the pool of a Region that stands by, or in one that
was cut off when the other claimed."""

from __future__ import annotations

from dataclasses import replace

from tests.property.actors import FAULTS
from tests.property.bounds.sync import (
    ANN,
    BEN,
    CHAIN,
    GROUP,
    JOIN,
    email,
    gone,
    named,
    swap,
)
from tests.property.people import Op
from tests.property.states import Bounds

HOME = Op(1, "sign up", "ann", "ann@x.org")
"""Ann is first met in the standby, whose record of her is then the only one."""


def _strays(value: str, region: int) -> tuple[Op, ...]:
    return (
        named(value, region),
        gone(region),
        Op(region, "set and disable", "ann", value),
    )


THERE, HERE = _strays("s", 1), _strays("s", 0)
"""Changes in the backup, and in the primary."""

OLD_ACTIVE = Bounds(
    "a stray in the old active Region, a fault",
    (HERE,),
    (ANN,),
    strays=1,
    claims=1,
    faults=1,
    kinds=("lost",),
)
BORN_THERE = Bounds("a stray of one born there", (THERE,), (HOME,), strays=1, claims=1, faults=1)
UNSEEN = Bounds(
    "strays that looks do not find",
    ((*THERE, email("ann", "free@x.org", 1)),),
    (HOME,),
    strays=1,
    faults=3,
    kinds=("blind",),
    fine=True,
)
CUT_OFF = Bounds("changes of one who is cut off", (HERE,), (ANN,), strays=1, claims=1, partitions=1)
BOTH_SIDES = Bounds(
    "changes on both sides of a partition",
    ((named("v1"), gone()), (named("w1", 1),)),
    (ANN,),
    claims=1,
    partitions=1,
)
LEAVES = Bounds(
    "a group is left in the standby",
    ((Op(1, "leave", "ann", "g"), Op(0, "leave", "ann", "g")),),
    (ANN, GROUP, JOIN),
    strays=1,
    claims=1,
    faults=1,
    at=frozenset({"put", "join_group", "note_intent", "note_conflict"}),
)
STRANGER = Bounds("a sign-up in the standby", ((HOME,),), strays=1, claims=1, faults=1)

LATE_SWAP = Bounds("a swap that comes late", (), (ANN, BEN), prelude=swap(), claims=1)
HOLDER = Bounds(
    "a stray holds an address",
    ((email("ann", "free@x.org", 1),),),
    (ANN, BEN),
    prelude=CHAIN[:1],
    strays=1,
)

STANDBY = [OLD_ACTIVE, BORN_THERE, UNSEEN, CUT_OFF, LEAVES, STRANGER, HOLDER]
"""Complete within seconds each; they run in every test run."""

DEEP_STANDBY = [
    replace(OLD_ACTIVE, name="a stray in the old active Region, any fault", kinds=FAULTS),
    BOTH_SIDES,
    LATE_SWAP,
    Bounds(
        "a stray, containment, failover",
        (THERE,),
        (HOME,),
        contain=True,
        strays=1,
        claims=1,
        faults=1,
    ),
    Bounds("a stray and a change, failover", (HERE, (named("w1", 1),)), (ANN,), strays=1, claims=1),
    Bounds("a stray, failover and failback", (HERE,), (ANN,), strays=1, claims=2, faults=1),
    Bounds(
        "two strays, failover",
        (THERE, (named("t", 1), gone(1), Op(1, "enable", "ann"))),
        (HOME,),
        strays=2,
        claims=1,
    ),
]
