"""The bounds that are explored, by name.

QUICK ones are complete within seconds each and run in every test run; DEEP ones are for
`python -m tests.property.prove`.
"""

from __future__ import annotations

from dataclasses import replace

from tests.property.people import Op
from tests.property.states import Bounds
from tests.property.world import email_pool, username_pool
from tests.twins.pool.config import AttributeSpec

ANN, BEN, CYD = (Op(0, "sign up", name, f"{name}@x.org") for name in ("ann", "ben", "cyd"))
GROUP = Op(0, "create group", "", "g")
SILENT_GROUP = Op(0, "create group silently", "", "g")
JOIN = Op(0, "join", "ann", "g")


def email(person: str, address: str, region: int = 0) -> Op:
    """Somebody takes another address."""
    return Op(region, "email", person, address)


def typed(address: str, region: int = 0) -> Op:
    """Ann takes another address, which nobody has verified."""
    return Op(region, "unverified email", "ann", address)


def named(value: str, region: int = 0) -> Op:
    """Ann changes her name."""
    return Op(region, "set", "ann", value)


def gone(region: int = 0, person: str = "ann") -> Op:
    """Somebody deletes their account."""
    return Op(region, "delete", person)


def anything(value: str) -> tuple[Op, ...]:
    """Ann changes her name or deletes herself, in either Region."""
    return named(value), gone(), named(value, 1), gone(1)


def swap(ann_wants: str = "ben@x.org", ben_wants: str = "ann@x.org") -> tuple[Op, ...]:
    """Ann and Ben exchange addresses."""
    return email("ben", "free@x.org"), email("ann", ann_wants), email("ben", ben_wants)


CHAIN = (email("ben", "free@x.org"), email("ann", "ben@x.org"))
ROTATION = (
    email("cyd", "free@x.org"),
    email("ben", "cyd@x.org"),
    email("ann", "ben@x.org"),
    email("cyd", "ann@x.org"),
)
REUSE = (gone(), Op(0, "sign up", "ben", "ann@x.org"))
TWO_PARTS = (named("v1"), Op(0, "disable", "ann"))
TEAM = {"custom:team": AttributeSpec()}

QUICK = [
    Bounds("half a replay, failover", (), (ANN,), prelude=TWO_PARTS, claims=1, faults=1),
    Bounds("sign-up, two faults", ((ANN,),), faults=2),
    Bounds("sign-up, failover, a fault", ((ANN,),), faults=1, claims=1),
    Bounds("sign-up and deletion", ((ANN,), (gone(),)), faults=1),
    Bounds("a change, failover, a fault", (anything("v1"),), setup=(ANN,), claims=1, faults=1),
    Bounds("a change, failover, a lost lease", (anything("v1"),), (ANN,), claims=1, expiries=1),
    Bounds("a change, failover, a late duplicate", (anything("v1"),), (ANN,), claims=1, visits=1),
    Bounds("sign-up, failover, a visit", ((ANN,),), claims=1, visits=1),
    Bounds("a stray change, failover, a fault", (anything("v1"),), (ANN,), strays=1, faults=1),
    Bounds(
        "a stray change, failover, a visit", (anything("v1"),), (ANN,), strays=1, claims=1, visits=1
    ),
    Bounds(
        "disabled and enabled, a fault",
        ((TWO_PARTS[1],), (Op(0, "enable", "ann"),)),
        (ANN,),
        faults=1,
    ),
    Bounds(
        "recovery after failover",
        ((Op(1, "recover", "ann"),), (named("v1", 1), named("v2"))),
        (ANN,),
        claims=1,
    ),
    Bounds(
        "a membership, a fault",
        ((JOIN,),),
        (ANN, GROUP),
        faults=1,
        at=frozenset({"put", "join_group"}),
    ),
    Bounds(
        "a field that the standby cannot hold",
        ((named("v1", 1), named("v2")),),
        (ANN, Op(0, "set", "ann", "red", "custom:team")),
        claims=1,
        faults=1,
        pool=email_pool(attributes=TEAM),
        backup_pool=email_pool(),
    ),
    Bounds(
        "first seen disabled, failover, a fault",
        (),
        prelude=(ANN, TWO_PARTS[1]),
        claims=1,
        faults=1,
    ),
    Bounds("two arrivals, failover", (), (ANN,), prelude=(named("v1"), named("v2")), claims=1),
    Bounds(
        "a put that outlives its lease",
        ((named("v1"),), (named("v2"),)),
        (ANN,),
        faults=1,
        kinds=("ghost",),
        at=frozenset({"put"}),
        expiries=1,
        late=frozenset({"put"}),
    ),
    Bounds(
        "a redrive right after a stop",
        (anything("w1"),),
        (ANN,),
        prelude=(named("v1"), named("v2")),
        faults=1,
        kinds=("ghost",),
    ),
    Bounds(
        "an invocation without an answer",
        (anything("w1"),),
        (ANN,),
        prelude=(named("v1"), named("v2")),
        faults=1,
        kinds=("unsure",),
    ),
    Bounds(
        "containment right after a stop",
        (),
        (ANN,),
        prelude=TWO_PARTS,
        faults=1,
        kinds=("ghost",),
        contain=True,
        claims=1,
    ),
    Bounds(
        "looks that find nobody", ((named("v1"),),), (ANN,), faults=3, kinds=("blind",), fine=True
    ),
    Bounds("deleted after a stray change", ((gone(),),), (ANN, named("s", 1)), faults=1),
    Bounds("chain of addresses, a fault", (), (ANN, BEN), prelude=CHAIN, faults=1),
    Bounds("swap of addresses", (), (ANN, BEN), prelude=swap()),
    Bounds("newest of a swap of addresses", (), (ANN, BEN), prelude=swap(), newest=True),
    Bounds("address used again", (), (ANN,), prelude=REUSE),
    Bounds("alias used again", (), (ANN,), prelude=REUSE, pool=username_pool()),
    Bounds(
        "username used again",
        (),
        (ANN,),
        prelude=(gone(), Op(0, "sign up", "ben", "ben@x.org", "ann")),
        pool=username_pool(),
    ),
    Bounds("containment of a sign-up", ((ANN,),), faults=1, contain=True),
    Bounds(
        "containment between unverified addresses",
        (),
        (ANN, typed("old@x.org")),
        prelude=(typed("new@x.org"),),
        faults=1,
        contain=True,
    ),
    Bounds(
        "containment where an update has to be verified first",
        (),
        (ANN, typed("old@x.org")),
        prelude=(typed("new@x.org"),),
        faults=1,
        contain=True,
        backup_pool=email_pool(verify_before_update=("email",)),
    ),
    Bounds("containment of a change", (anything("v1"),), (ANN,), faults=1, strays=1, contain=True),
]

DEEP = [
    Bounds(
        "half a replay, failover, a fault",
        ((named("w1", 1),),),
        (ANN,),
        prelude=TWO_PARTS,
        claims=1,
        faults=1,
    ),
    Bounds(
        "a losing change, failover, a fault",
        ((Op(1, "set and disable", "ann", "s"),),),
        (ANN,),
        prelude=(named("v1"),),
        strays=1,
        claims=1,
        faults=1,
    ),
    Bounds(
        "containment of half a replay twice",
        (),
        (ANN,),
        prelude=(*TWO_PARTS, named("v2")),
        claims=1,
        faults=2,
        kinds=("crash",),
        at=frozenset({"set_attributes", "set_enabled"}),
        contain=True,
    ),
    Bounds("two changes, failover", (anything("v1"), anything("v2")), (ANN,), claims=1),
    Bounds(
        "two changes, failover and failback", (anything("v1"), anything("v2")), (ANN,), claims=2
    ),
    Bounds(
        "two changes, failover, a stray",
        (anything("v1"), anything("v2")),
        (ANN,),
        claims=1,
        strays=1,
    ),
    Bounds(
        "two changes, failover, a partition",
        (anything("v1"), anything("v2")),
        (ANN,),
        claims=1,
        partitions=1,
    ),
    Bounds(
        "two changes, failover, a fault",
        (anything("v1"), anything("v2")),
        (ANN,),
        claims=1,
        faults=1,
    ),
    Bounds("sign-up, failover and failback, two faults", ((ANN,),), claims=2, faults=2),
    Bounds("swap of addresses, a fault", (), (ANN, BEN), prelude=swap(), faults=1),
    Bounds("rotation of addresses", (), (ANN, BEN, CYD), prelude=ROTATION, workers=3, newest=True),
    Bounds("address used again, failover, a fault", (), (ANN,), prelude=REUSE, claims=1, faults=1),
    Bounds("membership, any fault", ((JOIN,),), (ANN, SILENT_GROUP), faults=1),
    Bounds("containment, failover", (anything("v1"),), (ANN,), faults=1, claims=1, contain=True),
    Bounds(
        "containment of half a replay",
        (),
        (ANN,),
        prelude=TWO_PARTS,
        faults=2,
        claims=1,
        contain=True,
    ),
    Bounds("containment of a chain", (), (ANN, BEN), prelude=CHAIN, faults=1, contain=True),
]


def named_bounds(name: str) -> Bounds:
    """One of all."""
    return next(bounds for bounds in (*QUICK, *DEEP) if bounds.name == name)


def fine(bounds: Bounds) -> Bounds:
    """The same without any call being merged with the one before."""
    return replace(bounds, fine=True)
